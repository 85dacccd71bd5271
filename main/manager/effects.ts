import { problem, toProblem, type Footprint } from '../../contract/index.ts';
import type { Effect } from '../core/events.ts';
import type { LearnedStore } from '../memory/memory.ts';
import type { CatalogModel, LoadOutcome, Provider, UnloadOutcome } from '../providers/provider.ts';
import type { Library } from './catalog.ts';
import { learnKey } from './estimates.ts';
import type { NewEvent } from './new-event.ts';

/** A file that came from a disk for the larger part was cold. */
const COLD_SHARE = 0.5;

export interface EffectsDeps {
  provider(id: string): Provider | undefined;
  library(): Library;
  learned: LearnedStore;
  dispatch(event: NewEvent): void;
  /** Ends unloads under way when the engine stops. */
  signal: AbortSignal;
  /** A size or a time was learned. */
  onLearned(): void;
  /** Bytes of a model's file that Airdock itself has read from a disk for the load in progress; null: none, or not known. */
  readAhead(weights: string): number | null;
  /** A load has shown what a model takes. */
  onSize(model: CatalogModel, contextLength: number | null, taken: Footprint): void;
  onFault(fault: unknown): void;
}

/** Carries out what the core wants of providers, and tells it how that ended. */
export function createEffects(deps: EffectsDeps) {
  const cancels = new Map<number, AbortController>();
  /** Weights that have been in memory since Airdock's start. */
  const loadedBefore = new Set<string>();

  async function runLoad(effect: Extract<Effect, { type: 'load' }>): Promise<void> {
    const { key, op } = effect;
    const owner = deps.provider(effect.provider);
    const model = deps.library().byId.get(effect.modelId);
    if (!owner || !model) {
      deps.dispatch({ type: 'load-ended', key, op, result: { ok: false, kind: 'failed', problem: problem('unknown-model', `${effect.modelId} is no longer installed.`) } });
      return;
    }
    const cancel = new AbortController();
    cancels.set(op, cancel);
    const started = performance.now();
    const request = {
      model,
      contextLength: effect.contextLength,
      keepAliveMs: effect.keepAliveMs,
      signal: cancel.signal,
      onProgress: (fraction: number) => deps.dispatch({ type: 'load-progress', key, op, fraction, pid: null }),
      onProcess: (pid: number) => deps.dispatch({ type: 'load-progress', key, op, fraction: null, pid }),
    };
    // A provider that rejects is a bug, which must not leave somebody waiting for ever.
    const result = await owner.load(request).catch((fault: unknown): LoadOutcome => {
      deps.onFault(fault);
      return { ok: false, kind: 'failed', problem: toProblem(fault) };
    });
    cancels.delete(op);
    if (result.ok) {
      // What was read ahead had to come from the disk all the same.
      const cold = (deps.readAhead(model.weights) ?? 0) > model.sizeBytes * COLD_SHARE ? true : result.cold;
      deps.learned.recordLoad(model.weights, { ms: performance.now() - started, cold, again: loadedBefore.has(model.weights) });
      loadedBefore.add(model.weights);
      if (result.source === 'measured' || result.source === 'reported') {
        deps.learned.recordFootprint(learnKey(model, result.contextLength), result.footprint, result.source);
      }
      deps.onLearned();
    }
    deps.dispatch({ type: 'load-ended', key, op, result });
    if (result.ok && (result.source === 'measured' || result.source === 'reported')) deps.onSize(model, result.contextLength, result.footprint);
  }

  async function runUnload(effect: Extract<Effect, { type: 'unload' }>): Promise<void> {
    const { key, op } = effect;
    const owner = deps.provider(effect.provider);
    const result = owner
      ? await owner.unload({ weights: key, ifUnusedSince: effect.ifUnusedSince }, deps.signal).catch((fault: unknown): UnloadOutcome => {
          deps.onFault(fault);
          return { kind: 'failed', problem: toProblem(fault) };
        })
      : ({ kind: 'failed', problem: problem('provider-down', `${effect.provider} is not there.`) } as const);
    deps.dispatch({ type: 'unload-ended', key, op, result });
  }

  async function runRearm(effect: Extract<Effect, { type: 'rearm' }>): Promise<void> {
    const told = await deps.provider(effect.provider)?.rearm(effect.key, effect.keepAliveMs);
    if (!told?.ok) deps.dispatch({ type: 'rearm-failed', key: effect.key });
  }

  return {
    load: (effect: Extract<Effect, { type: 'load' }>): void => void runLoad(effect).catch(deps.onFault),
    cancelLoad: (op: number): void => cancels.get(op)?.abort(),
    unload: (effect: Extract<Effect, { type: 'unload' }>): void => void runUnload(effect).catch(deps.onFault),
    rearm: (effect: Extract<Effect, { type: 'rearm' }>): void => void runRearm(effect).catch(deps.onFault),
    cancelAll(): void {
      for (const cancel of cancels.values()) cancel.abort();
    },
  };
}
