import { z } from 'zod';
import { problemSchema } from './errors.ts';

/** How far an update is. off: this is no packaged app, or its package manager updates it. */
export const updateStateSchema = z.object({
  status: z.enum(['off', 'idle', 'checking', 'current', 'available', 'downloading', 'ready', 'waiting', 'failed']),
  /** The version that is offered. */
  version: z.string().nullable(),
  /** 0 to 1 while downloading. */
  progress: z.number().nullable(),
  /** With `waiting`: what is still in use, in words. */
  waitsFor: z.string().nullable(),
  problem: problemSchema.nullable(),
});
export type UpdateState = z.infer<typeof updateStateSchema>;

/** What only the desktop app knows: nothing about models. */
export const desktopStateSchema = z.object({
  platform: z.enum(['linux', 'darwin', 'win32']),
  version: z.string(),
  /** Whether this desktop shows a tray icon; where it shows none, closing the window must not hide Airdock for good. */
  tray: z.boolean(),
  startAtLogin: z.object({ supported: z.boolean(), on: z.boolean(), problem: problemSchema.nullable() }),
  notifications: z.object({ supported: z.boolean() }),
  updates: updateStateSchema,
  configFile: z.string(),
  logFolder: z.string(),
});
export type DesktopState = z.infer<typeof desktopStateSchema>;

export const dashboardPages = ['memory', 'models', 'activity', 'settings'] as const;

/** A place in the dashboard. */
export const showTargetSchema = z.object({
  page: z.enum(dashboardPages),
  /** An entry of the activity list to bring into sight, with its buttons. */
  activity: z.number().nullable(),
  /** A model to bring into sight. */
  model: z.string().nullable(),
});
export type ShowTarget = z.infer<typeof showTargetSchema>;
export type DashboardPage = ShowTarget['page'];
