import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startAirdock } from '../../main/app.ts';
import { systemKeychain } from '../../main/keychain/keychain.ts';
import { installFakeTool } from '../fakes/keychain-tools.ts';
import { startFakeOpenAi, type FakeOpenAiOptions } from '../fakes/openai-server.ts';
import { tempDir } from '../temp-dir.ts';
import { ask, open, type Asking } from './fixture.ts';

const key = 'sk-secret-0123456789';
const never = { signal: new AbortController().signal, caller: 'dashboard' };
const chat = (model: string, more: object = {}) => ({ model, messages: [{ role: 'user', content: 'hi' }], ...more });
const mib = 1024 * 1024;

async function fakeServer(options: FakeOpenAiOptions = {}) {
  const fake = await startFakeOpenAi({ models: [{ name: 'big' }, { name: 'org/small' }], ...options });
  onTestFinished(() => fake.close());
  return fake;
}

/** The whole app with servers of its settings, and nothing else. */
async function started(servers: object[], { env = {}, models = {} }: { env?: Record<string, string>; models?: object } = {}) {
  const root = await tempDir();
  const dataDir = path.join(root, 'data');
  await mkdir(dataDir, { mode: 0o700 });
  await writeFile(path.join(dataDir, 'config.json'), JSON.stringify({ models, providers: { ollama: { enabled: false }, openai: servers } }));
  const faults: unknown[] = [];
  const outcome = await startAirdock({ dataDir, port: 0, by: 'test', env: { HOME: root, ...env }, onFault: (fault) => faults.push(fault) });
  if (!outcome.ok) throw new Error(outcome.problem.message);
  const { airdock } = outcome;
  onTestFinished(async () => {
    await airdock.close();
    expect(faults).toEqual([]);
  });
  const port = Number(new URL(airdock.url).port);
  await expect.poll(() => airdock.picture.state().providers.filter(({ kind }) => kind === 'openai').every(({ status }) => status !== 'starting')).toBe(true);
  return { airdock, models: () => airdock.picture.models(), ask: (asking: Asking) => ask(port, asking), open: (asking: Asking) => open(port, asking), provider: (id: string) => airdock.picture.state().providers.find((one) => one.id === id) };
}

const online = (base_url: string, more: object = {}) => ({ id: 'cloud', label: 'The cloud', base_url, ...more });

