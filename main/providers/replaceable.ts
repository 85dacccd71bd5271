import { problem } from '../../contract/index.ts';
import { withLimit } from '../limit.ts';
import type { LoadOutcome, LoadRequest, Provider, ProviderReport, ProviderStatus } from './provider.ts';

const off: ProviderStatus = { status: 'off', version: null, url: null, problem: null, memory: 'host', ownCapacity: null, advice: [], incarnation: null };
const switchedOff = problem('provider-down', 'It is switched off in the settings.');

export interface ReplaceableProvider extends Provider {
  /** `farewell`: what is still to be said to the former one, once its loads have ended and before it is stopped. It keeps its own time limits. */
  replace(next: Provider | null, farewell?: (former: Provider) => Promise<unknown>): void;
}

/** Loads of a former provider have been cancelled where there is a farewell; their cleaning up is not waited for longer. */
const LOADS_LIMIT_MS = 3_000;

/** A provider whose settings (host, on or off) can change while Airdock runs: the manager keeps this one, what is inside is exchanged. */
export function createReplaceableProvider(shape: Pick<Provider, 'id' | 'kind' | 'label' | 'parallelLoads' | 'revivesStuck'>, first: Provider | null): ReplaceableProvider {
  const listeners = new Set<Parameters<Provider['onCrash']>[0]>();
  let inner: Provider | null = null;
  let unsubscribe: (() => void) | null = null;
  const loads = new Map<Provider, Set<Promise<unknown>>>();
  const leaving = new Set<Promise<void>>();

  function replace(next: Provider | null, farewell?: (former: Provider) => Promise<unknown>): void {
    unsubscribe?.();
    const former = inner;
    inner = next;
    unsubscribe = next?.onCrash((weights, why) => listeners.forEach((listener) => listener(weights, why))) ?? null;
    if (!former) return;
    const left = leave(former, farewell).finally(() => leaving.delete(left));
    leaving.add(left);
  }

  async function leave(former: Provider, farewell?: (former: Provider) => Promise<unknown>): Promise<void> {
    try {
      const ended = Promise.allSettled(loads.get(former) ?? []);
      if (farewell) await withLimit(ended, LOADS_LIMIT_MS);
      else await ended;
      await farewell?.(former);
    } catch {
      // Whoever says farewell minds its own faults; the former one is stopped in any case.
    } finally {
      await former.stop().catch(() => undefined);
    }
  }

  async function load(request: LoadRequest): Promise<LoadOutcome> {
    const owner = inner;
    if (!owner) return { ok: false, kind: 'provider-down', problem: switchedOff };
    const running = loads.get(owner) ?? new Set();
    loads.set(owner, running);
    const outcome = owner.load(request);
    running.add(outcome);
    try {
      return await outcome;
    } finally {
      running.delete(outcome);
      if (running.size === 0) loads.delete(owner);
    }
  }

  /** What the former one has answered meanwhile says nothing about this one. */
  async function poll(options: Parameters<Provider['poll']>[0]): Promise<ProviderReport> {
    const asked = inner;
    const report: ProviderReport = asked ? await asked.poll(options) : { status: off, models: [], loaded: [] };
    return asked === inner ? report : poll(options);
  }

  replace(first);
  return {
    ...shape,
    replace,
    poll,
    onCrash(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    load,
    filesOf: (weights) => inner?.filesOf?.(weights) ?? [],
    unload: async (request, signal) => (inner ? inner.unload(request, signal) : { kind: 'gone' }),
    rearm: async (weights, keepAliveMs) => (inner ? inner.rearm(weights, keepAliveMs) : { ok: false }),
    endRunner: async (weights) => (inner ? inner.endRunner(weights) : { ok: false, problem: switchedOff }),
    get library() {
      return inner?.library;
    },
    get upstream() {
      return inner?.upstream;
    },
    generate: async (request) => (inner ? inner.generate(request) : { ok: false, problem: switchedOff }),
    stop: async () => void (await Promise.all([inner?.stop(), ...leaving])),
  };
}
