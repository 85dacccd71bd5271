import type { Footprint, FootprintSource, Problem, ProviderView } from '../../contract/index.ts';
import type { ModelLibrary } from './model-library.ts';

/** A model that a provider could load, as the provider knows it. */
export interface CatalogModel {
  /** `<provider id>/<name>` */
  id: string;
  provider: string;
  /** The name at the provider, without the provider's id. */
  providerName: string;
  /** Identity in memory, unique over all providers: Ollama's blob (`ollama:<blob digest>`, by manifest digest where the blob is not told), the GGUF's real path. */
  weights: string;
  sizeBytes: number;
  /** Header estimate for `contextLength`; learned values replace it (main/memory). */
  estimate: Footprint;
  contextLength: number | null;
  /** Bytes of RAM per token of context, to price another context size; null or absent where unknown. */
  kvBytesPerToken?: number | null;
  maxContextLength: number | null;
  family: string | null;
  parameterSize: string | null;
  quantization: string | null;
  capabilities: string[];
  sample: boolean;
  /** Everything else that changes the footprint (GPU layers, KV type, …), as a short stable text: part of the key under which measurements are kept. */
  settings: string;
  /** Why it cannot be loaded at all. */
  problem: Problem | null;
  /**
   * Nothing of it is Airdock's to load: online: it runs elsewhere, so data leaves this computer · here: a server of this computer that does
   * not tell what it has in memory brings it by itself.
   */
  elsewhere?: 'online' | 'here';
  /** A further server of a kind has it: where the first one, or this computer, has a model of that name as well, the short name means that one. */
  further?: true;
}

/** A model that a provider has in memory, whoever loaded it. */
export interface ObservedModel {
  weights: string;
  /** Catalog id of the name that it is listed under; null where that is not installed (any more). */
  id: string | null;
  name: string;
  /** What the provider says it takes. */
  reported: Footprint;
  contextLength: number | null;
  device: 'cpu' | 'gpu' | 'split' | 'unknown';
  /** Its process, where it runs on this computer and can be read. */
  pid: number | null;
  /** That process belongs to this user, so Airdock may end it. */
  canEnd: boolean;
  /** The provider's own expiry, ms since the epoch; null: none, or unknown. */
  expiresAt: number | null;
  /** End of its last use by anyone (Airdock's own loads and touches are not uses), ms since the epoch; null: not known. */
  lastUsed: number | null;
  /** In use right now: true or false where the provider says so exactly, null where it cannot be known. */
  busy: boolean | null;
}

export interface ProviderStatus {
  status: ProviderView['status'];
  version: string | null;
  url: string | null;
  problem: Problem | null;
  memory: 'host' | 'own';
  /** Capacity of its own memory in bytes where `memory` is own and it is known. */
  ownCapacity: number | null;
  advice: ProviderView['advice'];
  /** Changes when the provider was restarted, where that can be seen. */
  incarnation: string | null;
  /** False: it cannot be told to unload; what it has in memory stays there until it ends. Default: it can. */
  canUnload?: boolean;
}

/** One look at a provider. `models` and `loaded` are null where this look could not tell. */
export interface ProviderReport {
  status: ProviderStatus;
  models: CatalogModel[] | null;
  loaded: ObservedModel[] | null;
}

export interface LoadRequest {
  model: CatalogModel;
  contextLength: number | null;
  /** How long the provider may keep it idle by itself, ms; Infinity: for ever. */
  keepAliveMs: number;
  /** Larger loads get more time; the provider adds its own minimum. */
  signal: AbortSignal;
  onProgress(fraction: number): void;
  /** Called as soon as the process that will hold the model is known, so that a half-loaded model is counted once. */
  onProcess?(pid: number): void;
}

export type LoadOutcome =
  | {
      ok: true;
      pid: number | null;
      contextLength: number | null;
      device: ObservedModel['device'];
      /** What it takes now, and how that is known. */
      footprint: Footprint;
      source: FootprintSource;
      /** The file was read from disk rather than from the page cache, where that can be told. */
      cold: boolean | null;
    }
  | {
      ok: false;
      kind: 'oom' | 'cancelled' | 'failed' | 'timeout' | 'provider-down';
      problem: Problem;
      /** With `timeout`: the provider waits for room although all that it holds is idle (Ollama's scheduler deadlock); unloading what is idle frees it. */
      deadlocked?: boolean;
    };

export interface UnloadRequest {
  weights: string;
  /** Refuse (`in-use`) where the model was used after this moment or is in use now, asked right before the unload; null: unload whatever was. */
  ifUnusedSince: number | null;
}

