import { z } from 'zod';
import { activityReasonSchema } from './activity.ts';
import { problemSchema } from './errors.ts';

/** Bytes by memory pool. `vram` is keyed by device id; it is empty on machines without a GPU of their own memory. */
export const footprintSchema = z.object({
  ram: z.number().nonnegative(),
  vram: z.record(z.string(), z.number().nonnegative()),
});
export type Footprint = z.infer<typeof footprintSchema>;

/** How a footprint is known, least trusted first. `reported` is the provider's own figure, `configured` a value raised by the user. */
export const footprintSourceSchema = z.enum(['estimated', 'reported', 'configured', 'measured']);
export type FootprintSource = z.infer<typeof footprintSourceSchema>;

export const fitSchema = z.object({
  /** loaded: nothing to do · fits: now · evicts: after unloading `unload` · waits: after what is under way · short: not now · too-big: never here · blocked: not for memory's sake · online, served: nothing to load, it runs elsewhere, or its server brings it by itself */
  kind: z.enum(['loaded', 'fits', 'evicts', 'waits', 'short', 'too-big', 'blocked', 'online', 'served']),
  /** Bytes that are missing, with `short` and `too-big`. */
  missing: z.number().optional(),
  /** Ids of the models that would be unloaded. */
  unload: z.array(z.string()).optional(),
  /** What alone makes others go (with `evicts`) or stands in the way (with `blocked`), where that is no want of memory. */
  because: z.enum(['limit', 'frozen']).optional(),
});
export type Fit = z.infer<typeof fitSchema>;

/** A model that a provider could load. */
export const installedModelSchema = z.object({
  /** `<provider id>/<name at the provider>`, unique. */
  id: z.string(),
  /** Shortest name that is unambiguous among all installed models. */
  name: z.string(),
  provider: z.string(),
  /** Identity in memory: models with the same weights share a slot, a pin and leases. */
  weights: z.string(),
  /** Bytes on disk. */
  sizeBytes: z.number(),
  footprint: footprintSchema,
  footprintSource: footprintSourceSchema,
  /** Context size in tokens that a load would use; null where the provider chooses. */
  contextLength: z.number().nullable(),
  /** Largest context size that the model was trained for. */
  maxContextLength: z.number().nullable(),
  family: z.string().nullable(),
  parameterSize: z.string().nullable(),
  quantization: z.string().nullable(),
  capabilities: z.array(z.string()),
  /** Made by Airdock: random weights that answer nonsense. */
  sample: z.boolean(),
  /** It runs on somebody else's computer: what is asked of it leaves this one. */
  online: z.literal(true).optional(),
  pinned: z.boolean(),
  /** Why it cannot be loaded at all (corrupt file, disabled, …). */
  problem: problemSchema.nullable(),
  fit: fitSchema,
  /** Expected load time in ms from earlier loads, where known. */
  expectedLoadMs: z.number().nullable(),
  /** Why it last left memory, from the activity list; null: never, or too long ago. */
  lastUnload: z.object({ activity: z.number(), at: z.number(), reason: activityReasonSchema, text: z.string() }).nullable(),
});
export type InstalledModel = z.infer<typeof installedModelSchema>;

/** reserved: room is booked, others are leaving · stuck: asked to unload, not letting go */
export const loadedStateSchema = z.enum(['reserved', 'loading', 'ready', 'unloading', 'stuck']);
export type LoadedState = z.infer<typeof loadedStateSchema>;

export const leaseHolderSchema = z.object({ id: z.string(), holder: z.string(), since: z.number() });

/** A model that holds memory, or has it booked. Times are ms since the epoch, durations ms, sizes bytes. */
export const loadedModelSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Other installed names of the same weights. */
  aliases: z.array(z.string()),
  provider: z.string(),
  weights: z.string(),
  state: loadedStateSchema,
  /** What is booked for it: the larger of its footprint and what it is seen to hold. */
  ramUsed: z.number(),
  footprint: footprintSchema,
  footprintSource: footprintSourceSchema,
  /** What the OS counts for its process right now, where it can be read. */
  resident: z.object({ anon: z.number(), file: z.number() }).nullable(),
  device: z.enum(['cpu', 'gpu', 'split', 'unknown']),
  /** It ran on the GPU before the computer slept, and has run on the CPU since. */
  cpuSinceWake: z.boolean(),
  contextLength: z.number().nullable(),
  loadedAt: z.number().nullable(),
  /** End of the last known use; the load itself counts until the first use. */
  lastUsed: z.number().nullable(),
  /** Whether `lastUsed` is exact (a lease), inferred from the provider, or only the time of the load. */
  lastUsedFrom: z.enum(['lease', 'provider', 'load', 'unknown']),
  /** Ms of idleness so far; sleep does not count. */
  idleMs: z.number(),
  /** When it will be unloaded if nobody uses it; null: not by itself. */
  unloadsAt: z.number().nullable(),
  /** Who set that time: Airdock's idle timeout or the provider's own expiry. */
  unloadsBy: z.enum(['airdock', 'provider']).nullable(),
  idleTimeoutMs: z.number().nullable(),
  /** It has no time of its own: it stays until its room is wanted (idle_timeout_seconds auto). Absent: no. */
  autoIdle: z.literal(true).optional(),
  inUse: z.boolean(),
  uses: z.array(leaseHolderSchema),
  pinned: z.boolean(),
  /** Loaded by another program. */
  foreign: z.boolean(),
  loadedBy: z.string().nullable(),
  /** 0 to 1 while loading, null where the provider tells nothing. */
  progress: z.number().nullable(),
  expectedLoadMs: z.number().nullable(),
  /** Since when it is in this state. */
  since: z.number(),
  pid: z.number().nullable(),
  /** A stuck model whose process Airdock may end. */
  canEnd: z.boolean(),
});
export type LoadedModel = z.infer<typeof loadedModelSchema>;
