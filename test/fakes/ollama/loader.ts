import type { Barrier } from './barrier.ts';
import type { Clock, Ns } from './clock.ts';
import type { Installed } from './models.ts';
import { sizeOf, type Runner, type RunnerOptions } from './runner.ts';
import { loadFailure, needsMoreMemory } from './texts.ts';
import type { FakeVersion, LoadFault, StartedLoad } from './types.ts';

export interface LoadError {
  status: number;
  text: string;
}

export type LoadOutcome =
  | { kind: 'loaded'; runner: Runner }
  | { kind: 'failed'; error: LoadError }
  /** Does not fit beside what is loaded: one of those has to go. */
  | { kind: 'evict' }
  /** Ran out of memory while others are loaded: all of those have to go, then once more. */
  | { kind: 'evict-all' };

export interface LoaderDeps {
  version: FakeVersion;
  clock: Clock;
  loaded: Map<string, Runner>;
  defaultKeepAlive: Ns;
  memory: { totalBytes: number; otherBytes: number } | undefined;
  gpu: { totalBytes: number } | undefined;
  nextLoadFault(): LoadFault | undefined;
  loadBarrier: Barrier;
  loadsStarted: StartedLoad[];
}

export interface Loader {
  load(
    request: { model: Installed; keepAlive: Ns | undefined; signal: AbortSignal },
    options: RunnerOptions,
    oomRetried: boolean,
  ): Promise<LoadOutcome>;
  loading(): string | null;
  /** Kills the runner that is loading these weights. */
  crash(blobDigest: string): boolean;
}

/** Starts runners, one at a time. */
export function createLoader(deps: LoaderDeps): Loader {
  const { version, clock, loaded } = deps;
  let lastPid = 1000;
  let active: { model: Installed; killed: AbortController } | null = null;

  const failed = (kind: Exclude<LoadFault, 'hang'>): LoadOutcome => ({ kind: 'failed', error: { status: 500, text: loadFailure(version, kind) } });
  const freeBytes = (): number => {
    if (deps.memory === undefined) return Infinity;
    let used = deps.memory.otherBytes;
    for (const runner of loaded.values()) used += runner.sizeBytes;
    return Math.max(0, deps.memory.totalBytes - used);
  };

  const crowdsGpu = (model: Installed, required: number): boolean => {
    if (deps.gpu === undefined || loaded.size === 0) return false;
    let free = deps.gpu.totalBytes;
    for (const runner of loaded.values()) free -= runner.sizeBytes * runner.model.gpuShare;
    return required * model.gpuShare > free * 0.8;
  };

  /** Servers before 0.30 look at the machine's free memory first; later ones, on a CPU, do not. */
  const preflight = (model: Installed, required: number): LoadOutcome | null => {
    if (crowdsGpu(model, required)) return { kind: 'evict' };
    const free = freeBytes();
    if (version === '0.33' || required <= free) return null;
    if (loaded.size > 0) return { kind: 'evict' };
    return { kind: 'failed', error: { status: 500, text: needsMoreMemory(required, free) } };
  };

  const outOfMemory = (oomRetried: boolean): LoadOutcome => {
    if (version === '0.33' && loaded.size > 0 && !oomRetried) return { kind: 'evict-all' };
    return failed('oom');
  };

  return {
    load: async (request, options, oomRetried) => {
      const { model, signal } = request;
      const contextLength = Math.min(options.numCtx, model.contextLength);
      const sizeBytes = sizeOf(model, contextLength);
      const refusal = preflight(model, sizeBytes);
      if (refusal !== null) return refusal;

      const fault = deps.nextLoadFault();
      deps.loadsStarted.push({ name: model.label, blob: model.blob, at: Number(clock.now() / 1_000_000n), contextLength });
      const killed = new AbortController();
      active = { model, killed };
      const either = AbortSignal.any([signal, killed.signal]);
      // A failing load dies halfway, a hanging one never comes to its end.
      await clock.sleep(fault === 'hang' ? Infinity : fault === undefined ? model.loadMs : model.loadMs / 2, either);
      await deps.loadBarrier.pass(either);
      active = null;

      if (signal.aborted) return { kind: 'failed', error: { status: 499, text: 'request canceled' } };
      if (killed.signal.aborted) return failed('killed');
      if (fault === 'oom') return outOfMemory(oomRetried);
      if (fault !== undefined && fault !== 'hang') return failed(fault);
      if (sizeBytes > freeBytes()) return outOfMemory(oomRetried);
      const runner: Runner = {
        pid: ++lastPid,
        model,
        options,
        contextLength,
        sizeBytes,
        keepAlive: request.keepAlive ?? deps.defaultKeepAlive,
        refCount: 0,
        expiresAt: null,
        cancelTimer: null,
        death: new AbortController(),
      };
      loaded.set(model.blobDigest, runner);
      return { kind: 'loaded', runner };
    },
    loading: () => active?.model.label ?? null,
    crash: (blobDigest) => {
      if (active?.model.blobDigest !== blobDigest) return false;
      active.killed.abort();
      return true;
    },
  };
}
