import { z } from 'zod';
import { activitySchema } from './activity.ts';
import { problemSchema } from './errors.ts';
import { downloadSchema } from './library.ts';
import { installedModelSchema, loadedModelSchema } from './models.ts';

export const vramDeviceSchema = z.object({ id: z.string(), name: z.string(), total: z.number(), free: z.number() });

/** The memory picture of this computer, in bytes. */
export const memoryViewSchema = z.object({
  at: z.number(),
  total: z.number(),
  /** What the machine could give models altogether: `free` + `models` where nothing is over budget. */
  capacity: z.number(),
  /** Free for models now; negative when over budget. */
  free: z.number(),
  /** Booked by models that are in memory, loading, leaving, or about to load. */
  models: z.number(),
  otherPrograms: z.number(),
  reserve: z.number(),
  /** A limit below the machine's own (cgroup, or memory.max_ram_usage_gb), and what set it. */
  limit: z.object({ bytes: z.number(), from: z.enum(['cgroup', 'config']) }).nullable(),
  overBudget: z.object({ bytes: z.number(), since: z.number(), sentence: z.string() }).nullable(),
  /** Linux PSI, 10-second averages in per cent. */
  pressure: z.object({ some: z.number(), full: z.number() }).nullable(),
  /** GPU and CPU share one memory (Apple Silicon, most integrated GPUs). */
  unified: z.boolean(),
  vram: z.array(vramDeviceSchema),
});
export type MemoryView = z.infer<typeof memoryViewSchema>;

/** One point of the memory's history, bytes. */
export const memorySampleSchema = z.object({ at: z.number(), free: z.number(), models: z.number(), otherPrograms: z.number() });
export type MemorySample = z.infer<typeof memorySampleSchema>;

export const providerViewSchema = z.object({
  id: z.string(),
  kind: z.enum(['ollama', 'llama.cpp', 'openai']),
  label: z.string(),
  /** absent: nothing answers there · down: it was there, or answers wrongly · starting: it answers but is not ready */
  status: z.enum(['up', 'starting', 'down', 'absent', 'off']),
  since: z.number(),
  version: z.string().nullable(),
  url: z.string().nullable(),
  problem: problemSchema.nullable(),
  /** own: another memory than this computer's (container, WSL, other host). */
  memory: z.enum(['host', 'own']),
  installed: z.number(),
  /** Advice that concerns it, as sentences with an optional command to copy; `parts` for words in another language. */
  advice: z.array(z.object({ id: z.string(), text: z.string(), command: z.string().nullable(), parts: z.object({ name: z.string(), bytes: z.number() }).optional() })),
  /** Models that were in memory before it restarted and could be loaded again. */
  lost: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type ProviderView = z.infer<typeof providerViewSchema>;

export const folderViewSchema = z.object({
  path: z.string(),
  label: z.string(),
  /** configured by the user, found (LM Studio's and the like), Airdock's own samples, or what it has downloaded */
  origin: z.enum(['configured', 'found', 'samples', 'own']),
  /** A found folder is used only after the user has said so; this tells whether it is. */
  used: z.boolean(),
  models: z.number(),
  problem: problemSchema.nullable(),
});
export type FolderView = z.infer<typeof folderViewSchema>;

/** The making of sample models. */
export const samplesViewSchema = z.object({
  state: z.enum(['none', 'making', 'ready', 'failed']),
  doneBytes: z.number(),
  totalBytes: z.number(),
  current: z.string().nullable(),
  problem: problemSchema.nullable(),
});
export type SamplesView = z.infer<typeof samplesViewSchema>;

/** A time-limited mode; `until` null: until it is ended by hand. */
export const modeSchema = z.object({ since: z.number(), until: z.number().nullable() });

/** A suggestion with one button. */
export const adviceSchema = z.object({
  id: z.string(),
  text: z.string(),
  /** What the button does, as an operation of the contract. */
  action: z.object({ label: z.string(), operation: z.string(), input: z.unknown() }).nullable(),
});

/** A request of a program that the gateway is answering, or that waits for its model. */
export const requestViewSchema = z.object({
  id: z.number(),
  /** `InstalledModel.id` and the short name. */
  model: z.string(),
  name: z.string(),
  /** Who asks, as far as it says ("Open WebUI", "openai-python"). */
  client: z.string(),
  /** "/api/chat" and the like. */
  route: z.string(),
  state: z.enum(['waiting', 'answering']),
  /** When it came, and when its answer was begun; ms since the epoch. */
  since: z.number(),
  answeringSince: z.number().nullable(),
});
export type RequestView = z.infer<typeof requestViewSchema>;

/** What changes from second to second. */
export const liveStateSchema = z.object({
  at: z.number(),
  version: z.string(),
  /** False: another Airdock drives this machine's models; this one only watches. */
  owner: z.boolean(),
  memory: memoryViewSchema.nullable(),
  loaded: z.array(loadedModelSchema),
  limit: z.number(),
  providers: z.array(providerViewSchema),
  folders: z.array(folderViewSchema),
  samples: samplesViewSchema,
  /** Models on their way to this computer, oldest first; what has ended stays until it is dismissed, or for some minutes. */
  downloads: z.array(downloadSchema),
  freeze: modeSchema.nullable(),
  pause: modeSchema.nullable(),
  hold: modeSchema.nullable(),
  /** Oldest first; at most 50 of them. */
  requests: z.array(requestViewSchema),
  /** How many more there are. */
  moreRequests: z.number(),
  advice: z.array(adviceSchema),
  /** A config file that could not be used; the last good one is in force. */
  configProblem: problemSchema.nullable(),
  configWarnings: z.array(z.string()),
});
export type LiveState = z.infer<typeof liveStateSchema>;

export const snapshotSchema = z.object({
  state: liveStateSchema,
  models: z.array(installedModelSchema),
  activity: z.array(activitySchema),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

/** Server-sent events on `/airdock/v1/events`: first a `snapshot`, then what changed. */
export const serverEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), snapshot: snapshotSchema }),
  z.object({ type: z.literal('state'), state: liveStateSchema }),
  z.object({ type: z.literal('models'), models: z.array(installedModelSchema) }),
  z.object({ type: z.literal('activity'), entries: z.array(activitySchema) }),
]);
export type ServerEvent = z.infer<typeof serverEventSchema>;
