import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startFakeOllama } from '../test/fakes/ollama/index.ts';
import { tempDir } from '../test/temp-dir.ts';
import type { Airdock } from './airdock.ts';
import { startAirdock } from './app.ts';

const MIB = 1024 * 1024;

async function place() {
  const fake = await startFakeOllama({ models: ['one', 'two'].map((name) => ({ name, blob: name, ramBytes: 50 * MIB, loadMs: 5 })) });
  const root = await tempDir();
  const dataDir = path.join(root, 'data');
  await mkdir(dataDir, { mode: 0o700 });
  // Closed last: before it those who talk to it.
  onTestFinished(() => fake.close());
  const start = async (dir = dataDir): Promise<Airdock> => {
    const outcome = await startAirdock({ dataDir: dir, port: 0, by: 'test', env: { HOME: root, OLLAMA_HOST: fake.url } });
    if (!outcome.ok) throw new Error(outcome.problem.message);
    onTestFinished(() => outcome.airdock.close());
    return outcome.airdock;
  };
  return { fake, root, dataDir, start };
}

const loaded = (airdock: Airdock) => airdock.picture.state().loaded.map(({ name, foreign, loadedBy }) => ({ name, foreign, loadedBy })).sort((a, b) => a.name.localeCompare(b.name));
const questions = (airdock: Airdock) => airdock.picture.state().advice.map(({ id }) => id);
const own = (name: string) => ({ name, foreign: false, loadedBy: 'test' });
const foreign = (name: string) => ({ name, foreign: true, loadedBy: null });

it('knows its own models again after an end, and asks nothing about other programs', async () => {
  const { fake, start } = await place();
  const before = await start();
  expect(await before.manager.loadModel('one')).toMatchObject({ ok: true });
  await before.close();
  const requests = fake.requests.length;
  const after = await start();
  await expect.poll(() => loaded(after)).toEqual([own('one')]);
  expect(questions(after)).not.toContain('unload-foreign');
  expect(await after.operations.activity({ limit: 1 }, { signal: new AbortController().signal, caller: 'test' })).toMatchObject({ entries: [{ kind: 'notice', name: 'one', parts: { what: 'stayed' } }] });
  // Its server is told anew how long to keep it, as for any model of Airdock's own.
  await fake.until(() => fake.requests.slice(requests).some(({ body }) => (body as { keep_alive?: number } | undefined)?.keep_alive === 360), 5_000);
});

it('knows its own models again after it was killed', async () => {
  const { fake, root, dataDir, start } = await place();
  const before = await start();
  expect(await before.manager.loadModel('one')).toMatchObject({ ok: true });
  await expect.poll(() => readFile(path.join(dataDir, 'loaded.json'), 'utf8').catch(() => ''), { timeout: 1_500 }).toContain('"loadedBy":"test"');
  // What lies on the disk at this moment is all that a killed one leaves behind.
  const left = path.join(root, 'left');
  await mkdir(left, { mode: 0o700 });
  await cp(path.join(dataDir, 'loaded.json'), path.join(left, 'loaded.json'));
  const after = await start(left);
  await expect.poll(() => loaded(after)).toEqual([own('one')]);
  expect(questions(after)).not.toContain('unload-foreign');
  expect(fake.runners().filter(({ alive }) => alive)).toHaveLength(1);
});

it.each([{ contextLength: 8192 }, { gone: true }])('asks about what another program has loaded meanwhile, %o', async ({ contextLength }) => {
  const { fake, start } = await place();
  const before = await start();
  expect(await before.manager.loadModel('one')).toMatchObject({ ok: true });
  await before.close();
  fake.unloadByOther('one');
  await fake.until(() => !fake.runners().some(({ alive }) => alive), 5_000);
  if (contextLength !== undefined) await fake.loadByOther('one', { numCtx: contextLength });
  await fake.loadByOther('two', { keepAliveMs: Infinity });
  const after = await start();
  await expect.poll(() => loaded(after)).toEqual(contextLength === undefined ? [foreign('two')] : [foreign('one'), foreign('two')]);
  expect(questions(after)).toContain('unload-foreign');
});

it('knows a model as its own once: one that left and came back is another program’s', async () => {
  const { fake, dataDir, start } = await place();
  const before = await start();
  expect(await before.manager.loadModel('one')).toMatchObject({ ok: true });
  await before.close();
  fake.unloadByOther('one');
  await fake.until(() => !fake.runners().some(({ alive }) => alive), 5_000);
  const after = await start();
  await expect.poll(() => after.picture.state().providers.find(({ id }) => id === 'ollama')?.status).toBe('up');
  await fake.loadByOther('one');
  const unwatch = after.picture.watch();
  onTestFinished(unwatch);
  await expect.poll(() => loaded(after)).toEqual([foreign('one')]);
  await after.close();
  expect(JSON.parse(await readFile(path.join(dataDir, 'loaded.json'), 'utf8'))).toEqual({ version: 1, models: [] });
});

it('keeps what it remembers where its start fails', async () => {
  const { dataDir, start } = await place();
  const record = { version: 1, models: [{ provider: 'ollama', url: 'http://127.0.0.1:1', weights: 'w', contextLength: 4096, pid: null, loadedBy: 'x', lastUsedAt: null, expiresAt: null, at: Date.now() }] };
  await writeFile(path.join(dataDir, 'loaded.json'), JSON.stringify(record));
  const holder = await start(path.join(dataDir, '..', 'other'));
  const outcome = await startAirdock({ dataDir, port: Number(new URL(holder.url).port), env: { HOME: dataDir } });
  expect(outcome.ok).toBe(false);
  expect(JSON.parse(await readFile(path.join(dataDir, 'loaded.json'), 'utf8'))).toEqual(record);
});
