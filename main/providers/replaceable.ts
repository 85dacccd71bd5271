import { problem } from '../../contract/index.ts';
import type { Provider, ProviderStatus } from './provider.ts';

const off: ProviderStatus = { status: 'off', version: null, url: null, problem: null, memory: 'host', ownCapacity: null, advice: [], incarnation: null };
const switchedOff = problem('provider-down', 'It is switched off in the settings.');

/** A provider whose settings (host, on or off) can change while Airdock runs: the manager keeps this one, what is inside is exchanged. */
export function createReplaceableProvider(shape: Pick<Provider, 'id' | 'kind' | 'label' | 'parallelLoads' | 'revivesStuck'>, first: Provider | null): Provider & { replace(next: Provider | null): void } {
  const listeners = new Set<Parameters<Provider['onCrash']>[0]>();
  let inner: Provider | null = null;
  let unsubscribe: (() => void) | null = null;

  function replace(next: Provider | null): void {
    unsubscribe?.();
    // Requests under way end by their own limits.
    void inner?.stop();
    inner = next;
    unsubscribe = next?.onCrash((weights, why) => listeners.forEach((listener) => listener(weights, why))) ?? null;
  }

  replace(first);
  return {
    ...shape,
    replace,
    poll: async (options) => (inner ? inner.poll(options) : { status: off, models: [], loaded: [] }),
    onCrash(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    load: async (request) => (inner ? inner.load(request) : { ok: false, kind: 'provider-down', problem: switchedOff }),
    unload: async (request, signal) => (inner ? inner.unload(request, signal) : { kind: 'gone' }),
    rearm: async (weights, keepAliveMs) => (inner ? inner.rearm(weights, keepAliveMs) : { ok: false }),
    endRunner: async (weights) => (inner ? inner.endRunner(weights) : { ok: false, problem: switchedOff }),
    generate: async (request) => (inner ? inner.generate(request) : { ok: false, problem: switchedOff }),
    stop: async () => inner?.stop(),
  };
}
