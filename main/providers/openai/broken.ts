import { problem as problemOf, type OpenAiServer, type Problem } from '../../../contract/index.ts';
import type { Provider, ProviderStatus } from '../provider.ts';
import { catalogModel, chosen } from './server.ts';

/** A server that cannot be asked for anything: its settings cannot be used, its key is not there, or (`problem` null) not there yet. It is shown with what is the matter. */
export function createBrokenProvider(settings: OpenAiServer, { url, problem }: { url: string | null; problem: Problem | null }): Provider {
  const status: ProviderStatus = { status: problem === null ? 'starting' : 'down', version: null, url, problem, memory: settings.local ? 'host' : 'own', ownCapacity: null, advice: [], incarnation: null };
  // Whoever asks for one of them is told what is wrong, rather than that there is no such model.
  const named = chosen(settings, []).map(({ name }) => catalogModel(settings, name, { elsewhere: settings.local ? 'here' : 'online' }));
  const models = problem === null && settings.models === 'list' ? null : named;
  const why = problem ?? notYet(settings.label ?? settings.id);
  return {
    id: settings.id,
    kind: 'openai',
    label: settings.label ?? settings.id,
    parallelLoads: 1,
    revivesStuck: false,
    poll: () => Promise.resolve({ status, models, loaded: [] }),
    onCrash: () => () => undefined,
    load: () => Promise.resolve({ ok: false, kind: 'failed', problem: why }),
    unload: () => Promise.resolve({ kind: 'gone' }),
    rearm: () => Promise.resolve({ ok: false }),
    endRunner: () => Promise.resolve({ ok: false, problem: why }),
    generate: () => Promise.resolve({ ok: false, problem: why }),
    stop: () => Promise.resolve(),
  };
}

const notYet = (name: string): Problem => problemOf('bad-key', `The keychain has not answered yet, which is to hold the key for ${name}.`, 'Where it is locked, unlock it.');
