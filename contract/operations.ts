import { z } from 'zod';
import { activitySchema } from './activity.ts';
import { configSchema } from './config.ts';
import { problemSchema } from './errors.ts';
import { diskUsageSchema, downloadCheckSchema, downloadSchema, modelDetailsSchema, updateCheckSchema } from './library.ts';
import { loadedModelSchema } from './models.ts';
import { planSchema } from './plan.ts';
import { fileSubjectSchema, modelTaskSchema, recommendedSchema } from './recommend.ts';
import { memorySampleSchema, snapshotSchema } from './snapshot.ts';

const model = z.object({ model: z.string().min(1).max(512) });
const nothing = z.object({});
/** The name of a model at Ollama, the address of a GGUF file (http or https), or, to be checked, the whole path of one on this computer. */
const source = z.object({ source: z.string().trim().min(1).max(4096) });

/** Either what was asked for, or a problem (with the plan it rests on where there is one). */
function outcome<T extends z.ZodType>(value: T) {
  return z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), value }),
    z.object({ ok: z.literal(false), problem: problemSchema, plan: planSchema.optional() }),
  ]);
}

const done = z.object({ text: z.string() });

export const loadDoneSchema = z.object({
  model: loadedModelSchema,
  /** It was in memory already. */
  already: z.boolean(),
  unloaded: z.array(z.object({ id: z.string(), name: z.string() })),
  tookMs: z.number(),
});

export const leaseSchema = z.object({
  id: z.string(),
  model: z.string(),
  /** Ms without a renewal after which the lease ends by itself; null for one held inside this process. */
  ttlMs: z.number().nullable(),
});

const appsKeySchema = z.object({ key: z.string(), file: z.string() });

