import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startAirdock } from '../../main/app.ts';
import { startFakeOllama, type FakeModel } from '../fakes/ollama/index.ts';
import { tempDir } from '../temp-dir.ts';
import { ask, lastAt, type Asking } from './fixture.ts';

const mib = 1024 * 1024;
const never = { signal: new AbortController().signal, caller: 'dashboard' };
const model = (name: string, more: Partial<FakeModel> = {}): FakeModel => ({ name, blob: name, sizeBytes: 20 * mib, ramBytes: 50 * mib, loadMs: 5, ...more });

async function fakeOllama(...names: string[]) {
  const fake = await startFakeOllama({ models: names.map((name) => model(name)) });
  onTestFinished(() => fake.close());
  return fake;
}

/** The whole app with the Ollama of its environment, and a further one. */
async function started({ models = {}, host = {}, more = [], env = {} }: { models?: object; host?: object; more?: object[]; env?: Record<string, string> } = {}) {
  const [here, box] = [await fakeOllama('one', 'two'), await fakeOllama('one', 'three', 'four')];
  const root = await tempDir();
  const dataDir = path.join(root, 'data');
  await mkdir(dataDir, { mode: 0o700 });
  const hosts = [{ id: 'box', label: 'The box', host: box.url, memory: 'own', ...host }, ...more];
  await writeFile(path.join(dataDir, 'config.json'), JSON.stringify({ models, providers: { ollama_hosts: hosts } }));
  const faults: unknown[] = [];
  const outcome = await startAirdock({ dataDir, port: 0, by: 'test', env: { HOME: root, OLLAMA_HOST: here.url, ...env }, onFault: (fault) => faults.push(fault) });
  if (!outcome.ok) throw new Error(outcome.problem.message);
  const { airdock } = outcome;
  onTestFinished(async () => {
    await airdock.close();
    expect(faults).toEqual([]);
  });
  const port = Number(new URL(airdock.url).port);
  const provider = (id: string) => airdock.picture.state().providers.find((one) => one.id === id);
  await expect.poll(() => airdock.picture.state().providers.every(({ status }) => status !== 'starting')).toBe(true);
  const loaded = () => airdock.picture.state().loaded.map(({ id }) => id).sort();
  const set = (change: object[]) => airdock.operations.configSet({ set: { 'providers.ollama_hosts': change } }, never);
  return { airdock, here, box, hosts, provider, loaded, set, models: () => airdock.picture.models(), ask: (asking: Asking) => ask(port, asking), url: airdock.url };
}

const chat = (name: string) => ({ model: name, messages: [{ role: 'user', content: 'hi' }], stream: false });
const chats = (fake: { requests: { path: string }[] }) => fake.requests.filter(({ path: route }) => route === '/api/chat');

