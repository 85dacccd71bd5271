import type { LiveState, RequestView, Snapshot } from '../../../contract/index.ts';
import { catalog, installed, live, loaded, minute, snapshot } from '../fixtures.ts';
import { inMemory, llama } from './common.ts';
import { click, type ScreenState } from './screen-state.ts';

let nextId = 1;

/** A request that came `seconds` ago. */
export function request(name: string, client: string, seconds: number, state: RequestView['state'] = 'answering'): RequestView {
  const since = Date.now() - seconds * 1_000;
  return { id: nextId++, model: `ollama/${name}:latest`, name, client, route: '/api/chat', state, since, answeringSince: state === 'waiting' ? null : since };
}

/** In use by programs that the gateway answers. */
export const answering = (name: string, ram: number, requests: readonly RequestView[]) =>
  loaded(name, ram, {
    loadedAt: Date.now() - 4 * minute,
    inUse: true,
    unloadsAt: null,
    uses: requests.map(({ id, client, since }) => ({ id: String(id), holder: client, since })),
  });

function busy(more: Partial<LiveState> = {}): Snapshot {
  const requests = [request('codellama', 'Continue', 72), request('llama3.2', 'Open WebUI', 12), request('qwen3:14b', 'Zed', 8, 'waiting')];
  const models = [answering('llama3.2', 4.5, requests.slice(1, 2)), answering('codellama', 7, requests.slice(0, 1))];
  return snapshot(live(models, { requests, ...more }), inMemory(['llama3.2', 'codellama']));
}

function crowd(): Snapshot {
  const clients = ['Open WebUI', 'Continue', 'openai-python', 'a program', 'curl', 'notes.example:8080'];
  const answered = clients.map((client, index) => request('llama3.2', client, 30 - index));
  const names = ['qwen3:14b', 'a-model-with-a-name-that-somebody-made-far-too-long:27b-instruct-q4_K_M', 'gemma3:1b', 'phi4-mini', 'mistral', 'llama3.1:70b', 'qwen3:4b'];
  const waiting = names.flatMap((name, index) => clients.slice(0, 1 + ((index + 2) % 4)).map((client) => request(name, client, 90 - index * 9, 'waiting')));
  waiting.push(...[1, 2, 3].map((seconds) => request('qwen3:14b', 'Open WebUI', seconds, 'waiting')));
  const models = [answering('llama3.2', 4.5, answered), loaded('gemma3:1b', 1, { state: 'loading', progress: 0.4, since: Date.now() - 5_000, loadedAt: null, unloadsAt: null })];
  return snapshot(live(models, { requests: [...answered, ...waiting], moreRequests: 214 }), [...inMemory(['llama3.2']), ...names.slice(1, 5).map((name) => installed(name, 3))]);
}

/** One loads, another waits for those who work. */
const loadingOne = (): Snapshot => {
  const requests = [request('llama3.2', 'Open WebUI', 20), request('nomic-embed-text', 'notes-indexer', 4, 'waiting'), request('nomic-embed-text', 'Zed', 2, 'waiting')];
  const models = [answering('llama3.2', 4.5, requests.slice(0, 1)), loaded('nomic-embed-text', 0.4, { state: 'loading', progress: 0.42, since: Date.now() - 5_000, loadedAt: null, unloadsAt: null })];
  return snapshot(live(models, { requests }), inMemory(['llama3.2']));
};

/** Both use the same model, and it answers one at a time: the second holds it as well, but waits. */
const turn = (): Snapshot => {
  const requests = [request('llama3.2', 'Open WebUI', 20), request('llama3.2', 'Continue', 6, 'waiting')];
  return snapshot(live([answering('llama3.2', 4.5, requests)], { requests }), inMemory(['llama3.2']));
};

/** What programs do with models, and how people get them to. */
export const requestStates: readonly ScreenState[] = [
  { name: 'requests', snapshot: () => busy(), shows: /^Answering Open WebUI for/ },
  { name: 'requests-loading', snapshot: loadingOne, shows: 'It is being loaded' },
  { name: 'requests-turn', snapshot: turn, shows: 'It answers others first' },
  { name: 'requests-crowd', snapshot: crowd, shows: '214 more requests are answered or wait.', },
  { name: 'requests-none-in-memory', snapshot: () => snapshot(live([], { requests: [request('llama3.2', 'curl', 3, 'waiting')] })), shows: 'curl has waited 3 s' },
  { name: 'apps', snapshot: () => snapshot(live()), act: (page) => click(page, 'Use it from your apps'), shows: 'Where it goes' },
  {
    name: 'apps-off',
    snapshot: () => snapshot(live([llama()]), catalog),
    arrange: (engine) => {
      engine.config = { ...engine.config, gateway: { ...engine.config.gateway, enabled: false } };
    },
    act: (page) => click(page, 'Use from apps'),
    shows: /^Apps are not answered/,
  },
  { name: 'german-requests', locale: 'de-DE', snapshot: () => busy(), shows: /^Antwortet Open WebUI seit/ },
  { name: 'german-requests-crowd', locale: 'de-DE', snapshot: crowd, shows: /^Antwortet 6 Programmen/ },
  { name: 'german-apps', locale: 'de-DE', snapshot: () => snapshot(live()), act: (page) => click(page, 'Aus Programmen nutzen'), shows: 'Wohin damit' },
];
