import os from 'node:os';
import { problem } from '../../../contract/index.ts';
import type { FolderView, Problem } from '../../../contract/index.ts';
import type { Resident } from '../../memory/memory.ts';
import type { Inference, Provider, ProviderStatus, UnloadOutcome } from '../provider.ts';
import { catalogId, LLAMA_CPP, toCatalogModel, weightsOf } from './catalog.ts';
import { findEngine } from './engine.ts';
import type { EngineFiles } from './engine.ts';
import type { VramDevice } from './footprint.ts';
import { createInference, generateForScript } from './inference.ts';
import { findKnownFolders } from './known-folders.ts';
import type { Surroundings } from './known-folders.ts';
import { createLibrary } from './library.ts';
import type { LibraryModel } from './library.ts';
import { runLoad } from './load.ts';
import { createLlamaLibrary } from './model-library.ts';
import { ownModelsDirectory } from './own-directory.ts';
import { observe } from './running.ts';
import type { RunningModel } from './running.ts';
import { samplesDirectory } from './samples-directory.ts';
import { forkNodeChild } from './spawn-child.ts';
import type { ForkChild } from './spawn-child.ts';
import type { ListFolder } from './walk.ts';
import { explainCrash, noEngine } from './words.ts';

export interface LlamaCppOptions {
  dataDir: string;
  enabled?(): boolean;
  /** Folders of GGUF files that the user named. */
  directories(): readonly string[];
  /** Context in tokens that the config asks for, by catalog id. */
  contextLengthFor(id: string): number;
  /** The GPU to use, with its free bytes; null: the CPU alone. Asked at every poll and load: must be cheap. */
  device?(): VramDevice | null;
  /** Threads per model; null: all cores but one. */
  threads?(): number | null;
  /** Built entry file of the child process. */
  childEntry: string;
  forkChild?: ForkChild;
  /** What a process holds; null where it cannot be read. */
  readResident(pid: number): Resident | null;
  /** Wall clock, ms since the epoch. */
  now?(): number;
  surroundings?: Surroundings;
  findEngine?(): EngineFiles;
  listFolder?: ListFolder;
}

export interface LlamaCppProvider extends Provider {
  readonly inference: Inference;
  /** Folders as the last listing found them, those of other programs included. */
  foldersView(): FolderView[];
}

/** A clean end takes a child a millisecond; one that is deep in native code cannot answer and needs no more time than this. */
const END_GRACE_MS = 500;
/** After llama.cpp could not be started, how long until it is offered again. */
const ENGINE_RETRY_MS = 60_000;

