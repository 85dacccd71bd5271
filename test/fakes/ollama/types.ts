/** Which generation of Ollama the fake behaves like. 0.12 predates /api/status, /v1/responses and /v1/messages; 0.33 runs llama-server. */
export type FakeVersion = '0.12' | '0.24' | '0.33';

/** A model as it lies on the fake server's disk. Only `name` and `blob` are required. */
export interface FakeModel {
  /** As a user would write it; `:latest` is added where the tag is missing. */
  name: string;
  /** Identity of the weights: names with the same blob share one runner. Any text; where it is no digest, the blob's digest is made from it. */
  blob: string;
  /** Bytes on disk. */
  sizeBytes?: number;
  /** Bytes that /api/ps reports at 4096 tokens of context. */
  ramBytes?: number;
  /** Bytes that every further token of context costs (or saves, below 4096). */
  ramBytesPerToken?: number;
  /** Part of the reported size that sits on a GPU, 0 to 1. */
  gpuShare?: number;
  /** Context the model was trained with; larger requests are capped to it in silence. */
  contextLength?: number;
  /** Default: completion. A model with `embedding` and without `completion` answers /api/generate with 400. */
  capabilities?: string[];
  /** Time a load takes, ms. */
  loadMs?: number;
  /** Manifest digest (64 hex); default: derived from the blob, so that a copy has the same one. */
  digest?: string;
  modifiedAt?: string;
  family?: string;
  /** null: the server tells `families: null`. */
  families?: string[] | null;
  parameterSize?: string;
  quantization?: string;
  embeddingLength?: number;
  blockCount?: number;
  headCount?: number;
  headCountKv?: number;
  /** num_ctx and the like from the Modelfile. */
  options?: Record<string, unknown>;
  /** What it answers, token by token; cut or repeated to the asked-for length. */
  answer?: string[];
  /** A model at a remote service: listed, never loaded. */
  remote?: { model: string; host: string };
}

export interface FakeOllamaOptions {
  version?: FakeVersion;
  /** What /api/version says; default: a plausible release of `version`. */
  versionString?: string;
  models?: FakeModel[];
  /** Models that /api/pull finds in the registry. */
  registry?: FakeModel[];
  /** OLLAMA_MAX_LOADED_MODELS; default 3. */
  maxLoaded?: number;
  /** OLLAMA_KEEP_ALIVE, ms; Infinity or below 0: for ever. Default 5 min. */
  defaultKeepAliveMs?: number;
  /** OLLAMA_CONTEXT_LENGTH or the automatic value; default 4096. */
  defaultContext?: number;
  /** OLLAMA_MAX_QUEUE; default 512. */
  maxQueue?: number;
  /** Memory of the server's machine; absent: never short. Before 0.30 a load that does not fit is refused or makes room; later it just crashes. */
  memory?: { totalBytes: number; otherBytes?: number };
  /** A GPU: before a load beside others, the server makes room until the newcomer fits into 80 % of what is free there. */
  gpu?: { totalBytes: number };
  /** Time between the end of a runner's use and its process being gone, ms; default 15. */
  unloadMs?: number;
  /** Time that reading a prompt takes, ms: nothing of the answer, not even its headers, is sent before. Default 0. */
  promptMs?: number;
  /** Speed of answers, tokens per second; default 500. */
  tokensPerSecond?: number;
  /** Tokens of an answer where the request does not limit them; default 8. */
  answerTokens?: number;
  /** Speed of pulls, bytes per second; default: 100 MB every 10 ms. */
  pullBytesPerSecond?: number;
  /** Zone in which the server prints `expires_at` and `modified_at`, minutes east of UTC. */
  zoneMinutes?: number;
  /** Wall clock, ms since the epoch; default Date.now. */
  now?: () => number;
  /** Port to listen on; default: any free one. */
  port?: number;
}

/**
 * garbage: 200 with bytes that are no JSON · half: the answer stops in the middle and the connection drops ·
 * status500: `{"error":…}` · slow: the right answer after `delayMs` · hang: headers never come · reset: the connection is reset ·
 * html: a proxy's 502 page · empty: 200 without a body · shape: valid JSON of a wrong shape.
 */
export type FaultKind = 'garbage' | 'half' | 'status500' | 'slow' | 'hang' | 'reset' | 'html' | 'empty' | 'shape';