/** Every operation that crosses a process border, with its input and output. HTTP, IPC and the CLI are made from this table. */
export const operations = {
  snapshot: { access: 'read', input: nothing, output: snapshotSchema },
  /** What loading a model would do. Never changes anything. */
  plan: { access: 'read', input: model.extend({ contextLength: z.number().int().min(4).optional() }), output: outcome(planSchema) },
  load: {
    access: 'control',
    input: model.extend({
      /** Unload unused models to make room without asking again. */
      force: z.boolean().optional(),
      /** With `force`: only these models (ids) may be unloaded, as a preview has named them; otherwise the answer is a new plan. Absent: any unused one. */
      mayUnload: z.array(z.string().max(512)).max(1000).optional(),
      /** Load alone and watched although the estimate says that it does not fit. */
      tryOnce: z.boolean().optional(),
      contextLength: z.number().int().min(4).optional(),
      /** Keep loading when the caller goes away (a click in the dashboard). */
      stay: z.boolean().optional(),
      /** Who asks, for the activity list. */
      by: z.string().max(200).optional(),
    }),
    output: outcome(loadDoneSchema),
  },
  /** Gives up every waiter's interest in a load in progress (the dashboard's Cancel). */
  cancelLoad: { access: 'control', input: model, output: outcome(done) },
  unload: {
    access: 'control',
    input: model.extend({
      /** The person's yes to unloading a pinned model, or one while frozen. */
      confirm: z.boolean().optional(),
      by: z.string().max(200).optional(),
    }),
    output: outcome(done),
  },
  /** Unloads every model unused for that long; without it, each past its own idle timeout. */
  unloadIdle: {
    access: 'control',
    input: z.object({ idleForSeconds: z.number().nonnegative().optional(), by: z.string().max(200).optional() }),
    output: outcome(z.object({ unloaded: z.array(z.object({ id: z.string(), name: z.string(), ram: z.number() })) })),
  },
  pin: { access: 'control', input: model.extend({ pinned: z.boolean() }), output: outcome(done) },
  /** Ends the runner process of a model that does not let go. */
  endRunner: { access: 'control', input: model, output: outcome(done) },
  /** Refuses every change of what is loaded. */
  freeze: { access: 'control', input: z.object({ on: z.boolean(), forSeconds: z.number().positive().optional() }), output: outcome(done) },
  /** Stops idle expiry and yielding. */
  pause: { access: 'control', input: z.object({ on: z.boolean(), forSeconds: z.number().positive().optional() }), output: outcome(done) },
  /** Unloads all that is unused and holds automatic loads for an hour; `on: false` ends the hold. */
  freeMemory: { access: 'control', input: z.object({ on: z.boolean() }), output: outcome(done) },
  /** Loads what a provider lost by its restart. */
  reloadLost: { access: 'control', input: z.object({ provider: z.string(), dismiss: z.boolean().optional() }), output: outcome(done) },
  dismissAdvice: { access: 'control', input: z.object({ id: z.string() }), output: outcome(done) },
  /** Which models for these files or this task, and what loading them would take. Changes nothing, and opens no file. */
  recommend: {
    access: 'read',
    input: z.object({
      files: z.array(fileSubjectSchema).max(5_000).optional(),
      /** What the files are for; without files, it is answered alone. */
      task: modelTaskSchema.optional(),
      /** Online models may be chosen too. */
      allowOnline: z.boolean().optional(),
    }),
    output: outcome(recommendedSchema),
  },
  /** Why a model is, or is not, in memory: its last decisions, newest first. */
  why: { access: 'read', input: model, output: outcome(z.object({ text: z.string(), entries: z.array(activitySchema) })) },
  activity: {
    access: 'read',
    input: z.object({ before: z.number().optional(), limit: z.number().int().min(1).max(500).optional(), model: z.string().optional() }),
    output: z.object({ entries: z.array(activitySchema) }),
  },
  /** Memory of the last 15 minutes, oldest first: what a dashboard that has just opened could not have seen. */
  history: { access: 'read', input: nothing, output: z.object({ everyMs: z.number(), samples: z.array(memorySampleSchema) }) },
  configGet: { access: 'read', input: nothing, output: z.object({ config: configSchema, path: z.string(), problem: problemSchema.nullable(), warnings: z.array(z.string()) }) },
  /** Sets keys by path ("models.max_concurrent_loaded"); `null` removes a key. Comments in the file survive. */
  configSet: { access: 'control', input: z.object({ set: z.record(z.string(), z.unknown()) }), output: outcome(z.object({ config: configSchema })) },
  addFolder: { access: 'control', input: z.object({ path: z.string().min(1).max(4096) }), output: outcome(done) },
  removeFolder: { access: 'control', input: z.object({ path: z.string().min(1).max(4096) }), output: outcome(done) },
  /** The keychain has another key for a server of `providers.openai`, or none any more: it is asked again. */
  keyChanged: { access: 'control', input: z.object({ id: z.string().min(1).max(40) }), output: outcome(done) },
  /** A fresh address of the dashboard with a single-use sign-in code, for opening it from a terminal. */
  signInLink: { access: 'control', input: nothing, output: outcome(z.object({ url: z.string() })) },
  /** The same for a browser on another device: one code, in an address for each of this computer's networks. */
  pairingLinks: { access: 'control', input: nothing, output: outcome(z.object({ urls: z.array(z.string()), minutes: z.number() })) },
  /** The key for apps, and the file that it lies in. */
  appsKey: { access: 'control', input: nothing, output: outcome(appsKeySchema) },
  /** A new key for apps; the old one counts for nothing from then on. */
  newAppsKey: { access: 'control', input: nothing, output: outcome(appsKeySchema) },
  makeSamples: { access: 'control', input: nothing, output: outcome(done) },
  cancelSamples: { access: 'control', input: nothing, output: outcome(done) },
  /** Would it fit, in memory and on the disk? Asks where it comes from, and fetches no more than its head. */
  checkDownload: { access: 'control', input: source, output: outcome(downloadCheckSchema) },
  /** Begins, or goes on with, a download, and answers at once: how it goes is in `LiveState.downloads`. */
  pullModel: { access: 'control', input: source.extend({ by: z.string().max(200).optional() }), output: outcome(downloadSchema) },
  /** Goes on with a download that was stopped or has failed, behind what waits already. */
  resumePull: { access: 'control', input: z.object({ id: z.string().min(1).max(200), by: z.string().max(200).optional() }), output: outcome(downloadSchema) },
  /** Stops it. What has come is kept, so that it can go on, unless `discard` is set; what has ended leaves the list. */
  cancelPull: { access: 'control', input: z.object({ id: z.string().min(1).max(200), discard: z.boolean().optional() }), output: outcome(done) },
  /** Takes a GGUF file of this computer into Airdock's own folder: a copy, or (`link`) a second name for the same file. */
  importModel: { access: 'control', input: z.object({ path: z.string().min(1).max(4096), link: z.boolean().optional(), by: z.string().max(200).optional() }), output: outcome(downloadSchema) },
  /** Unloads the model, waits until it is gone, then deletes it from the disk. */
  deleteModel: {
    access: 'control',
    input: model.extend({
      /** The person's yes to deleting a model that is kept in memory, or while models are frozen. */
      confirm: z.boolean().optional(),
      by: z.string().max(200).optional(),
    }),
    output: outcome(done),
  },
  modelDetails: { access: 'read', input: model, output: outcome(modelDetailsSchema) },
  diskUsage: { access: 'read', input: nothing, output: outcome(diskUsageSchema) },
  /** Whether the registry that a model came from has a newer one. Asked for, never by itself. */
  checkUpdate: { access: 'control', input: model, output: outcome(updateCheckSchema) },
  /** Loads the model if need be and holds it until released, or until it is not renewed for `ttlMs`. */
  acquire: {
    access: 'control',
    input: model.extend({ force: z.boolean().optional(), holder: z.string().max(200), ttlMs: z.number().int().min(1000).max(300_000).default(30_000) }),
    output: outcome(leaseSchema),
  },
  renew: { access: 'control', input: z.object({ lease: z.string() }), output: outcome(done) },
  release: { access: 'control', input: z.object({ lease: z.string() }), output: outcome(done) },
  /** A few tokens from a leased model: proof that it works, and enough for small scripts. */
  generate: {
    access: 'control',
    input: z.object({ lease: z.string(), prompt: z.string().max(1_000_000), maxTokens: z.number().int().min(1).max(8192).default(128) }),
    output: outcome(z.object({ text: z.string(), tokens: z.number() })),
  },
} as const satisfies Record<string, { access: 'read' | 'control'; input: z.ZodObject; output: z.ZodType }>;

export type OperationName = keyof typeof operations;
/** What a caller passes (defaults not yet filled in). */
export type OperationInput<N extends OperationName> = z.input<(typeof operations)[N]['input']>;
/** What a handler gets. */
export type ParsedInput<N extends OperationName> = z.output<(typeof operations)[N]['input']>;
export type OperationOutput<N extends OperationName> = z.output<(typeof operations)[N]['output']>;
export type LoadDone = z.infer<typeof loadDoneSchema>;
export type LeaseInfo = z.infer<typeof leaseSchema>;

/** Handlers for every operation: HTTP and IPC call these, the manager's services implement them. */
export type OperationHandlers = {
  [N in OperationName]: (input: ParsedInput<N>, context: CallContext) => Promise<OperationOutput<N>>;
};

export interface CallContext {
  /** Aborted when the caller goes away. */
  signal: AbortSignal;
  /** Who calls, for the activity list ("dashboard", "script 4711"). */
  caller: string;
}

export const apiPrefix = '/airdock/v1';
