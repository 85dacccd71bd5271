import { z } from 'zod';

const gb = z.number().nonnegative();
/** Seconds without use; auto: it stays until its room is wanted. */
const idleSeconds = z.union([z.number().nonnegative(), z.literal('auto')]);
export type IdleSeconds = z.infer<typeof idleSeconds>;

export const modelOverrideSchema = z.object({
  /** 0 and above, or auto; null: never unload it for being idle. */
  idle_timeout_seconds: idleSeconds.nullable().optional(),
  context_length: z.number().int().min(4).optional(),
  /** Raises the footprint, never lowers it. */
  ram_gb: gb.optional(),
  enabled: z.boolean().optional(),
  /** Load it even where it does not fit (the OS pages its weights in and out). */
  overcommit: z.boolean().optional(),
});
export type ModelOverride = z.infer<typeof modelOverrideSchema>;

const serverId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,39}$/)
  .refine((id) => id !== 'ollama' && id !== 'llama.cpp', { error: 'an id that is not taken: ollama and llama.cpp are' });

/** A server that speaks OpenAI's language. What it is (LM Studio, llama-server, vLLM, anything else) is found out by asking it. */
export const openAiServerSchema = z.object({
  /** The first part of its models' full names. */
  id: serverId,
  /** As its documentation names it for OpenAI's clients ("https://api.openai.com/v1"); without a path, "/v1" is meant. */
  base_url: z.string(),
  /** Its name for people; default: the id. */
  label: z.string().optional(),
  /** Name of the environment variable with its key. The key itself never stands in the config. */
  key_env: z.string().nullable().default(null),
  /** Its key is in the operating system's keychain, under its id ("airdock key set ID"). A variable that is set counts before it. */
  keychain: z.boolean().default(false),
  /** list: what it lists itself. */
  models: z.union([z.literal('list'), z.array(z.string().min(1)).min(1)]).default('list'),
  /** It runs on this computer, and its models count here. */
  local: z.boolean().default(false),
  /** Its online models may be recommended for files. */
  allow_online: z.boolean().default(false),
  /** What each of its models takes where it does not tell. */
  ram_gb: gb.nullable().default(null),
  enabled: z.boolean().default(true),
});
export type OpenAiServer = z.infer<typeof openAiServerSchema>;

const idOfAnother = 'an id that no other server has';

function eachItsOwnId(servers: readonly { id: string }[], context: z.RefinementCtx): void {
  for (const [index, { id }] of servers.entries()) {
    if (servers.findIndex((other) => other.id === id) < index) context.addIssue({ code: 'custom', path: [index, 'id'], message: idOfAnother });
  }
}

/** A further Ollama, beside the one of `providers.ollama`: on another computer, or another one on this. */
export const ollamaHostSchema = z.object({
  /** The first part of its models' full names. */
  id: serverId,
  /** As OLLAMA_HOST names it ("http://box.local:11434"). */
  host: z.string().trim().min(1),
  /** Its name for people; default: the id. */
  label: z.string().optional(),
  /** Name of the environment variable with the key that it wants. */
  key_env: z.string().nullable().default(null),
  /** Whose memory its models take; auto: this computer's where it runs here. */
  memory: z.enum(['auto', 'host', 'own']).default('auto'),
  /** RAM of the other memory, where it is known. */
  ram_gb: gb.nullable().default(null),
  enabled: z.boolean().default(true),
});
export type OllamaHost = z.infer<typeof ollamaHostSchema>;

