import { describe, expect, it } from 'vitest';
import type { CatalogModel } from '../../main/providers/provider.ts';
import { ask, lastAt, startGateway, until } from './fixture.ts';

const own: CatalogModel = {
  id: 'llama.cpp/tiny.gguf', provider: 'llama.cpp', providerName: 'tiny.gguf', weights: '/models/tiny.gguf', sizeBytes: 1234, estimate: { ram: 1234, vram: {} }, contextLength: 2048,
  maxContextLength: 4096, family: 'llama', parameterSize: '15M', quantization: 'Q8_0', capabilities: ['completion'], sample: false, settings: '', problem: null,
};
const broken: CatalogModel = { ...own, id: 'llama.cpp/broken.gguf', providerName: 'broken.gguf', weights: '/models/broken.gguf', problem: { code: 'bad-file', message: 'It is cut off.' } };
const embedded = {
  models: [own, broken],
  backend: { kind: 'embedded', inference: { generate: () => Promise.reject(new Error('not asked')), embed: () => Promise.reject(new Error('not asked')) } },
} as const;
const withOwn = { ports: { embedded: { models: [...embedded.models], backend: embedded.backend } } };

type Entry = Record<string, unknown>;
const namesIn = (list: unknown, key = 'name'): unknown[] => (list as Entry[]).map((entry) => entry[key]);

describe('lists', () => {
  it('/api/tags and /v1/models hold every provider’s models; Ollama’s entries are its own', async () => {
    const { port, fake } = await startGateway(withOwn);
    const direct = await ask(fake.port, { path: '/api/tags' });
    const { json, headers } = await ask(port, { path: '/api/tags' });
    const list = json['models'] as Entry[];
    expect(list.slice(0, -1)).toEqual(direct.json['models']);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(list.at(-1)).toMatchObject({
      name: 'tiny.gguf', model: 'tiny.gguf', size: 1234, digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string, capabilities: ['completion'],
      details: { format: 'gguf', family: 'llama', families: ['llama'], parameter_size: '15M', quantization_level: 'Q8_0', context_length: 4096 },
    });
    expect((await ask(port, { path: '/api/tags' })).text).toContain(String(list.at(-1)!['digest']));
    const models = await ask(port, { path: '/v1/models' });
    expect((models.json['data'] as Entry[]).at(-1)).toEqual({ id: 'tiny.gguf', object: 'model', created: expect.any(Number) as number, owned_by: 'llama.cpp' });
    expect(models.headers['content-type']).toBe('application/json');
  });

  it('with Ollama down, everything that is known is listed', async () => {
    const { port, fake, ports } = await startGateway(withOwn);
    await fake.goDown();
    for (const up of [true, false]) {
      ports.ollamaUp = up;
      expect(namesIn((await ask(port, { path: '/api/tags' })).json['models']).sort()).toEqual(['a-alias:latest', 'a:latest', 'b:latest', 'c:latest', 'embedder:latest', 'tiny.gguf']);
      expect(namesIn((await ask(port, { path: '/v1/models' })).json['data'], 'id')).toContain('tiny.gguf');
    }
    expect((await ask(port, { path: '/api/version' })).json).toEqual({ version: '1.2.3' });
    expect((await ask(port, { path: '/api/status' })).status).toBe(200);
    expect((await ask(port, { path: '/v1/models/a' })).json).toMatchObject({ id: 'a', object: 'model' });
  });

  it('/api/ps is what is in memory, with Airdock’s expiry and Ollama’s digest', async () => {
    const { port, fake, ports } = await startGateway();
    await ask(port, { path: '/api/generate', body: { model: 'a' } });
    await until(() => ports.held() === 0);
    const { json } = await ask(port, { path: '/api/ps' });
    const [direct] = (await ask(fake.port, { path: '/api/ps' })).json['models'] as Entry[];
    expect(json['models']).toEqual([{ ...direct, size: 1000, size_vram: 0, context_length: 4096, expires_at: expect.any(String) as string }]);
    const [entry] = json['models'] as Entry[];
    expect(Math.abs(Date.parse(String(entry!['expires_at'])) - ports.now() - 300_000)).toBeLessThan(10_000);
  });

  it('/api/ps shows nothing of a load in progress, and what never expires far in the future', async () => {
    const { port, fake, ports } = await startGateway();
    const go = fake.pauseLoads();
    const load = ask(port, { path: '/api/generate', body: { model: 'a' } });
    await until(() => fake.loading() !== null);
    expect((await ask(port, { path: '/api/ps' })).json).toEqual({ models: [] });
    go();
    await load;
    await until(() => ports.held() === 0);
    const [view] = ports.models.loaded();
    ports.models.loaded = () => [{ ...view!, unloadsAt: null }];
    const [entry] = (await ask(port, { path: '/api/ps' })).json['models'] as Entry[];
    expect(new Date(String(entry!['expires_at'])).getFullYear()).toBeGreaterThan(2300);
  });

  it('/api/show and /v1/models/… tell of every provider’s models, under each of their names', async () => {
    const { port, fake } = await startGateway(withOwn);
    expect((await ask(port, { path: '/api/show', body: { model: 'tiny.gguf' } })).json).toMatchObject({
      details: { family: 'llama' }, model_info: { 'general.architecture': 'llama', 'llama.context_length': 4096 }, capabilities: ['completion'],
    });
    expect((await ask(port, { path: '/v1/models/llama.cpp%2Ftiny.gguf' })).json).toMatchObject({ id: 'llama.cpp/tiny.gguf', owned_by: 'llama.cpp' });
    expect((await ask(port, { path: '/v1/models/ollama/a' })).status).toBe(200);
    expect((await ask(port, { path: '/api/show', body: { model: 'ollama/a' } })).json).toHaveProperty('modelfile');
    expect(lastAt(fake, '/api/show').body['model']).toBe('a:latest');
    expect((await ask(port, { path: '/api/show', body: { model: 'nope' } })).json).toEqual({ error: "model 'nope:latest' not found" });
  });

  it('a model of Airdock’s own is never sent to Ollama', async () => {
    const { port, fake, ports } = await startGateway(withOwn);
    await ask(port, { path: '/api/chat', body: { model: 'tiny.gguf', messages: [{ role: 'user', content: 'hi' }] } });
    expect(fake.requests.filter(({ path }) => path === '/api/chat')).toEqual([]);
    await until(() => ports.held() === 0);
  });
});