export interface FaultSpec {
  /** Exact path, or '*' for every route. */
  route: string;
  method?: string;
  kind: FaultKind;
  /** How many requests it hits; default: all until cleared. */
  times?: number;
  /** For `slow`; default 200. */
  delayMs?: number;
}

/**
 * oom: not enough memory · killed: the kernel ended the runner · crash: the runner died by itself · timeout: the server's own stall limit ·
 * hang: never ends by itself, only when the client that triggered it leaves.
 */
export type LoadFault = 'oom' | 'killed' | 'crash' | 'timeout' | 'hang';

/** A runner as the scheduler knows it, including what /api/ps does not tell. */
export interface RunnerView {
  blob: string;
  /** The name that loaded it. */
  name: string;
  pid: number;
  /** Requests it serves right now. */
  inUse: number;
  /** ms; Infinity: for ever. */
  keepAliveMs: number;
  /** ms since the epoch; null before it was idle for the first time. */
  expiresAt: number | null;
  contextLength: number;
  sizeBytes: number;
  alive: boolean;
}

export interface LoggedRequest {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  /** Parsed where it is JSON, else the text; undefined without a body. */
  body: unknown;
  /** ms since the epoch. */
  at: number;
}

export interface StartedLoad {
  name: string;
  blob: string;
  at: number;
  contextLength: number;
}

export interface FakeOllama {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;

  // What it saw and what it has.
  readonly requests: LoggedRequest[];
  /** Every start of a runner, also those that failed. */
  readonly loadsStarted: StartedLoad[];
  runners(): RunnerView[];
  /** Name of the model that is loading right now. */
  loading(): string | null;
  /** Requests that wait behind the load in progress. */
  queued(): number;
  /** Resolves when `condition` holds; rejects after `timeoutMs` (default 2000). */
  until(condition: () => boolean, timeoutMs?: number): Promise<void>;

  // Faults.
  /** Returns a function that ends the fault. */
  fault(spec: FaultSpec): () => void;
  clearFaults(): void;
  /** The next loads fail (one per call), in the order of the calls. */
  failNextLoad(kind: LoadFault): void;
  /** From now on loads begin but do not end until the returned function is called: holds a moment still that a test wants to look at. */
  pauseLoads(): () => void;
  /** Ends the runner's process: it stays in /api/ps, its requests fail, the next one reloads. False where it is not loaded. */
  crashRunner(blob: string): boolean;
  /** From now on an unload of this runner is answered with 200 but does not happen. */
  neverLetGo(blob: string): void;
  /** Ends `neverLetGo`; what was to be unloaded goes now. */
  letGo(blob: string): void;
  /** Upstream's scheduler deadlock (#17408): while anything is loaded, loads wait until something is unloaded (which ends it); all else answers. */
  jamLoads(on?: boolean): void;
  /** Ends the server process: connections reset, everything unloaded, port closed. */
  goDown(): Promise<void>;
  /** Starts it again on the same port, with nothing loaded. */
  comeUp(): Promise<void>;
  /** `goDown`, wait (default 20 ms, so that clients notice the closed connections), `comeUp`. */
  restart(options?: { downMs?: number }): Promise<void>;

  // Other programs.
  /** Another program loads a model; resolves when it is loaded (or failed, with the error's text). */
  loadByOther(name: string, options?: OtherLoadOptions): Promise<string | null>;
  /** Another program's request runs for `ms` (loading the model where needed); resolves at its end (or failure, with the error's text). */
  use(name: string, ms: number, options?: OtherLoadOptions): Promise<string | null>;
  /** Another program's request runs until `end` is called, loading the model where needed; resolves when it has begun, or failed. */
  hold(name: string, options?: OtherLoadOptions): Promise<Hold>;
  /** Another program asks for an unload. */
  unloadByOther(name: string): void;
  /** Adds a model to the disk, or replaces it (new weights under the old name). */
  install(model: FakeModel): void;
  /** Takes a name off the disk; its runner stays, as with DELETE. */
  uninstall(name: string): void;
  /** Changes what other programs on that machine hold. */
  setOtherBytes(bytes: number): void;
}

export interface Hold {
  /** Text of the failure; null where the request runs. */
  error: string | null;
  end(): void;
}

export interface OtherLoadOptions {
  /** ms; Infinity: for ever; absent: what the runner has, else the default. */
  keepAliveMs?: number;
  numCtx?: number;
}
