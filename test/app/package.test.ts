import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { findHolder } from '../../main/data/lock.ts';
import { load, pidOf, startApp, type App } from './airdock.ts';
import { newPlace } from './place.ts';
import { isAlive, type Started } from './processes.ts';
import { newProject } from './project.ts';
import { until } from './until.ts';

const samples = inject('sampleFiles');

/** What a script printed as its last line, as JSON. */
const lastLine = ({ stdout }: Started): unknown => JSON.parse(stdout.trim().split('\n').at(-1) ?? '');

const loadAndTell = `
import { getModelManager } from 'airdock';
const manager = await getModelManager();
const before = await manager.getAvailableRam();
const outcome = await manager.loadModel('sample-small');
const loaded = await manager.getLoadedModels();
await manager.printStatus((text) => process.stderr.write(text));
await manager.close();
console.log(JSON.stringify({ before, outcome, loaded }));
`;

/** Says who it is, uses a model when told to, until it is told to stop. */
const useUntilTold = `
import { createInterface } from 'node:readline';
import { getModelManager } from 'airdock';
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const manager = await getModelManager();
console.log('ready');
await lines.next();
await manager.use('sample-small', async (model) => {
  console.log('using ' + model.id);
  await lines.next();
  console.log('said ' + JSON.stringify(await model.generate('Hello', { maxTokens: 3 })));
});
await manager.close();
console.log('done');
process.stdin.destroy();
`;

describe('a script without an Airdock', () => {
  it('becomes the owner, does its work, and leaves nothing', async (test) => {
    const place = await newPlace(test, { samples });
    const script = await (await newProject(test, place)).run('alone', loadAndTell);
    expect(await script.ended).toEqual({ code: 0, signal: null });
    expect(lastLine(script)).toMatchObject({ outcome: { ok: true, value: { already: false } }, loaded: [{ id: 'llama.cpp/sample-small', state: 'ready', loadedBy: `script ${script.pid}` }] });
    const { before, loaded } = lastLine(script) as { before: number; loaded: { pid: number; ramUsed: number }[] };
    expect(before).toBeGreaterThan(loaded[0]?.ramUsed ?? Infinity);
    expect(script.stderr).toMatch(/sample-small/);
    expect(loaded.map(({ pid }) => pid).filter(isAlive)).toEqual([]);
    expect(await findHolder(place.dataDir)).toBeNull();
  });

  it('that is stopped by Ctrl+C or process.exit in the middle of its work leaves nothing either', async (test) => {
    const place = await newPlace(test, { samples });
    const project = await newProject(test, place);
    const stopped = await project.run('stopped', useUntilTold);
    await stopped.says(/ready/);
    stopped.write('use\n');
    await stopped.says(/using/);
    stopped.kill('SIGINT');
    expect(await stopped.ended).toEqual({ code: null, signal: 'SIGINT' });
    expect(await findHolder(place.dataDir)).toBeNull();

    const source = "import { getModelManager } from 'airdock'; const manager = await getModelManager(); const outcome = await manager.loadModel('sample-small'); console.log(JSON.stringify(outcome)); process.exit(3);";
    const hasty = await project.run('hasty', source);
    expect(await hasty.ended).toEqual({ code: 3, signal: null });
    const { pid } = (lastLine(hasty) as { value: { model: { pid: number } } }).value.model;
    await until(() => isAlive(pid), (alive) => !alive, 3_000);
  });
});