/** The config file. Every key is optional in the file; this is the form with defaults filled in. Unknown keys are kept and named in a warning (main/config). */
export const configSchema = z.object({
  models: z
    .object({
      preset: z.enum(['aggressive', 'balanced', 'conservative']).optional(),
      max_concurrent_loaded: z.number().int().min(1).max(64).default(2),
      auto_unload_idle: z.boolean().default(true),
      idle_timeout_seconds: idleSeconds.default(300),
      eviction: z.enum(['value', 'lru']).default('value'),
      context_length: z.number().int().min(4).default(4096),
      directories: z.array(z.string()).default([]),
      pinned: z.array(z.string()).default([]),
      overrides: z.record(z.string(), modelOverrideSchema).default({}),
      /** Linux: what is to be loaded is read into the page cache while others leave memory for it. */
      prefetch: z.boolean().default(true),
      /** May models that other programs loaded be unloaded when unused? ask: the question is shown. */
      unload_foreign: z.enum(['ask', 'yes', 'no']).default('ask'),
      /** Unload what is unused before the computer sleeps. */
      unload_before_sleep: z.boolean().default(false),
      /** Which model files are meant for: MIME types ("image/*") or globs of names ("*.sql"), each with a model's name. */
      file_types: z.record(z.string().min(1), z.string().min(1)).default({}),
      /** Where several models are right for a file, a model that is in memory is asked which. */
      recommend_with_model: z.boolean().default(false),
    })
    .prefault({}),
  memory: z
    .object({
      /** RAM that is never given to models. */
      reserve_gb: gb.default(0),
      /** Upper bound for all models together; null: none. */
      max_ram_usage_gb: gb.nullable().default(null),
      yield: z.boolean().default(true),
      /** What went for other programs is loaded again once there is room for it. */
      yield_restore: z.boolean().default(false),
    })
    .prefault({}),
  providers: z
    .object({
      ollama: z
        .object({
          enabled: z.boolean().default(true),
          /** null: OLLAMA_HOST, else http://127.0.0.1:11434 */
          host: z.string().nullable().default(null),
          /** Whose memory its models take; auto: this computer's where it runs here. */
          memory: z.enum(['auto', 'host', 'own']).default('auto'),
          /** RAM of the other memory, where it is known. */
          ram_gb: gb.nullable().default(null),
        })
        .prefault({}),
      ollama_hosts: z.array(ollamaHostSchema).superRefine(eachItsOwnId).default([]),
      'llama.cpp': z
        .object({
          enabled: z.boolean().default(true),
          gpu: z.enum(['auto', 'off']).default('auto'),
          /** null: all cores but one */
          threads: z.number().int().min(1).nullable().default(null),
        })
        .prefault({}),
      openai: z.array(openAiServerSchema).superRefine(eachItsOwnId).default([]),
    })
    .superRefine(({ ollama_hosts: hosts, openai }, context) => {
      for (const [index, { id }] of hosts.entries()) {
        if (openai.some((other) => other.id === id)) context.addIssue({ code: 'custom', path: ['ollama_hosts', index, 'id'], message: idOfAnother });
      }
    })
    .prefault({}),
  gateway: z
    .object({
      host: z.string().default('127.0.0.1'),
      port: z.number().int().min(0).max(65535).default(11500),
      /** Answers programs that speak Ollama's or OpenAI's language, on the same port. */
      enabled: z.boolean().default(true),
      /** Answers other devices too, where they show the key. */
      lan: z.boolean().default(false),
      /** Answers containers on Docker's bridge too. */
      docker: z.boolean().default(false),
      /** Names, beside this computer's own, under which programs may call. */
      allowed_hosts: z.array(z.string()).default([]),
      /** Web pages (origins) that may send requests. */
      allowed_origins: z.array(z.string()).default([]),
      /** The largest request body that is read, MB. */
      body_limit_mb: z.number().min(1).max(1024).default(64),
      /** What the bodies of all requests that are read or wait may take together, MB. */
      bodies_limit_mb: z.number().min(1).max(65_536).default(256),
      /** Requests that may wait for a model at a time. */
      queue_limit: z.number().int().min(1).max(100_000).default(512),
      /** How long a request waits for its model at most. */
      wait_limit_seconds: z.number().min(1).max(86_400).default(600),
      /** What keeps one program from spoiling it for the others. */
      guards: z
        .object({
          /** A program's own keep_alive is taken out of its requests. */
          keep_alive: z.boolean().default(true),
          /** keep_alive 0 unloads the model when nobody else uses it; off: it does nothing. */
          unload_requests: z.boolean().default(true),
          /** A request that names no context size, or a smaller one, takes the one in memory. */
          keep_context: z.boolean().default(true),
          /** A larger context than the one in memory: plan (load it anew where there is room), or cap (keep the one in memory). */
          larger_context: z.enum(['plan', 'cap']).default('plan'),
          /** Options with which Ollama would load a model anew (num_gpu, num_thread, ...) are taken out of requests. */
          load_options: z.boolean().default(true),
        })
        .prefault({}),
    })
    .prefault({}),
  /** Of the desktop app: what people did not click themselves. */
  notifications: z
    .object({
      enabled: z.boolean().default(true),
      /** Models that were unloaded by themselves, to make room or because memory ran short. */
      evictions: z.boolean().default(true),
      /** Loads and unloads that failed, crashed models, providers that went down. */
      failures: z.boolean().default(true),
      /** Suggestions. */
      advice: z.boolean().default(true),
    })
    .prefault({}),
  ui: z
    .object({
      theme: z.enum(['system', 'light', 'dark']).default('system'),
      language: z.enum(['system', 'en', 'de']).default('system'),
      /** What becomes of models in memory when the desktop app ends: those that it runs itself end with it in any case. */
      on_quit: z.enum(['ask', 'leave', 'unload']).default('ask'),
    })
    .prefault({}),
  updates: z
    .object({
      /** Look for a new version once a day. Nothing is downloaded or installed without a click. */
      check: z.boolean().default(false),
    })
    .prefault({}),
});
export type Config = z.infer<typeof configSchema>;
export const defaultConfig: Config = configSchema.parse({});