describe('a further Ollama', () => {
  it('is listed beside the first, whose models go by their short names', async () => {
    const { ask: asking, models, provider } = await started();
    expect(models().map(({ id, name }) => [id, name]).sort()).toEqual([
      ['box/four:latest', 'four'],
      ['box/one:latest', 'box/one:latest'],
      ['box/three:latest', 'three'],
      ['ollama/one:latest', 'one'],
      ['ollama/two:latest', 'two'],
    ]);
    expect(provider('box')).toMatchObject({ kind: 'ollama', label: 'The box', status: 'up', memory: 'own', installed: 3 });
    const listed = async (route: string, key: string, headers = {}) => ((await asking({ path: route, headers })).json[key] as { name?: string; id?: string }[]).map(({ name, id }) => name ?? id).sort();
    expect(await listed('/api/tags', 'models')).toEqual(['box/one:latest', 'four', 'one:latest', 'three', 'two:latest']);
    expect(await listed('/v1/models', 'data')).toEqual(['box/one:latest', 'four', 'one:latest', 'three', 'two:latest']);
    expect(await listed('/api/tags', 'models', { 'x-airdock-hop': 'another' })).toEqual(['one:latest', 'two:latest']);
  });

  it('answers requests for its models, and only for them', async () => {
    const { ask: asking, here, box, loaded } = await started();
    const headers = { authorization: 'Bearer of-the-client', cookie: 'a=of-the-client' };
    expect((await asking({ path: '/api/chat', body: chat('three'), headers })).status).toBe(200);
    expect(lastAt(box, '/api/chat').body).toMatchObject({ model: 'three' });
    expect(JSON.stringify(lastAt(box, '/api/chat').headers)).not.toContain('of-the-client');
    expect((await asking({ path: '/api/chat', body: chat('one') })).status).toBe(200);
    expect(chats(here)).toHaveLength(1);
    expect((await asking({ path: '/v1/chat/completions', body: chat('box/one') })).status).toBe(200);
    expect(lastAt(box, '/v1/chat/completions').body).toMatchObject({ model: 'one:latest' });
    expect(loaded()).toEqual(['box/one:latest', 'box/three:latest', 'ollama/one:latest']);
    expect((await asking({ path: '/api/show', body: { model: 'box/one' } })).json).toHaveProperty('modelfile');
    expect(lastAt(box, '/api/show').body).toMatchObject({ model: 'one:latest' });

    const running = async (more = {}) => ((await asking({ path: '/api/ps', headers: more })).json['models'] as { name: string }[]).map(({ name }) => name).sort();
    expect(await running()).toEqual(['box/one:latest', 'one:latest', 'three']);
    expect(await running({ 'x-airdock-hop': 'another' })).toEqual(['one:latest']);
  });

  it('is not where models are downloaded to', async () => {
    const { ask: asking, here, box, airdock } = await started();
    const apps = await airdock.operations.appsKey({}, never);
    if (!apps.ok) throw new Error(apps.problem.message);
    const headers = { authorization: `Bearer ${apps.value.key}` };
    await asking({ path: '/api/pull', body: { model: 'new' }, headers });
    expect(here.requests).toContainEqual(expect.objectContaining({ path: '/api/pull', body: { model: 'new' } }));
    expect(box.requests.filter(({ path: route }) => route === '/api/pull')).toEqual([]);
    const refused = await asking({ method: 'DELETE', path: '/api/delete', body: { model: 'box/one:latest' }, headers });
    expect(refused.status).toBe(400);
    expect(box.requests.filter(({ path: route }) => route === '/api/delete')).toEqual([]);

    await airdock.operations.configSet({ set: { 'providers.ollama.enabled': false } }, never);
    expect(await airdock.operations.pullModel({ source: 'new' }, never)).toMatchObject({ ok: false, problem: { code: 'provider-down' } });
    expect((await asking({ path: '/api/pull', body: { model: 'new' }, headers })).status).toBe(503);
    expect(box.requests.filter(({ path: route }) => route === '/api/pull')).toEqual([]);
  });
});

describe('the memory of a further Ollama', () => {
  it('has places of its own', async () => {
    const { airdock, loaded } = await started({ models: { max_concurrent_loaded: 1 } });
    expect(await airdock.manager.loadModel('one')).toMatchObject({ ok: true });
    expect(await airdock.manager.loadModel('three')).toMatchObject({ ok: true });
    expect(loaded()).toEqual(['box/three:latest', 'ollama/one:latest']);
    expect(await airdock.manager.loadModel('four')).toMatchObject({ ok: false, problem: { code: 'needs-room' } });
    expect(await airdock.manager.loadModel('four', { force: true })).toMatchObject({ ok: true });
    expect(loaded()).toEqual(['box/four:latest', 'ollama/one:latest']);
  });

  it('has a size of its own, where that is known', async () => {
    const each = { ram_gb: 2 };
    const { airdock } = await started({ models: { max_concurrent_loaded: 4, overrides: { 'box/one': each, three: each, four: each } }, host: { ram_gb: 5 } });
    for (const name of ['box/one', 'three', 'one', 'two']) expect(await airdock.manager.loadModel(name)).toMatchObject({ ok: true });
    expect(await airdock.manager.canLoadModel('four')).toMatchObject({ ok: true, value: { fit: { kind: 'evicts' } } });
    expect(await airdock.manager.loadModel('four')).toMatchObject({ ok: false, problem: { code: 'needs-room' } });
  });

  it('goes away with it, and leaves the other alone', async () => {
    const { airdock, box, here, provider, loaded, ask: asking } = await started();
    await airdock.manager.loadModel('one');
    await airdock.manager.loadModel('three');
    await box.goDown();
    await expect.poll(() => provider('box')?.status, { timeout: 10_000 }).toBe('down');
    expect(provider('box')?.problem).toMatchObject({ hint: expect.stringContaining('"host" of box under providers.ollama_hosts') as string });
    expect(provider('ollama')).toMatchObject({ status: 'up', problem: null });
    expect(loaded()).toContain('ollama/one:latest');
    expect((await asking({ path: '/api/chat', body: chat('one') })).status).toBe(200);
    expect(here.runners()).toMatchObject([{ name: 'one:latest', alive: true }]);
  });
});

