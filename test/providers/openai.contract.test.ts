import { describe, expect, it, type TestContext } from 'vitest';
import type { CatalogModel, Provider } from '../../main/providers/provider.ts';
import type { OpenAiKind } from '../fakes/openai-server.ts';
import { load, loadedNames, never, poll, providerFor, subject } from './openai-subject.ts';

/*
 * What holds for every server of this computer that speaks OpenAI's language. It runs against a fake of each kind, and against a real one that may be told to load and unload:
 * AIRDOCK_TEST_OPENAI_BASE_URL=http://127.0.0.1:8080/v1 (and AIRDOCK_TEST_OPENAI_KEY, where it wants one).
 */

const LOADS_MS = 180_000;
const mib = 1024 * 1024;
const odd = 'org/sm öl (v1) 🦙 "x" $(y) ; %41&a=b#c';
const models = [{ name: 'one', sizeBytes: 100 * mib }, { name: odd, sizeBytes: 200 * mib }];

type Start = () => Promise<{ provider: Provider; fake: Awaited<ReturnType<typeof subject>>['fake'] | null }>;

function fake(kind: OpenAiKind): [string, Start] {
  const single = kind.startsWith('vllm') || kind === 'llama-single';
  return [
    `a fake ${kind}`,
    async () => {
      const made = await subject({ kind, models: single ? models.slice(1) : models }, { local: true, ram_gb: 2 });
      made.fake.asleep = kind === 'vllm-sleeps';
      return made;
    },
  ];
}

const telling: OpenAiKind[] = ['llama-router', 'lm-studio', 'vllm-sleeps'];
const others: OpenAiKind[] = ['llama-single', 'lm-studio-old', 'vllm', 'plain'];
const base_url = process.env['AIRDOCK_TEST_OPENAI_BASE_URL'];
const key_env = process.env['AIRDOCK_TEST_OPENAI_KEY'] === undefined ? null : 'AIRDOCK_TEST_OPENAI_KEY';
const real: [string, Start][] = base_url === undefined ? [] : [[`the server at ${base_url}`, async () => ({ provider: providerFor({ base_url, key_env, local: true }, { env: process.env, times: { watch: 100 } }), fake: null })]];

const unload = (provider: Provider, { weights }: CatalogModel, ifUnusedSince: number | null = null) => provider.unload({ weights, ifUnusedSince }, AbortSignal.timeout(60_000));

async function listed(provider: Provider): Promise<CatalogModel[]> {
  const { status, models: found } = await poll(provider);
  expect(status).toMatchObject({ status: 'up', problem: null });
  return found ?? [];
}

const oddness = ({ providerName }: CatalogModel): number => providerName.replace(/[\w.:-]/g, '').length;

/** One that can be loaded and unloaded, of the oddest name there is. A real server may have none. */
async function loadable(provider: Provider, { skip }: TestContext): Promise<CatalogModel> {
  const found = (await listed(provider)).filter(({ elsewhere }) => elsewhere === undefined).sort((a, b) => oddness(b) - oddness(a))[0];
  const { status } = await poll(provider);
  return found !== undefined && status.canUnload !== false ? found : skip();
}

/** As another program would see it. */
async function isAnswering({ providerName }: CatalogModel): Promise<boolean> {
  const answer = await fetch(new URL(`/slots?autoload=false&model=${encodeURIComponent(providerName)}`, base_url));
  return (await answer.text()).includes('"is_processing":true');
}

describe.each([...telling.map(fake), ...others.map(fake), ...real])('%s', (_name, start) => {
  it('is up, and tells each of its models once, by a full name', async () => {
    const { provider } = await start();
    const all = await listed(provider);
    expect(all.length).toBeGreaterThan(0);
    for (const model of all) expect(model).toMatchObject({ id: `there/${model.providerName}`, provider: 'there', weights: `openai:there:${model.providerName}`, problem: null });
    expect(new Set(all.map(({ weights }) => weights)).size).toBe(all.length);
    const { loaded } = await poll(provider);
    for (const { weights, name, reported } of loaded ?? []) {
      expect(all.map((model) => model.weights)).toContain(weights);
      expect(reported.ram, name).toBeGreaterThan(0);
    }
  });

  it('answers a prompt, by the name that it has there', async () => {
    const { provider, fake: server } = await start();
    const [model] = (await listed(provider)).sort((a, b) => oddness(b) - oddness(a));
    if (model?.elsewhere === undefined && (await poll(provider)).status.canUnload !== false) expect(await load(provider, model!)).toMatchObject({ ok: true });
    expect(await provider.generate({ id: model!.id, prompt: 'Say hello.', maxTokens: 8, signal: never })).toMatchObject({ ok: true, text: expect.any(String) as string, tokens: expect.any(Number) as number });
    if (server) expect(server.requests.at(-1)?.body['model']).toBe(model!.providerName);
  }, LOADS_MS);

});