/** Runs GGUF files with llama.cpp, one child process per model. Loads no native code into this process. */
export function createLlamaCppProvider(options: LlamaCppOptions): LlamaCppProvider {
  const { forkChild = forkNodeChild, now = Date.now, enabled = () => true, device = () => null } = options;
  const surroundings = options.surroundings ?? { home: os.homedir(), platform: process.platform, env: process.env };
  const lookForEngine = options.findEngine ?? (() => findEngine(options.childEntry));
  const library = createLibrary({
    samplesDir: samplesDirectory(options.dataDir),
    ownDir: ownModelsDirectory(options.dataDir),
    directories: options.directories,
    known: () => findKnownFolders(surroundings),
    ...(options.listFolder && { list: options.listFolder }),
  });
  const running = new Map<string, RunningModel>();
  const crashListeners = new Set<(weights: string, problem: Problem) => void>();
  let models: LibraryModel[] = [];
  let folders: FolderView[] = [];
  let engine: EngineFiles | null = null;
  let engineFailure: { problem: Problem; at: number } | null = null;
  let stopped = false;

  const scan = async () => {
    const found = await library.scan();
    ({ models, folders } = found);
  };

  const status = (): ProviderStatus => {
    if (engine === null || engine.missing !== null) engine = lookForEngine();
    if (engineFailure && now() - engineFailure.at > ENGINE_RETRY_MS) engineFailure = null;
    const fault = engine.missing === null ? (engineFailure?.problem ?? null) : noEngine(engine.missing);
    return {
      status: enabled() ? (fault ? 'down' : 'up') : 'off',
      version: engine.version,
      url: null,
      problem: fault,
      memory: 'host',
      ownCapacity: null,
      advice: [],
      incarnation: null,
    };
  };

  /** Watches a process to its end, expected or not. */
  const watch = (model: RunningModel) => {
    running.set(model.weights, model);
    void model.process.ended.then((ending) => {
      if (running.get(model.weights) === model) running.delete(model.weights);
      if (ending.wanted || model.ready === null) return;
      const why = explainCrash(model.name, ending);
      for (const listener of crashListeners) listener(model.weights, why);
    });
  };

  const inference = createInference({ find: (id) => [...running.values()].find((model) => model.id === id), now });

  return {
    id: LLAMA_CPP,
    kind: 'llama.cpp',
    label: 'llama.cpp',
    parallelLoads: 2,
    revivesStuck: false,

    async poll({ catalog }) {
      const current = status();
      if (current.status === 'off') return { status: current, models: catalog ? [] : null, loaded: observeAll(running) };
      if (catalog) await scan();
      const gpu = device();
      const listed = catalog ? models.map((model) => toCatalogModel(model, options.contextLengthFor(catalogId(model)), gpu)) : null;
      return { status: current, models: listed, loaded: observeAll(running) };
    },

    onCrash(listener) {
      crashListeners.add(listener);
      return () => void crashListeners.delete(listener);
    },

    async load(request) {
      if (stopped || request.signal.aborted) return { ok: false, kind: 'cancelled', problem: problem('cancelled', `Loading ${request.model.providerName} was cancelled.`) };
      const { weights, providerName } = request.model;
      const missing = status().problem;
      if (missing) return { ok: false, kind: 'provider-down', problem: missing };
      if (running.has(weights)) return { ok: false, kind: 'failed', problem: problem('load-failed', `${providerName} is in memory or on its way already.`) };
      if (!models.some((model) => weightsOf(model) === weights)) await scan();
      const model = models.find((candidate) => weightsOf(candidate) === weights);
      if (!model) return { ok: false, kind: 'failed', problem: problem('bad-file', `${providerName} is no longer there.`, 'Its file was moved or deleted since it was listed; put it back, or refresh the list.') };

      const outcome = await runLoad(request, model, {
        fork: () => forkChild(options.childEntry),
        device: device(),
        threads: Math.max(1, options.threads?.() ?? os.availableParallelism() - 1),
        wantedContext: request.contextLength ?? options.contextLengthFor(request.model.id),
        readResident: options.readResident,
        isTaken: () => stopped || running.has(weights),
        watch,
      });
      if (outcome.ok) engineFailure = null;
      else if (outcome.kind === 'provider-down') engineFailure = { problem: outcome.problem, at: now() };
      return outcome;
    },

    filesOf: (weights) => models.find((model) => weightsOf(model) === weights)?.parts.map((part) => part.path) ?? [],

    async unload({ weights, ifUnusedSince }, signal) {
      const model = running.get(weights);
      if (!model) return { kind: 'gone' };
      const used = model.uses > 0 || (model.lastUsed !== null && ifUnusedSince !== null && model.lastUsed > ifUnusedSince);
      if (ifUnusedSince !== null && used) return { kind: 'in-use', lastUsed: model.lastUsed };
      const gone = model.process.end(END_GRACE_MS).then(() => ({ kind: 'gone' }) as const);
      const { abandoned, forget } = whenAborted(signal, { kind: 'failed', problem: problem('cancelled', `Nobody waits any longer for ${model.name} to leave memory; it still does.`) });
      return Promise.race([gone, abandoned]).finally(forget);
    },

    // Nothing here expires by itself.
    rearm: async () => ({ ok: true }),

    async endRunner(weights) {
      const model = running.get(weights);
      if (!model) return { ok: false, problem: problem('not-loaded', 'The model is not in memory.') };
      await model.process.end(0);
      return { ok: true };
    },

    library: createLlamaLibrary({ ownDirectory: ownModelsDirectory(options.dataDir), models: () => models, device }),
    inference,
    generate: (request) => generateForScript(inference, request),

    async stop() {
      stopped = true;
      await Promise.all([...running.values()].map((model) => model.process.end(0)));
    },

    foldersView: () => folders,
  };
}

function observeAll(running: ReadonlyMap<string, RunningModel>) {
  return [...running.values()].map(observe).filter((model) => model !== null);
}

/** Resolves to `outcome` when `signal` is aborted. The signal may outlive many waits: `forget` takes this one's listener off it. */
function whenAborted(signal: AbortSignal, outcome: UnloadOutcome): { abandoned: Promise<UnloadOutcome>; forget(): void } {
  let abandon = (): void => undefined;
  const abandoned = new Promise<UnloadOutcome>((resolve) => {
    abandon = () => resolve(outcome);
  });
  if (signal.aborted) abandon();
  else signal.addEventListener('abort', abandon, { once: true });
  return { abandoned, forget: () => signal.removeEventListener('abort', abandon) };
}