describe('online models', () => {
  it('are listed for programs and people, marked, and take no memory', async () => {
    const fake = await fakeServer();
    const { airdock, ask: asking, models } = await started([online(fake.baseUrl)]);
    expect(models()).toMatchObject([
      { id: 'cloud/big', name: 'big', online: true, fit: { kind: 'online' }, footprint: { ram: 0 } },
      { id: 'cloud/org/small', name: 'org/small', online: true },
    ]);
    expect((await asking({ path: '/v1/models' })).json['data']).toMatchObject([{ id: 'big', owned_by: 'cloud' }, { id: 'org/small', owned_by: 'cloud' }]);
    expect((await asking({ path: '/api/tags' })).json['models']).toMatchObject([{ name: 'big', remote_model: 'big', remote_host: fake.url }, { name: 'org/small' }]);
    expect(airdock.picture.state()).toMatchObject({ loaded: [], providers: [{}, {}, { id: 'cloud', kind: 'openai', label: 'The cloud', status: 'up', memory: 'own', installed: 2 }] });
    // Two Airdocks must not list each other's lists.
    expect((await asking({ path: '/v1/models', headers: { 'x-airdock-hop': 'another' } })).json['data']).toEqual([]);
  });

  it('get requests as they are, with their server’s key and without what is the client’s own', async () => {
    const fake = await fakeServer({ key, base: '/api/v1' });
    const { airdock, ask: asking } = await started([online(fake.baseUrl, { key_env: 'CLOUD_KEY' })], { env: { CLOUD_KEY: key } });
    const headers = { authorization: 'Bearer of-the-client', 'x-api-key': 'of-the-client', cookie: 'a=of-the-client', 'x-airdock-caller': 'of-the-client', 'user-agent': 'editor/1' };
    const body = chat('big', { stream: true, odd: 1 });
    const answer = await asking({ path: '/v1/chat/completions?x=1', body, headers });
    expect(answer).toMatchObject({ status: 200, text: 'data: {"choices":[{"delta":{"content":"hel"}}]}\n\ndata: {"choices":[{"delta":{"content":"lo"}}]}\n\ndata: [DONE]\n\n' });
    const seen = fake.requests.at(-1)!;
    expect(seen).toMatchObject({ path: '/api/v1/chat/completions?x=1', body, headers: { authorization: `Bearer ${key}`, 'user-agent': 'editor/1' } });
    expect(JSON.stringify(seen.headers)).not.toContain('of-the-client');
    expect((await asking({ path: '/v1/chat/completions', body: chat('cloud/org/small') })).status).toBe(200);
    expect(fake.requests.at(-1)?.body).toEqual(chat('org/small'));

    expect(airdock.picture.state()).toMatchObject({ loaded: [], requests: [] });
    const told = [await airdock.operations.snapshot({}, never), await airdock.operations.configGet({}, never)];
    expect(JSON.stringify(told)).not.toContain(key);
  });

  it('are answered without the key where their server repeats it, and else as it said', async () => {
    const fake = await fakeServer({ key });
    const { ask: asking } = await started([online(fake.baseUrl, { key_env: 'CLOUD_KEY' })], { env: { CLOUD_KEY: key } });
    const failing = async (body: string, more: object = {}) => {
      fake.fault = { status: 418, body };
      const answer = await asking({ path: '/v1/chat/completions', body: chat('big', more) });
      fake.fault = null;
      return answer;
    };
    expect(await failing(`{"error":{"message":"bad key Bearer ${key}"}}`)).toMatchObject({ status: 418, text: '{"error":{"message":"bad key Bearer ***"}}' });
    expect(await failing(`{"error":{"message":"ünwilling ${key}"}}`, { stream: true })).toMatchObject({ status: 418, text: '{"error":{"message":"ünwilling ***"}}' });
    expect(await failing('{"error":{"message":"a teapot, ☕"}}')).toMatchObject({ status: 418, text: '{"error":{"message":"a teapot, ☕"}}' });
  });

  it.skipIf(process.platform !== 'linux')('get the key from the keychain too, and a new one as soon as it is told', async () => {
    const dir = await tempDir();
    const tool = await installFakeTool('secret-tool', dir);
    const env = { PATH: dir };
    const fake = await fakeServer({ key });
    const { airdock, ask: asking, provider } = await started([online(fake.baseUrl, { keychain: true })], { env });
    expect(provider('cloud')).toMatchObject({ status: 'down', problem: { code: 'bad-key', message: 'The keychain holds no key for The cloud.' } });
    expect(await asking({ path: '/v1/chat/completions', body: chat('big') })).toMatchObject({ status: 404 });

    expect(await systemKeychain(env).set('cloud', key)).toMatchObject({ ok: true });
    expect(await airdock.operations.keyChanged({ id: 'cloud' }, never)).toMatchObject({ ok: true });
    await expect.poll(() => provider('cloud')?.status).toBe('up');
    expect(await asking({ path: '/v1/chat/completions', body: chat('big') })).toMatchObject({ status: 200 });
    expect(fake.requests.at(-1)?.headers.authorization).toBe(`Bearer ${key}`);

    const told = [await airdock.operations.snapshot({}, never), await airdock.operations.configGet({}, never), await airdock.operations.activity({}, never)];
    expect(JSON.stringify(told)).not.toContain(key);
    const files = await readdir(airdock.dataDir, { recursive: true, withFileTypes: true });
    for (const file of files.filter((one) => one.isFile())) expect(await readFile(path.join(file.parentPath, file.name), 'latin1'), file.name).not.toContain(key);
    expect(tool.seen()).not.toContain(key);

    await systemKeychain(env).remove('cloud');
    await airdock.operations.keyChanged({ id: 'cloud' }, never);
    await expect.poll(() => provider('cloud')?.status).toBe('down');
    const before = fake.requests.length;
    expect((await asking({ path: '/v1/chat/completions', body: chat('big') })).status).not.toBe(200);
    expect(fake.requests).toHaveLength(before);
    expect(await airdock.operations.keyChanged({ id: 'other' }, never)).toMatchObject({ ok: false, problem: { code: 'not-found' } });
  });

  it('answer programs that hold a model by Airdock’s own API', async () => {
    const fake = await fakeServer();
    const { airdock } = await started([online(fake.baseUrl)]);
    expect(await airdock.manager.use('big', (model) => model.generate('hi'))).toBe('hello');
    const acquired = await airdock.operations.acquire({ model: 'big', holder: 'x', ttlMs: 60_000 }, never);
    if (!acquired.ok) throw new Error(acquired.problem.message);
    const lease = acquired.value.id;
    expect(await airdock.operations.renew({ lease }, never)).toMatchObject({ ok: true });
    expect(await airdock.operations.release({ lease }, never)).toMatchObject({ ok: true });
    expect(await airdock.operations.generate({ lease, prompt: 'x', maxTokens: 1 }, never)).toMatchObject({ ok: false, problem: { code: 'lease-gone' } });
  });

  it('are not loaded', async () => {
    const fake = await fakeServer();
    const { airdock } = await started([online(fake.baseUrl)], { models: { pinned: ['big'] } });
    expect(await airdock.manager.loadModel('big')).toMatchObject({ ok: false, problem: { code: 'bad-request', message: 'big is online: there is nothing to load.' } });
    expect(await airdock.manager.canLoadModel('big')).toMatchObject({ ok: true, value: { canLoad: false, fit: { kind: 'online' } } });
    expect(airdock.picture.state().loaded).toEqual([]);
  });

  it('are switched off one by one', async () => {
    const fake = await fakeServer();
    const { ask: asking } = await started([online(fake.baseUrl)], { models: { overrides: { big: { enabled: false } } } });
    expect((await asking({ path: '/v1/models' })).json['data']).toMatchObject([{ id: 'org/small' }]);
    const answer = await asking({ path: '/v1/chat/completions', body: chat('big') });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('switched off in the settings');
    expect(fake.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('pass on what their server refuses', async () => {
    const fake = await fakeServer();
    const { ask: asking } = await started([online(fake.baseUrl)]);
    fake.fault = { status: 429, body: 'slow down' };
    expect(await asking({ path: '/v1/chat/completions', body: chat('big') })).toMatchObject({ status: 429, text: 'slow down' });
    fake.fault = { status: 500, body: 'oh' };
    expect(await asking({ path: '/v1/chat/completions', body: chat('big') })).toMatchObject({ status: 500, text: 'oh' });
    await fake.close();
    const gone = await asking({ path: '/v1/chat/completions', body: chat('big') });
    expect(gone.status).toBe(502);
    expect(gone.text).toContain(`does not answer at ${fake.url}`);
  });

  it('break off where their server breaks off', async () => {
    const fake = await fakeServer();
    const { open: opening } = await started([online(fake.baseUrl)]);
    fake.cutStreams = true;
    const response = await opening({ path: '/v1/chat/completions', body: chat('big', { stream: true }) });
    let text = '';
    const read = (async () => {
      for await (const piece of response.setEncoding('utf8')) text += piece as string;
    })();
    await expect(read).rejects.toThrow();
    expect(text).toBe('data: {"choices":[{"delta":{"content":"hel"}}]}\n\n');
  });

  it.each([
    [{}, 'The variable CLOUD_KEY, which is to hold the key for The cloud, is not set.'],
    [{ CLOUD_KEY: 'wrong' }, 'The cloud does not accept the key in the variable CLOUD_KEY'],
  ])('are not asked in vain: %o', async (env, words) => {
    const fake = await fakeServer({ key });
    const { ask: asking, provider } = await started([online(fake.baseUrl, { key_env: 'CLOUD_KEY', models: ['big'] })], { env });
    expect(provider('cloud')).toMatchObject({ status: 'down', problem: { message: expect.stringContaining(words) as string } });
    const answer = await asking({ path: '/v1/chat/completions', body: chat('big') });
    expect(answer.status).toBe(500);
    expect(answer.text).toContain(words);
    expect(fake.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('leave the short name to a model that is here', async () => {
    const [cloud, here] = [await fakeServer(), await fakeServer({ kind: 'llama-single', models: [{ name: 'big' }] })];
    const { ask: asking, models } = await started([online(cloud.baseUrl), { id: 'mine', base_url: here.baseUrl, local: true }]);
    expect(models().map(({ id, name }) => [id, name]).sort()).toEqual([['cloud/big', 'cloud/big'], ['cloud/org/small', 'org/small'], ['mine/big', 'big']]);
    await asking({ path: '/v1/chat/completions', body: chat('big') });
    expect(here.requests.some(({ method }) => method === 'POST')).toBe(true);
    expect(cloud.requests.some(({ method }) => method === 'POST')).toBe(false);
  });
});

describe('servers of the settings', () => {
  it('come, change and go while Airdock runs', async () => {
    const [one, two] = [await fakeServer({ models: [{ name: 'a' }] }), await fakeServer({ models: [{ name: 'b' }] })];
    const { airdock, models, provider } = await started([]);
    const set = (servers: object[]) => airdock.operations.configSet({ set: { 'providers.openai': servers } }, never);
    expect(await set([online(one.baseUrl)])).toMatchObject({ ok: true });
    await expect.poll(() => models().map(({ id }) => id)).toEqual(['cloud/a']);
    expect(await set([online(two.baseUrl), { id: 'more', base_url: one.baseUrl }])).toMatchObject({ ok: true });
    await expect.poll(() => models().map(({ id }) => id)).toEqual(['cloud/b', 'more/a']);
    expect(provider('cloud')?.url).toBe(two.baseUrl);
    expect(await set([online(two.baseUrl, { enabled: false })])).toMatchObject({ ok: true });
    expect(models()).toEqual([]);
    expect(provider('cloud')).toBeUndefined();
  });

  it('are refused where two have one id, and what is written wrong is not repeated', async () => {
    const { airdock } = await started([]);
    const twice = await airdock.operations.configSet({ set: { 'providers.openai': [online('http://a'), online('http://b')] } }, never);
    expect(twice).toMatchObject({ ok: false, problem: { message: expect.stringContaining('an id that no other server has') as string } });
    const noAddress = await airdock.operations.configSet({ set: { 'providers.openai': [{ id: 'cloud', api_key: key }] } }, never);
    expect(noAddress).toMatchObject({ ok: false });
    expect(JSON.stringify(noAddress)).not.toContain(key);
    const named = await airdock.operations.configSet({ set: { 'providers.openai': [online('http://127.0.0.1:9', { api_key: key })] } }, never);
    expect(named).toMatchObject({ ok: true });
    await expect.poll(() => airdock.picture.state().configWarnings.join()).toContain('There is no setting providers.openai[0].api_key');
    const told = [await airdock.operations.snapshot({}, never), await airdock.operations.configGet({}, never)];
    expect(JSON.stringify(told)).not.toContain(key);
  });

  it('may not lead back to Airdock', async () => {
    const { airdock, provider } = await started([]);
    await airdock.operations.configSet({ set: { 'providers.openai': [online(`${airdock.url}/v1`)] } }, never);
    await expect.poll(() => provider('cloud')).toMatchObject({ status: 'down', problem: { code: 'bad-config', message: expect.stringContaining('leads back to Airdock itself') as string } });
  });
});

describe('a llama-server of this computer', () => {
  it('loads what a request needs, and makes room for another', async () => {
    const fake = await fakeServer({ kind: 'llama-router', models: [{ name: 'one' }, { name: 'two' }] });
    const { airdock, ask: asking, models } = await started([{ id: 'rig', base_url: fake.baseUrl, local: true, ram_gb: 0.05 }], { models: { max_concurrent_loaded: 1 } });
    expect(models()).toMatchObject([{ id: 'rig/one', fit: { kind: 'fits' }, footprint: { ram: 0.05 * 1024 * mib } }, { id: 'rig/two' }]);
    expect((await asking({ path: '/v1/chat/completions', body: chat('one') })).status).toBe(200);
    expect(airdock.picture.state().loaded).toMatchObject([{ id: 'rig/one', state: 'ready', foreign: false, ramUsed: 0.05 * 1024 * mib }]);
    expect((await asking({ path: '/v1/chat/completions', body: chat('two') })).status).toBe(200);
    expect([...fake.models.values()].map(({ status }) => status)).toEqual(['unloaded', 'loaded']);
    expect(await airdock.manager.unloadModel('two')).toMatchObject({ ok: true });
    expect([...fake.models.values()].map(({ status }) => status)).toEqual(['unloaded', 'unloaded']);
  });

  it('that cannot be told to unload keeps its model, and that is said', async () => {
    const fake = await fakeServer({ kind: 'llama-single', models: [{ name: 'one', sizeBytes: 10 * mib }] });
    const { airdock, ask: asking } = await started([{ id: 'rig', label: 'The rig', base_url: fake.baseUrl, local: true }], { models: { unload_foreign: 'yes', idle_timeout_seconds: 0 } });
    expect(airdock.picture.state().loaded).toMatchObject([{ id: 'rig/one', foreign: true, unloadsAt: null }]);
    expect((await asking({ path: '/v1/chat/completions', body: chat('one') })).status).toBe(200);
    expect(await airdock.manager.unloadModel('one', { confirm: true })).toMatchObject({ ok: false, problem: { code: 'foreign', message: expect.stringContaining('until The rig ends') as string } });
  });
});