describe.each([...telling.map(fake), ...real])('%s, where it can be told to load and unload', (_name, start) => {
  it('loads and unloads; what is there, and what is gone, it says at once', async (test) => {
    const { provider } = await start();
    const model = await loadable(provider, test);
    await unload(provider, model);
    expect(await load(provider, model)).toMatchObject({ ok: true, source: 'estimated' });
    expect(await loadedNames(provider)).toContain(model.providerName);
    expect(await load(provider, model)).toMatchObject({ ok: true });
    expect(await unload(provider, model)).toEqual({ kind: 'gone' });
    expect(await loadedNames(provider)).not.toContain(model.providerName);
    expect(await unload(provider, model)).toEqual({ kind: 'gone' });
  }, LOADS_MS);

  it('is looked at while it loads', async (test) => {
    const { provider } = await start();
    const model = await loadable(provider, test);
    await unload(provider, model);
    const loading = load(provider, model);
    expect(await poll(provider)).toMatchObject({ status: { status: 'up' }, models: expect.any(Array) as unknown[], loaded: expect.any(Array) as unknown[] });
    expect(await loading).toMatchObject({ ok: true });
    await unload(provider, model);
  }, LOADS_MS);

  it('leaves nothing in memory of a load that is cancelled, and loads it again', async (test) => {
    const { provider } = await start();
    const model = await loadable(provider, test);
    await unload(provider, model);
    const cancel = new AbortController();
    const loading = load(provider, model, { signal: cancel.signal });
    cancel.abort();
    expect(await loading).toMatchObject({ ok: false, kind: 'cancelled', problem: { code: 'cancelled' } });
    await expect.poll(() => loadedNames(provider), { timeout: 10_000 }).not.toContain(model.providerName);
    expect(await load(provider, model)).toMatchObject({ ok: true });
    expect(await unload(provider, model)).toEqual({ kind: 'gone' });
  }, LOADS_MS);

});

describe.each([fake('llama-router'), fake('lm-studio'), ...real])('%s, where it has several models', (_name, start) => {
  it('says that one is not there', async (test) => {
    const { provider } = await start();
    const model = await loadable(provider, test);
    const outcome = await load(provider, { ...model, id: 'there/no such model', providerName: 'no such model', weights: 'openai:there:no such model' });
    expect(outcome).toMatchObject({ ok: false, kind: 'failed', problem: { code: 'load-failed', message: expect.stringContaining('no such model') as string } });
  }, LOADS_MS);

});

describe.each([fake('llama-router'), ...real])('%s, where it tells who is answering', (_name, start) => {
  it('keeps a model that answers another program, although room is wanted', async (test) => {
    const { provider, fake: server } = await start();
    const model = await loadable(provider, test);
    if ((await poll(provider)).status.version !== 'llama-server') return test.skip();
    await load(provider, model);
    if (server) server.busy = true;
    const leave = new AbortController();
    const answer = server ? null : provider.generate({ id: model.id, prompt: 'Tell a long story.', maxTokens: 40, signal: leave.signal });
    if (!server) await expect.poll(() => isAnswering(model), { timeout: 10_000 }).toBe(true);
    expect(await unload(provider, model, 1)).toEqual({ kind: 'in-use', lastUsed: null });
    expect(await loadedNames(provider)).toContain(model.providerName);
    if (server) server.busy = false;
    // llama-server goes on with what its client no longer waits for, unless it is sent piece by piece.
    leave.abort();
    await answer;
    await expect.poll(async () => (await unload(provider, model, 1)).kind, { timeout: 120_000 }).toBe('gone');
  }, LOADS_MS);
});
