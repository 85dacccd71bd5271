import type { Problem } from '../../../contract/index.ts';
import type { Provider, ProviderStatus } from '../provider.ts';

/** A further Ollama whose settings cannot be used: it is shown with what is the matter, and never asked for anything. */
export function createUnusableOllama({ id, label, url, problem }: { id: string; label: string; url: string; problem: Problem }): Provider {
  const status: ProviderStatus = { status: 'down', version: null, url, problem, memory: 'own', ownCapacity: null, advice: [], incarnation: null };
  return {
    id,
    kind: 'ollama',
    label,
    parallelLoads: 1,
    revivesStuck: true,
    poll: () => Promise.resolve({ status, models: [], loaded: [] }),
    onCrash: () => () => undefined,
    load: () => Promise.resolve({ ok: false, kind: 'provider-down', problem }),
    unload: () => Promise.resolve({ kind: 'gone' }),
    rearm: () => Promise.resolve({ ok: false }),
    endRunner: () => Promise.resolve({ ok: false, problem }),
    generate: () => Promise.resolve({ ok: false, problem }),
    stop: () => Promise.resolve(),
  };
}
