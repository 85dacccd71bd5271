import { problem } from '../../../contract/index.ts';
import { withLimit } from '../../limit.ts';
import type { CatalogModel, Provider, ProviderStatus } from '../provider.ts';
import { generate } from './generate.ts';
import { noList, serverProblem } from './problems.ts';
import { askList, catalogModel, chosen, upstreamOf, type Server } from './server.ts';
import type { HttpFailure } from '../http.ts';

/** Statuses that say that there is no list, or none for this key: whoever has named the models needs none. */
const withoutList = new Set([403, 404, 405, 501]);

/** A server elsewhere: its models take no memory here. It is looked at seldom, and nobody waits for a slow one. */
export function createOnlineProvider(server: Server): Provider {
  const { settings, times, now } = server;
  const named = settings.models !== 'list';
  const lifetime = new AbortController();
  let state: Pick<ProviderStatus, 'status' | 'problem'> = { status: 'starting', problem: null };
  let models: CatalogModel[] | null = named ? chosen(settings, []).map(({ name }) => catalogModel(server, name, { elsewhere: 'online' })) : null;
  let looking: Promise<void> | null = null;
  let nextAt = -Infinity;

  function failed(failure: HttpFailure): number {
    if (failure.kind === 'status' && named && withoutList.has(failure.status)) {
      state = { status: 'up', problem: null };
      return times.again;
    }
    const refused = failure.kind === 'status' && (failure.status === 401 || failure.status === 403 || failure.status === 429);
    // Who asks too often is not down: what is known of it still holds.
    if (failure.kind === 'status' && failure.status === 429 && models !== null) state = { status: 'up', problem: null };
    else state = { status: 'down', problem: serverProblem(failure, server) };
    return refused ? times.afterRefusal : times.afterFailure;
  }

  async function look(): Promise<void> {
    const answer = await askList(server, lifetime.signal);
    let pause = times.again;
    if (!answer.ok) pause = failed(answer.failure);
    else if (answer.listed === null && !named) {
      state = { status: 'down', problem: noList(server) };
      pause = times.afterFailure;
    } else {
      state = { status: 'up', problem: null };
      models = chosen(settings, answer.listed ?? []).map(({ name, listed }) =>
        catalogModel(server, name, { elsewhere: 'online', maxContextLength: listed?.maxContextLength ?? null, capabilities: listed?.capabilities ?? [] }),
      );
    }
    nextAt = now() + pause;
  }

  return {
    id: server.id,
    kind: 'openai',
    label: server.name,
    parallelLoads: 1,
    revivesStuck: false,
    async poll({ signal }) {
      if (looking === null && now() >= nextAt) {
        looking = look().finally(() => {
          looking = null;
        });
      }
      if (looking !== null) await withLimit(looking, times.patience, signal);
      const status: ProviderStatus = { ...state, version: null, url: server.url, memory: 'own', ownCapacity: null, advice: [], incarnation: null };
      return { status, models, loaded: [] };
    },
    onCrash: () => () => undefined,
    load: () => Promise.resolve({ ok: false, kind: 'failed', problem: nothingHere(server.name) }),
    unload: () => Promise.resolve({ kind: 'gone' }),
    rearm: () => Promise.resolve({ ok: false }),
    endRunner: () => Promise.resolve({ ok: false, problem: nothingHere(server.name) }),
    generate: (request) => generate(server, { ...request, signal: AbortSignal.any([request.signal, lifetime.signal]) }),
    upstream: upstreamOf(server),
    async stop() {
      lifetime.abort();
      server.http.close();
    },
  };
}

const nothingHere = (name: string) => problem('bad-request', `Models of ${name} are not in this computer’s memory.`);
