import { z } from 'zod';

export const LEARNED_VERSION = 1;
/** More keys than anyone has models; the one recorded longest ago goes first. */
export const MAX_KEYS = 500;
export const MAX_LOADS = 5;
export const MAX_STAYS = 3;

const bytes = z.number().nonnegative();
const amount = z.strictObject({ ram: bytes, vram: z.record(z.string(), bytes) });
const durations = z.array(z.number().nonnegative()).max(MAX_LOADS);

const footprintEntry = z.strictObject({
  weights: z.string(),
  contextLength: z.number().nullable(),
  settings: z.string(),
  measured: amount.nullable(),
  /** What its server said that it takes. Files from before it was kept have none. */
  reported: amount.nullable().default(null),
  /** What it took at least when memory ran out, and when (ms since the epoch). */
  correction: z.strictObject({ atLeast: amount, at: z.number() }).nullable(),
  /** The most that it took in each of its last stays in memory, and when that was last seen, latest last. Files from before it was kept have none. */
  stays: z.array(z.strictObject({ most: amount, at: z.number() })).max(MAX_STAYS).default([]),
  /** That its estimate was wrong has been told. */
  told: z.boolean().default(false),
});

export const loadKinds = ['cold', 'warm', 'unknown'] as const;

/** Load times in ms, latest last. `reloads`: the kinds of its last loads that were not the first since Airdock's start. */
const loadEntry = z.strictObject({
  weights: z.string(),
  last: z.enum(loadKinds),
  cold: durations,
  warm: durations,
  unknown: durations,
  reloads: z.array(z.enum(loadKinds)).max(MAX_LOADS).default([]),
});

/** The context that a model was last used with, by its id. */
const contextEntry = z.strictObject({ model: z.string(), contextLength: z.number().int().positive() });

/** The file as it is on disk. Entries are in the order of their last change. */
export const learnedFileSchema = z.strictObject({
  version: z.literal(LEARNED_VERSION),
  footprints: z.array(footprintEntry).max(MAX_KEYS),
  loads: z.array(loadEntry).max(MAX_KEYS),
  /** Files from before it was kept have none. */
  contexts: z.array(contextEntry).max(MAX_KEYS).default([]),
});

export type LearnedFile = z.infer<typeof learnedFileSchema>;
export type FootprintEntry = z.infer<typeof footprintEntry>;
export type ContextEntry = z.infer<typeof contextEntry>;
export type LoadEntry = z.infer<typeof loadEntry>;
export type LoadKind = (typeof loadKinds)[number];
export type Amount = z.infer<typeof amount>;
