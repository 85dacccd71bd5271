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