describe('hosts of the settings', () => {
  it('come and go while Airdock runs, and nothing stays for ever where one was', async () => {
    const { airdock, here, box, hosts, provider, loaded, set } = await started({ models: { auto_unload_idle: false } });
    await airdock.manager.loadModel('one');
    await airdock.manager.loadModel('three');
    const resume = box.pauseLoads();
    const loading = airdock.manager.loadModel('four', { force: true });
    await box.until(() => box.loading() !== null, 5_000);
    expect(await set([])).toMatchObject({ ok: true });
    expect(provider('box')).toBeUndefined();
    expect(loaded()).toEqual(['ollama/one:latest']);
    expect(await loading).toMatchObject({ ok: false, problem: { code: 'provider-down' } });
    resume();
    const kept = () => box.runners().filter(({ alive }) => alive).map(({ name, keepAliveMs }) => ({ name, keepAliveMs }));
    await expect.poll(kept, { timeout: 5_000 }).toEqual([{ name: 'three:latest', keepAliveMs: 360_000 }]);
    expect(here.runners()).toMatchObject([{ name: 'one:latest', keepAliveMs: Infinity }]);

    expect(await set(hosts)).toMatchObject({ ok: true });
    await expect.poll(loaded, { timeout: 10_000 }).toEqual(['box/three:latest', 'ollama/one:latest']);
  });

  it('keep their models in the picture where only something else of them changes', async () => {
    const { airdock, box, hosts, set } = await started({ models: { auto_unload_idle: false } });
    await airdock.manager.loadModel('three');
    const before = box.requests.length;
    expect(await set([{ ...hosts[0], ram_gb: 4 }])).toMatchObject({ ok: true });
    await box.until(() => box.requests.slice(before).some(({ path: route }) => route === '/api/ps'), 5_000);
    expect(airdock.picture.state().loaded).toMatchObject([{ id: 'box/three:latest', foreign: false }]);
  });

  it('are refused where two have one id, or that of another server', async () => {
    const { set, airdock, hosts } = await started();
    const taken = { ok: false, problem: { message: expect.stringContaining('an id that no other server has') as string } };
    expect(await set([hosts[0]!, { id: 'box', host: 'other' }])).toMatchObject(taken);
    expect(await airdock.operations.configSet({ set: { 'providers.openai': [{ id: 'box', base_url: 'http://127.0.0.1:9' }] } }, never)).toMatchObject(taken);
    expect(await set([{ id: 'ollama', host: 'other' }])).toMatchObject({ ok: false, problem: { message: expect.stringContaining('an id that is not taken') as string } });
    expect(await set([{ id: 'box', host: ' ' }])).toMatchObject({ ok: false });
  });

  it('do not count one server twice', async () => {
    const { here, set, provider, models } = await started();
    expect(await set([{ id: 'again', host: here.url.replace('127.0.0.1', 'localhost') }])).toMatchObject({ ok: true });
    await expect.poll(() => provider('again')?.problem?.message).toBe(`again is the same server as Ollama: both answer at ${here.url}.`);
    expect(models().map(({ id }) => id)).toEqual(['ollama/one:latest', 'ollama/two:latest']);
  });

  it('that lead back to Airdock are said so', async () => {
    const { set, provider, url } = await started();
    expect(await set([{ id: 'mirror', host: url }])).toMatchObject({ ok: true });
    await expect.poll(() => provider('mirror')?.problem).toMatchObject({ message: `The address of Ollama, ${url}, leads back to Airdock itself.`, hint: expect.stringContaining('"host" of mirror under providers.ollama_hosts') as string });
  });
});

describe('the key of a further Ollama', () => {
  const key = 'key-0123456789';

  it('is sent to it alone, with every request', async () => {
    const { airdock, ask: asking, here, box } = await started({ host: { key_env: 'BOX_KEY' }, env: { BOX_KEY: key } });
    await asking({ path: '/api/chat', body: chat('three') });
    expect(new Set(box.requests.map(({ headers }) => headers['authorization']))).toEqual(new Set([`Bearer ${key}`]));
    expect(JSON.stringify(here.requests)).not.toContain(key);
    const told = [await airdock.operations.snapshot({}, never), await airdock.operations.configGet({}, never)];
    expect(JSON.stringify(told)).not.toContain(key);
  });

  it('is asked for by its variable where that is empty', async () => {
    const { provider, box } = await started({ host: { key_env: 'BOX_KEY' } });
    expect(provider('box')).toMatchObject({ status: 'down', problem: { code: 'bad-key', message: 'The variable BOX_KEY, which is to hold the key for The box, is not set.' } });
    expect(box.requests).toEqual([]);
  });
});