export type UnloadOutcome =
  /** The process ended, or the provider no longer lists it, and its memory is back. */
  | { kind: 'gone' }
  | { kind: 'in-use'; lastUsed: number | null }
  | { kind: 'failed'; problem: Problem };

/**
 * A source of models. Only the manager calls `load`, `unload`, `rearm` and `endRunner`.
 * No method rejects: failures are values. One implementation per folder beside this file.
 */
export interface Provider {
  readonly id: string;
  readonly kind: ProviderView['kind'];
  readonly label: string;
  /** How many loads it takes at a time. */
  readonly parallelLoads: number;
  /** A new request to a model that does not let go can keep it (Ollama); a dying process cannot be kept. */
  readonly revivesStuck: boolean;
  /** Looks at the provider. `catalog`: list installed models too (slower). Always answers within its own time limits. */
  poll(options: { catalog: boolean; signal: AbortSignal }): Promise<ProviderReport>;
  /** Called with a model that died by itself, at once when it is seen. */
  onCrash(listener: (weights: string, problem: Problem) => void): () => void;
  load(request: LoadRequest): Promise<LoadOutcome>;
  /** The files of this computer that a load of these weights reads, in their order; none where that is not known. Absent: never known. They may be gone, or not be readable. */
  filesOf?(weights: string): readonly string[];
  /** Resolves when the model is gone, however long that takes; the manager decides when it counts as not letting go. */
  unload(request: UnloadRequest, signal: AbortSignal): Promise<UnloadOutcome>;
  /** Sets the provider's own expiry of an idle model without that counting as a use. */
  rearm(weights: string, keepAliveMs: number): Promise<{ ok: boolean }>;
  /** Ends the process of a model that does not let go. */
  endRunner(weights: string): Promise<{ ok: true } | { ok: false; problem: Problem }>;
  generate(request: { id: string; prompt: string; maxTokens: number; signal: AbortSignal }): Promise<{ ok: true; text: string; tokens: number } | { ok: false; problem: Problem }>;
  /** Present where Airdock itself answers for these models, rather than a server to which requests are passed on. */
  readonly inference?: Inference;
  /** Present where models can be brought here, looked into and deleted. */
  readonly library?: ModelLibrary | undefined;
  /**
   * Present where requests are passed on to an OpenAI-compatible server, or to a further Ollama: its address without a path, what stands
   * there for "/v1" (at an Ollama: before every path), and headers that hold its key.
   */
  readonly upstream?: { readonly url: string; readonly base: string; readonly headers: Readonly<Record<string, string>> } | undefined;
  /** Ends every process it started and stops watching. */
  stop(): Promise<void>;
}

/** Sampling as both dialects of the gateway have it; absent: the engine's own default. */
export interface Sampling {
  temperature?: number;
  topP?: number;
  topK?: number;
  minP?: number;
  seed?: number;
  repeatPenalty?: number;
  frequencyPenalty?: number;
  presencePenalty?: number;
}

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

export interface InferenceRequest {
  /** `CatalogModel.id` of a model that is in memory and held for this request. */
  id: string;
  /** chat: through the model's own template · prompt: as it is, or (`template`) as a single user message with an optional system prompt. */
  input: { kind: 'chat'; messages: readonly ChatMessage[] } | { kind: 'prompt'; prompt: string; template: boolean; system?: string };
  /** null: until the model ends, or its context is full. */
  maxTokens: number | null;
  stop: readonly string[];
  sampling: Sampling;
  /** The answer must be JSON (any), or JSON of this schema. */
  json: 'any' | Readonly<Record<string, unknown>> | null;
  signal: AbortSignal;
  /** Those before it have been answered: its own answer is begun. */
  onTurn?: () => void;
  /** Each piece of text as it comes; whole characters only, never a part of a stop sequence. */
  onText(text: string): void;
}

export interface InferenceDone {
  ok: true;
  /** stop: the model ended, or a stop sequence came · length: `maxTokens` or the context was full · cancelled: `signal` */
  finish: 'stop' | 'length' | 'cancelled';
  promptTokens: number;
  completionTokens: number;
  /** Ms of reading the prompt (from the begin of the work to the first token) and of writing the answer. */
  promptMs: number;
  completionMs: number;
}

/** Answering of requests inside Airdock. No method rejects. One answer at a time per model; further ones wait, first come first served. */
export interface Inference {
  generate(request: InferenceRequest): Promise<InferenceDone | { ok: false; problem: Problem }>;
  embed(request: { id: string; inputs: readonly string[]; signal: AbortSignal; onTurn?: () => void }): Promise<{ ok: true; vectors: number[][]; promptTokens: number } | { ok: false; problem: Problem }>;
}
