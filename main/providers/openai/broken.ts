import type { OpenAiServer, Problem } from '../../../contract/index.ts';
import type { Provider, ProviderStatus } from '../provider.ts';
import { catalogModel, chosen } from './server.ts';

/** A server whose settings cannot be used: it is shown with what is the matter, and never asked for anything. */
export function createBrokenProvider(settings: OpenAiServer, { url, problem }: { url: string | null; problem: Problem }): Provider {
  const status: ProviderStatus = { status: 'down', version: null, url, problem, memory: settings.local ? 'host' : 'own', ownCapacity: null, advice: [], incarnation: null };
  // Whoever asks for one of them is told what is wrong, rather than that there is no such model.
  const models = chosen(settings, []).map(({ name }) => catalogModel(settings, name, { elsewhere: settings.local ? 'here' : 'online' }));
  return {
    id: settings.id,
    kind: 'openai',
    label: settings.label ?? settings.id,
    parallelLoads: 1,
    revivesStuck: false,
    poll: () => Promise.resolve({ status, models, loaded: [] }),
    onCrash: () => () => undefined,
    load: () => Promise.resolve({ ok: false, kind: 'failed', problem }),
    unload: () => Promise.resolve({ kind: 'gone' }),
    rearm: () => Promise.resolve({ ok: false }),
    endRunner: () => Promise.resolve({ ok: false, problem }),
    generate: () => Promise.resolve({ ok: false, problem }),
    stop: () => Promise.resolve(),
  };
}
