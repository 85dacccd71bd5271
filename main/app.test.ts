import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Activity } from '../contract/index.ts';
import { startFakeOllama } from '../test/fakes/ollama/index.ts';
import { tempDir } from '../test/temp-dir.ts';
import { startAirdock } from './app.ts';
import { connectManager } from './client/connect-manager.ts';

const MIB = 1024 * 1024;

async function started(config: object = {}) {
  const fake = await startFakeOllama({ models: ['one', 'two'].map((name) => ({ name, blob: name, ramBytes: 50 * MIB, loadMs: 5 })) });
  const root = await tempDir();
  const dataDir = path.join(root, 'data');
  await mkdir(dataDir, { mode: 0o700 });
  await writeFile(path.join(dataDir, 'config.json'), JSON.stringify(config));
  const faults: unknown[] = [];
  const outcome = await startAirdock({ dataDir, port: 0, by: 'test', env: { HOME: root, OLLAMA_HOST: fake.url }, onFault: (fault) => faults.push(fault) });
  if (!outcome.ok) throw new Error(outcome.problem.message);
  const { airdock } = outcome;
  onTestFinished(async () => {
    await airdock.close();
    await fake.close();
  });
  const token = (await readFile(path.join(dataDir, 'token'), 'utf8')).trim();
  const client = connectManager({ url: airdock.url, token, by: 'editor' });
  onTestFinished(() => client.close());
  const entries = async (): Promise<Activity[]> => (await readFile(path.join(dataDir, 'activity.jsonl'), 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as Activity);
  return { airdock, fake, client, faults, entries };
}

it('leaves nothing in a server’s memory for ever, and tells before what would stay', async () => {
  const { airdock, fake, client, faults } = await started({ models: { auto_unload_idle: false } });
  expect(await client.loadModel('one')).toMatchObject({ ok: true });
  expect(airdock.leaving()).toMatchObject({ inUse: [], ends: [], stays: [{ id: 'ollama/one:latest', name: 'one', until: null }], programs: ['editor'] });
  await Promise.all([airdock.close(), airdock.close()]);
  expect(fake.runners()).toMatchObject([{ name: 'one:latest', keepAliveMs: 360_000 }]);
  expect(faults).toEqual([]);
});

it.each(['at its end', 'half way'])('leaves no load behind for ever that the end cuts off %s', async (when) => {
  const { airdock, fake, client, faults } = await started({ models: { auto_unload_idle: false } });
  const resume = fake.pauseLoads();
  const loaded = client.loadModel('one');
  await fake.until(() => fake.loading() !== null, 5_000);
  if (when === 'at its end') {
    resume();
    await fake.until(() => fake.loading() === null);
  }
  expect(airdock.picture.state().loaded).toMatchObject([{ name: 'one', state: 'loading' }]);
  const closed = airdock.close();
  resume();
  await closed;
  await loaded;
  expect(fake.runners().filter(({ alive, keepAliveMs }) => alive && keepAliveMs === Infinity)).toEqual([]);
  expect(faults).toEqual([]);
});

it.each([{ 'providers.ollama.enabled': false }, { 'providers.ollama.host': 'http://127.0.0.1:9' }])('leaves no model behind for ever at a server that it no longer talks to: %o', async (change) => {
  const { airdock, fake, client, faults } = await started({ models: { auto_unload_idle: false } });
  await client.loadModel('one');
  const resume = fake.pauseLoads();
  const loaded = client.loadModel('two');
  await fake.until(() => fake.loading() !== null, 5_000);
  const context = { signal: new AbortController().signal, caller: 'dashboard' };
  expect(await airdock.operations.configSet({ set: change }, context)).toMatchObject({ ok: true });
  expect(airdock.picture.state().loaded).toEqual([]);
  expect(airdock.leaving().stays).toEqual([]);
  expect(await loaded).toMatchObject({ ok: false, problem: { code: 'provider-down' } });
  resume();
  await expect.poll(() => fake.runners().filter(({ alive }) => alive).map(({ name, keepAliveMs }) => ({ name, keepAliveMs })), { timeout: 5_000 }).toEqual([{ name: 'one:latest', keepAliveMs: 360_000 }]);
  await expect.poll(() => airdock.picture.state().loaded).toEqual([]);
  expect(await airdock.operations.configSet({ set: { [Object.keys(change)[0]!]: null } }, context)).toMatchObject({ ok: true });
  await expect.poll(() => airdock.picture.state().loaded.map((model) => model.name), { timeout: 10_000 }).toEqual(['one']);
  expect(faults).toEqual([]);
});

it('keeps its models in the picture where only another setting of the same server changes', async () => {
  const { airdock, fake, client } = await started({ models: { auto_unload_idle: false } });
  await client.loadModel('one');
  const before = fake.requests.length;
  await airdock.operations.configSet({ set: { 'providers.ollama.memory': 'host' } }, { signal: new AbortController().signal, caller: 'dashboard' });
  await fake.until(() => fake.requests.slice(before).some(({ path: route }) => route === '/api/ps'), 5_000);
  expect(airdock.picture.state().loaded).toMatchObject([{ name: 'one', foreign: false }]);
});

it('unloads at the end what it may touch, and leaves other programs’ models alone until the user has said otherwise', async () => {
  const { airdock, fake, client } = await started();
  await fake.loadByOther('two', { keepAliveMs: Infinity });
  await client.loadModel('one');
  await expect.poll(() => airdock.leaving().stays.map((model) => model.name).sort(), { timeout: 10_000 }).toEqual(['one', 'two']);
  await airdock.close({ unload: true });
  expect(fake.runners().filter(({ alive }) => alive)).toMatchObject([{ name: 'two:latest', keepAliveMs: Infinity }]);
});

it('does first what must not be left undone where there is little time, and then unloads what time allows', async () => {
  const { airdock, fake, client, entries } = await started({ models: { auto_unload_idle: false } });
  await client.loadModel('one');
  fake.neverLetGo('one');
  const before = fake.requests.length;
  const start = performance.now();
  const closed = airdock.close({ unload: true, limitMs: 2_000 });
  const told = () => fake.requests.slice(before).flatMap(({ body }) => (body as { keep_alive?: number } | undefined)?.keep_alive ?? []);
  await fake.until(() => told().includes(0), 3_000);
  expect(told()).toEqual([360, 0]);
  expect((await entries()).some(({ kind, name }) => kind === 'loaded' && name === 'one')).toBe(true);
  await closed;
  expect(performance.now() - start).toBeLessThan(2_500);
});

it('ends sooner where the system goes down while it ends already', async () => {
  const { airdock, fake, client } = await started({ models: { auto_unload_idle: false } });
  await client.loadModel('one');
  fake.neverLetGo('one');
  const before = fake.requests.length;
  const told = () => fake.requests.slice(before).flatMap(({ body }) => (body as { keep_alive?: number } | undefined)?.keep_alive ?? []);
  const closed = airdock.close({ unload: true });
  await fake.until(() => told().includes(0), 3_000);
  const start = performance.now();
  const again = airdock.close({ unload: true, limitMs: 2_000 });
  await Promise.all([closed, again]);
  expect(performance.now() - start).toBeLessThan(2_500);
});

it('tells programs that wait for their models that it ends, each in its language', async () => {
  const { airdock, fake, faults } = await started();
  const resume = fake.pauseLoads();
  const asked = ['/api/chat', '/v1/chat/completions'].map((route) => fetch(airdock.url + route, { method: 'POST', body: JSON.stringify({ model: 'one', messages: [] }) }));
  await fake.until(() => fake.loading() !== null, 5_000);
  await expect.poll(() => airdock.picture.state().requests.length).toBe(2);
  const closed = airdock.close();
  const [native, openai] = await Promise.all(asked);
  expect([native?.status, await native?.json()]).toEqual([503, { error: expect.stringContaining('Airdock is ending.') as string }]);
  expect([openai?.status, await openai?.json()]).toEqual([503, { error: expect.objectContaining({ message: expect.stringContaining('Airdock is ending.') as string }) as object }]);
  resume();
  await closed;
  expect(faults).toEqual([]);
});

it('waits for a use before it ends, and unloads what would stay where that is asked for', async () => {
  const { airdock, fake, client, entries } = await started();
  await client.loadModel('one');
  const told: string[] = [];
  const used = client.use('two', async (model) => {
    expect(airdock.leaving().inUse).toEqual([{ id: 'ollama/two:latest', name: 'two', holders: ['editor'] }]);
    void airdock.close({ unload: true, graceMs: 60_000 }).then(() => told.push('closed'));
    expect(await client.loadModel('one')).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    await model.generate('What is it?', { maxTokens: 3 });
    told.push('answered');
  });
  await used;
  await airdock.close({ graceMs: 60_000 });
  expect(told).toEqual(['answered', 'closed']);
  expect(fake.runners().filter(({ alive }) => alive)).toEqual([]);
  expect((await entries()).filter((entry) => entry.reason === 'shutdown').map((entry) => entry.name).sort()).toEqual(['one', 'two']);
});

it('tells of changed settings, and one bad listener costs nobody else the news', async () => {
  const { airdock, faults } = await started();
  const seen: number[] = [];
  airdock.config.subscribe(() => {
    throw new Error('bad listener');
  });
  const off = airdock.config.subscribe((config) => seen.push(config.models.max_concurrent_loaded));
  await airdock.operations.configSet({ set: { 'models.max_concurrent_loaded': 5 } }, { signal: new AbortController().signal, caller: 'dashboard' });
  off();
  await airdock.operations.configSet({ set: { 'models.max_concurrent_loaded': 6 } }, { signal: new AbortController().signal, caller: 'dashboard' });
  expect(seen).toEqual([5]);
  expect(airdock.config.current().models.max_concurrent_loaded).toBe(6);
  expect(faults).toHaveLength(2);
});

it('unloads before sleep where the settings say so, and looks anew after it', async () => {
  const { airdock, fake, client } = await started({ models: { unload_before_sleep: true } });
  await client.loadModel('one');
  await airdock.suspend();
  expect(fake.runners().filter(({ alive }) => alive)).toEqual([]);
  await fake.loadByOther('two');
  airdock.resume();
  await expect.poll(() => airdock.picture.state().loaded.map((model) => model.name), { timeout: 10_000 }).toEqual(['two']);
});