describe('a script beside a running Airdock', () => {
  it('works with its models and leaves them to it', async (test) => {
    const place = await newPlace(test, { samples });
    const app = await startApp(test, place);
    const script = await (await newProject(test, place)).run('guest', loadAndTell);
    expect(await script.ended).toEqual({ code: 0, signal: null });
    const [model] = await app.loaded();
    expect(lastLine(script)).toMatchObject({ outcome: { ok: true, value: { model: { pid: model?.pid } } }, loaded: [{ loadedBy: `script ${script.pid}` }] });
    expect(isAlive(model?.pid ?? 0)).toBe(true);
    expect((await findHolder(place.dataDir))?.pid).toBe(app.process.pid);
    expect(await app.activity()).toContainEqual(expect.objectContaining({ kind: 'loaded', by: `script ${script.pid}` }));
  });

  it('keeps a model from being unloaded while it uses it', async (test) => {
    const place = await newPlace(test, { samples, config: { models: { max_concurrent_loaded: 1, idle_timeout_seconds: 0 } } });
    const app = await startApp(test, place);
    const script = await (await newProject(test, place)).run('user', useUntilTold);
    script.write('use\n');
    await script.says(/using llama\.cpp\/sample-small/);
    const pid = pidOf((await app.loaded())[0]!);
    expect(await app.unloadModel('sample-small')).toMatchObject({ ok: false, problem: { code: 'in-use', message: `sample-small is in use by script ${script.pid}.` } });
    expect(await app.unloadModel('sample-small', { confirm: true })).toMatchObject({ ok: false, problem: { code: 'in-use' } });
    expect(await app.unloadIdleModels({ idleForSeconds: 0 })).toEqual({ ok: true, value: { unloaded: [] } });
    const refused = await app.loadModel('sample-medium', { force: true });
    expect(refused).toMatchObject({ ok: false, problem: { code: 'limit-reached', message: expect.stringContaining('sample-small is in use') } });
    expect(isAlive(pid)).toBe(true);
    script.write('stop\n');
    expect(await script.ended).toEqual({ code: 0, signal: null });
    expect(script.stdout).toMatch(/said ".+"\ndone/);
    // Its timeout is zero: unused, it goes at once.
    const [last] = await until(() => app.activity(), ([entry]) => entry?.kind === 'unloaded');
    expect(last).toMatchObject({ reason: 'idle', name: 'sample-small' });
    expect(isAlive(pid)).toBe(false);
  });

  it('is told when Airdock ends under it', async (test) => {
    const place = await newPlace(test, { samples });
    const app = await startApp(test, place);
    const source = `
import { AirdockError, getModelManager } from 'airdock';
const manager = await getModelManager();
console.log('ready');
try {
  await manager.use('sample-small', async () => {
    console.log('using');
    for (;;) await manager.getLoadedModels();
  });
} catch (error) {
  console.log(JSON.stringify({ ours: error instanceof AirdockError, code: error.code, message: error.message }));
}
await manager.close();
`;
    const script = await (await newProject(test, place)).run('left', source);
    await script.says(/using/);
    await app.stop();
    expect(await script.ended).toEqual({ code: 0, signal: null });
    expect(lastLine(script)).toMatchObject({ ours: true, code: 'not-running', message: expect.stringMatching(/^Airdock cannot be reached at http/) });
  });
});

it('two scripts at once on one data folder share one owner', async (test) => {
  const place = await newPlace(test, { samples });
  const project = await newProject(test, place);
  const scripts = await Promise.all(['one', 'two'].map((name) => project.run(name, useUntilTold)));
  await Promise.all(scripts.map((script) => script.says(/ready/)));
  const owner = await findHolder(place.dataDir);
  const first = scripts.find(({ pid }) => pid === owner?.pid);
  const guest = scripts.find((script) => script !== first);
  if (first === undefined || guest === undefined) throw new Error('none of them owns the folder');
  for (const script of scripts) script.write('use\n');
  await Promise.all(scripts.map((script) => script.says(/using llama\.cpp\/sample-small/)));
  const { state } = (await (await fetch(`${owner?.url}/airdock/v1/snapshot`, { headers: { authorization: `Bearer ${(await readFile(path.join(place.dataDir, 'token'), 'utf8')).trim()}` } })).json()) as Awaited<ReturnType<App['getStatus']>>;
  expect(state.loaded.map(({ name }) => name)).toEqual(['sample-small']);
  expect(state.loaded[0]?.uses.map(({ holder }) => holder).sort()).toEqual(scripts.map(({ pid }) => `script ${pid}`).sort());
  guest.write('stop\n');
  expect(await guest.ended).toEqual({ code: 0, signal: null });
  first.write('stop\n');
  expect(await first.ended).toEqual({ code: 0, signal: null });
  expect(await findHolder(place.dataDir)).toBeNull();
});

it('a model whose holder was killed is free again when its time is over', async (test) => {
  const place = await newPlace(test, { samples });
  const app = await startApp(test, place);
  await load(app, 'sample-small');
  const ttlMs = 1_500;
  const source = `
const [url, token] = process.argv.slice(2);
const call = async (operation, input) =>
  (await fetch(url + '/airdock/v1/' + operation, { method: 'POST', headers: { authorization: 'Bearer ' + token, 'content-type': 'application/json' }, body: JSON.stringify(input) })).json();
const { value } = await call('acquire', { model: 'sample-small', holder: 'a script', ttlMs: ${ttlMs} });
setInterval(async () => console.log((await call('renew', { lease: value.id })).ok ? 'renewed' : 'gone'), ${ttlMs / 3});
console.log('held');
`;
  const token = (await readFile(path.join(place.dataDir, 'token'), 'utf8')).trim();
  const script = await (await newProject(test, place)).run('holder', source, [app.url, token]);
  // Longer than its time, so that only the renewals can have kept it.
  await script.says(/(renewed\s+){5}/);
  const refused = { ok: false, problem: { code: 'in-use', message: 'sample-small is in use by a script.' } };
  expect(await app.unloadModel('sample-small')).toMatchObject(refused);
  script.kill('SIGKILL');
  await script.ended;
  const killed = Date.now();
  expect(await app.unloadModel('sample-small')).toMatchObject(refused);
  await until(() => app.unloadModel('sample-small'), ({ ok }) => ok, 5_000);
  expect(Date.now() - killed).toBeGreaterThan(ttlMs / 2);
  expect(await app.loaded()).toEqual([]);
});