describe('one port', () => {
  it('gives browsers the dashboard and everybody else Ollama’s greeting', async () => {
    const { port, settings } = await startGateway();
    expect((await ask(port, { path: '/', headers: { accept: 'text/html,application/xhtml+xml' } })).text).toBe('the dashboard');
    expect((await ask(port, { path: '/', headers: { accept: '*/*' } })).text).toBe('Ollama is running');
    expect(await ask(port, { path: '/', method: 'HEAD', headers: { accept: 'text/html' } })).toMatchObject({ status: 200, text: '', headers: { 'content-length': '17' } });
    for (const path of ['/assets/index.js', '/airdock/v1/health', '/v1', '/apiary']) expect((await ask(port, { path })).text).toBe('the dashboard');
    settings.enabled = false;
    expect((await ask(port, { path: '/api/tags' })).text).toBe('the dashboard');
  });

  it('/health and /metrics: what is going on, without a key', async () => {
    const { port, fake } = await startGateway({ ollama: { tokensPerSecond: 50 } });
    expect(await ask(port, { path: '/health' })).toMatchObject({ status: 200, json: { status: 'ok', name: 'airdock', version: '1.2.3' } });
    const body = { model: 'a', messages: [{ role: 'user', content: 'hi' }], keep_alive: '9h', options: { num_ctx: 4096, num_predict: 2 } };
    await ask(port, { path: '/api/chat', body, headers: { 'user-agent': 'ollama-python/0.4' } });
    await ask(port, { path: '/api/nope/with/a/long/path' });
    const running = ask(port, { path: '/api/chat', body: { ...body, options: { num_ctx: 4096, num_predict: 20 } } });
    await until(() => fake.runners()[0]?.inUse === 1);
    const { text, headers } = await ask(port, { path: '/metrics' });
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    for (const line of [
      'airdock_requests_total{route="/api/chat",status="200",client="ollama-python"} 1',
      'airdock_requests_total{route="other",status="404",client="other"} 1',
      'airdock_requests_answering 1',
      'airdock_requests_waiting 0',
      'airdock_wait_seconds_count 2',
      'airdock_wait_seconds_bucket{le="600"} 2',
      'airdock_wait_seconds_bucket{le="+Inf"} 2',
      'airdock_requests_loading_total 1',
      'airdock_guards_total{guard="keep_alive"} 2',
      'airdock_loads_total{result="done"} 1',
      'airdock_unloads_total{reason="room"} 2',
      'airdock_model_ram_bytes{model="a:latest",provider="ollama"} 1000',
      'airdock_memory_free_bytes 7000',
    ]) expect(text.split('\n')).toContain(line);
    // Prometheus' own rules: each line is a comment or a sample, and the text ends with a line's end.
    for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)*\})? [\d.e+-]+)$/);
    expect(text.endsWith('\n')).toBe(true);
    await running;
  });
});
