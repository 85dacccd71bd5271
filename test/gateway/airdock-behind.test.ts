import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startAirdock } from '../../main/app.ts';
import { startFakeOllama } from '../fakes/ollama/index.ts';
import { tempDir } from '../temp-dir.ts';
import { ask, type Asking } from './fixture.ts';

const mib = 1024 * 1024;
const never = { signal: new AbortController().signal, caller: 'dashboard' };

/** An Airdock with an Ollama that has these models. */
async function airdockWith(names: string[], { config = {}, env = {} }: { config?: object; env?: Record<string, string> } = {}) {
  const fake = await startFakeOllama({ models: names.map((name) => ({ name, blob: name, sizeBytes: 20 * mib, ramBytes: 50 * mib, loadMs: 5 })) });
  onTestFinished(() => fake.close());
  const root = await tempDir();
  const dataDir = path.join(root, 'data');
  await mkdir(dataDir, { mode: 0o700 });
  await writeFile(path.join(dataDir, 'config.json'), JSON.stringify(config));
  const faults: unknown[] = [];
  const outcome = await startAirdock({ dataDir, port: 0, by: 'test', env: { HOME: root, OLLAMA_HOST: fake.url, ...env }, onFault: (fault) => faults.push(fault) });
  if (!outcome.ok) throw new Error(outcome.problem.message);
  const { airdock } = outcome;
  onTestFinished(async () => {
    await airdock.close();
    expect(faults).toEqual([]);
  });
  const key = await airdock.operations.appsKey({}, never);
  if (!key.ok) throw new Error(key.problem.message);
  const { port } = new URL(airdock.url);
  return {
    airdock,
    fake,
    key: key.value.key,
    models: () => airdock.picture.models().map(({ id }) => id).sort(),
    loaded: () => airdock.picture.state().loaded.map(({ id }) => id).sort(),
    set: (hosts: object[]) => airdock.operations.configSet({ set: { 'providers.ollama_hosts': hosts } }, never),
    ask: (asking: Asking) => ask(Number(port), asking),
  };
}

const host = (behind: { airdock: { url: string } }) => ({ id: 'box', host: behind.airdock.url, memory: 'own', key_env: 'BOX_KEY' });

describe('an Airdock behind another', () => {
  it('loads, answers and unloads for it', async () => {
    const behind = await airdockWith(['far']);
    const front = await airdockWith(['near'], { env: { BOX_KEY: behind.key }, config: { providers: { ollama_hosts: [host(behind)] } } });
    await expect.poll(front.models).toEqual(['box/far:latest', 'ollama/near:latest']);
    expect(await front.airdock.manager.loadModel('far')).toMatchObject({ ok: true });
    expect(behind.loaded()).toEqual(['ollama/far:latest']);
    const answer = await front.ask({ path: '/api/chat', body: { model: 'far', messages: [{ role: 'user', content: 'hi' }], stream: false } });
    expect([answer.status, answer.json]).toMatchObject([200, { done: true }]);
    expect(await front.airdock.manager.unloadModel('far', { confirm: true })).toMatchObject({ ok: true });
    expect(behind.fake.runners().filter(({ alive }) => alive)).toEqual([]);
    expect([behind.loaded(), front.loaded()]).toEqual([[], []]);
  });

  it('tells with its key what memory it has', async () => {
    const behind = await airdockWith(['c'], { config: { memory: { max_ram_usage_gb: 0.25 } } });
    const models = { max_concurrent_loaded: 4, overrides: { c: { ram_gb: 2 } } };
    const front = await airdockWith([], { env: { BOX_KEY: behind.key }, config: { models, providers: { ollama_hosts: [host(behind)] } } });
    const fit = async (name: string) => {
      const told = await front.airdock.manager.canLoadModel(name);
      return told.ok ? told.value.fit.kind : told.problem;
    };
    await expect.poll(() => fit('c'), { timeout: 5_000 }).toBe('too-big');
    await front.set([{ ...host(behind), ram_gb: 8 }]);
    await expect.poll(() => fit('c')).toBe('fits');
    await front.set([host(behind)]);
    await expect.poll(() => fit('c'), { timeout: 5_000 }).toBe('too-big');
    await front.set([{ ...host(behind), key_env: null }]);
    await expect.poll(() => fit('c')).toBe('fits');
  });

  it('and that one behind it: their lists do not grow, and nothing goes in a circle', async () => {
    const [one, two] = [await airdockWith(['x']), await airdockWith(['y'])];
    await one.set([{ id: 'box', host: two.airdock.url, memory: 'own' }]);
    await two.set([{ id: 'box', host: one.airdock.url, memory: 'own' }]);
    await expect.poll(() => [one.models(), two.models()]).toEqual([['box/y:latest', 'ollama/x:latest'], ['box/x:latest', 'ollama/y:latest']]);
    expect(await one.airdock.manager.loadModel('y')).toMatchObject({ ok: true });
    await expect.poll(two.loaded).toEqual(['ollama/y:latest']);
    for (const side of [one, two, one, two]) await side.ask({ path: '/api/pull', body: { model: 'nothing' }, headers: { authorization: `Bearer ${side.key}` } });
    expect([one.models(), two.models()]).toEqual([['box/y:latest', 'ollama/x:latest'], ['box/x:latest', 'ollama/y:latest']]);
    expect([one.loaded(), two.loaded()]).toEqual([['box/y:latest'], ['ollama/y:latest']]);
    const circle = await two.ask({ path: '/api/chat', body: { model: 'box/x', messages: [] }, headers: { 'x-airdock-hop': 'a, b, c, d' } });
    expect(circle.status).toBe(508);
  });
});
