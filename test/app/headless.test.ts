import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { findHolder } from '../../main/data/lock.ts';
import { outerAddresses } from '../web-fixture.ts';
import { load, pidOf, runHeadless, startApp, type App } from './airdock.ts';
import { ordinaryUser } from './other-user.ts';
import { newPlace, type Place, type Test } from './place.ts';
import { isAlive } from './processes.ts';
import { until } from './until.ts';

const samples = inject('sampleFiles');

const here = (place: Place): string[] => ['--port', '0', '--data-dir', place.dataDir, '--no-open'];

/** A port that another program has. */
async function takenPort(test: Test): Promise<number> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Starts an Airdock with these in memory. */
async function withModels(test: Test, place: Place, names: readonly string[]): Promise<{ app: App; pids: number[] }> {
  const app = await startApp(test, place, { ownGroup: true });
  const pids: number[] = [];
  for (const name of names) pids.push(pidOf(await load(app, name)));
  expect(pids.every(isAlive)).toBe(true);
  return { app, pids };
}

describe('the command line', () => {
  it.for([['--port', '70000'], ['--port', 'any'], ['--port', '1.5'], ['--data-dir'], ['--nonsense'], ['start']])('%s is answered with the usage and exit code 2', async (args, test) => {
    const place = await newPlace(test);
    const started = runHeadless(test, place, args);
    expect(await started.ended).toEqual({ code: 2, signal: null });
    expect(started.stderr).toMatch(/^\S.+\n\nairdock, without a tray\n/);
    expect(started.stderr).not.toMatch(/ {4}at |TypeError/);
    expect(started.stdout).toBe('');
    expect(await readdir(place.dataDir)).toEqual([]);
  });

  it('--help prints the usage', async (test) => {
    const started = runHeadless(test, await newPlace(test), ['--help']);
    expect(await started.ended).toEqual({ code: 0, signal: null });
    expect(started.stdout).toContain('--data-dir DIR');
  });
});

describe('a port that is taken', () => {
  it('by another program is named; the app does not move to another one', async (test) => {
    const place = await newPlace(test);
    const port = await takenPort(test);
    const started = runHeadless(test, place, ['--port', String(port), '--data-dir', place.dataDir, '--no-open']);
    expect(await started.ended).toEqual({ code: 1, signal: null });
    // Linux tells which one it is.
    const holder = process.platform === 'linux' ? ` \\([^)]+, process ${process.pid}\\)` : '';
    expect(started.stderr).toMatch(new RegExp(`^Airdock could not start: Another program${holder} has port ${port}\\.`));
    expect(started.stdout).toBe('');
    expect(await findHolder(place.dataDir)).toBeNull();
  });

  it('from the settings, by an Airdock of another data folder, is told as that', async (test) => {
    const first = await startApp(test, await newPlace(test));
    const { port } = new URL(first.url);
    const place = await newPlace(test, { config: { gateway: { port: Number(port) } } });
    const started = runHeadless(test, place, ['--data-dir', place.dataDir, '--no-open']);
    expect(await started.ended).toEqual({ code: 1, signal: null });
    expect(started.stderr).toContain(`Another Airdock, of another data folder or another user, has port ${port}.`);
  });
});

it.skipIf(outerAddresses().length === 0)('--lan says where it is found and where the key lies, never the key; and listens there', async (test) => {
  const place = await newPlace(test);
  const app = await startApp(test, place, { args: ['--lan'] });
  await app.process.says(/Ctrl\+C ends it/);
  const { port } = new URL(app.url);
  const [outer = ''] = outerAddresses();
  expect(app.process.stdout).toContain(`\n  http://${outer}:${port}\n`);
  expect(app.process.stdout).toContain(path.join(place.dataDir, 'key'));
  const key = (await readFile(path.join(place.dataDir, 'key'), 'utf8')).trim();
  expect(app.process.stdout + app.process.stderr).not.toContain(key);
  const tags = async (headers: Record<string, string>): Promise<number> => (await fetch(`http://${outer}:${port}/api/tags`, { headers })).status;
  expect([await tags({}), await tags({ authorization: `Bearer ${key}` })]).toEqual([401, 200]);
});

describe('a second start on one data folder', () => {
  const signIn = (link: string): Promise<Response> => {
    const { origin, hash } = new URL(link);
    return fetch(`${origin}/airdock/v1/session`, { method: 'POST', headers: { origin, 'content-type': 'application/json' }, body: JSON.stringify({ code: hash.slice('#code='.length) }) });
  };

  it('prints a link to the first and ends', async (test) => {
    const place = await newPlace(test);
    const app = await startApp(test, place);
    const second = runHeadless(test, place, here(place));
    expect(await second.ended).toEqual({ code: 0, signal: null });
    const link = /^ {2}(http:\S+)\n/m.exec(second.stdout)?.[1] ?? '';
    expect(new URL(link).origin).toBe(app.url);
    expect(link).not.toBe(app.link);
    expect((await signIn(link)).status).toBe(200);
    expect((await signIn(link)).status).toBe(401);
  });

  it('at the very same moment leaves one running, and the others lead to it', async (test) => {
    const place = await newPlace(test);
    const all = [1, 2, 3].map(() => runHeadless(test, place, here(place)));
    const links = await Promise.all(all.map((one) => one.says(/^ {2}(http:\S+)\n/m)));
    expect(new Set(links.map(([, link = '']) => new URL(link).origin)).size).toBe(1);
    const owner = await findHolder(place.dataDir);
    for (const one of all) if (one.pid !== owner?.pid) expect(await one.ended).toEqual({ code: 0, signal: null });
    expect(all.filter(({ pid }) => isAlive(pid)).map(({ pid }) => pid)).toEqual([owner?.pid]);
  });
});

describe('the end', () => {
  it.for(['SIGTERM', 'SIGHUP'] as const)('%s ends it and its models within seconds and lets go of the folder', async (signal, test) => {
    const place = await newPlace(test, { samples });
    const { app, pids } = await withModels(test, place, ['sample-small']);
    const asked = Date.now();
    app.process.kill(signal);
    expect(await app.process.ended).toEqual({ code: 0, signal: null });
    expect(Date.now() - asked).toBeLessThan(5_000);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(await findHolder(place.dataDir)).toBeNull();
    expect(app.process.stderr).toBe('');
  });

  it('Ctrl+C, which reaches the models’ processes as well, in the middle of a load ends everything', async (test) => {
    const place = await newPlace(test, { samples });
    const { app, pids } = await withModels(test, place, ['sample-small']);
    const answer = app.loadModel('sample-medium');
    await until(app.loaded, (models) => models.some((model) => model.state === 'loading' && model.pid !== null));
    app.process.killGroup('SIGINT');
    expect(await app.process.ended).toEqual({ code: 0, signal: null });
    expect(await answer).toMatchObject({ ok: false });
    await until(() => pids.filter(isAlive), (alive) => alive.length === 0, 1_000);
    expect(app.process.stderr).toBe('');
  });

  it('kill -9 leaves no model behind, and the next start takes over with the history', async (test) => {
    const place = await newPlace(test, { samples });
    const { app, pids } = await withModels(test, place, ['sample-small', 'sample-medium']);
    // Entries are written a moment after they were told.
    await until(() => readFile(path.join(place.dataDir, 'activity.jsonl'), 'utf8'), (text) => text.includes('sample-medium was loaded'));
    app.process.kill('SIGKILL');
    expect(await app.process.ended).toEqual({ code: null, signal: 'SIGKILL' });
    await until(() => pids.filter(isAlive), (alive) => alive.length === 0, 5_000);
    const next = await startApp(test, place);
    expect((await findHolder(place.dataDir))?.pid).toBe(next.process.pid);
    expect(await next.loaded()).toEqual([]);
    const told = (await next.activity()).map((entry) => entry.text);
    expect(told).toContainEqual(expect.stringMatching(/^sample-small was loaded in /));
    expect(told).toContainEqual(expect.stringMatching(/^sample-medium was loaded in /));
  });
});

it('what was decided, and why, survives restarts', async (test) => {
  const place = await newPlace(test, { samples, config: { models: { max_concurrent_loaded: 1 } } });
  const first = await startApp(test, place);
  await load(first, 'sample-small');
  await load(first, 'sample-medium', { force: true });
  expect(await first.unloadModel('sample-medium')).toMatchObject({ ok: true });
  const before = (await first.activity()).filter((entry) => entry.model !== null);
  expect(before.map(({ kind, reason, name }) => [kind, reason, name])).toEqual([
    ['unloaded', 'asked', 'sample-medium'],
    ['loaded', 'asked', 'sample-medium'],
    ['unloaded', 'room', 'sample-small'],
    ['loaded', 'asked', 'sample-small'],
  ]);
  await first.stop();

  const second = await startApp(test, place);
  expect((await second.activity()).filter((entry) => before.some(({ id }) => id === entry.id))).toEqual(before);
  expect(await second.call('why', { model: 'sample-small' })).toMatchObject({ ok: true, value: { text: expect.stringContaining('to make room for sample-medium') } });
  await load(second, 'sample-small');
  const newest = (await second.activity()).find((entry) => entry.name === 'sample-small');
  expect(newest?.id).toBeGreaterThan(before[0]?.id ?? Infinity);
});

describe('settings', () => {
  it('that are broken at the start are told with their line, kept as they are, and read again once mended', async (test) => {
    const broken = '{\n  // mine\n  "models": {\n    "max_concurrent_loaded": 1,\n    "idle_timeout_seconds" 60\n  }\n}\n';
    const place = await newPlace(test, { samples, config: broken });
    const file = path.join(place.dataDir, 'config.json');
    const app = await startApp(test, place);
    const { state } = await app.getStatus();
    expect(state.configProblem).toMatchObject({ code: 'bad-config', message: expect.stringContaining('line 5') });
    expect(state.configProblem?.message).toContain(file);
    expect(await app.call('configSet', { set: { 'models.max_concurrent_loaded': 3 } })).toMatchObject({ ok: false, problem: { code: 'bad-config' } });
    expect(await app.call('pin', { model: 'sample-small', pinned: true })).toMatchObject({ ok: false, problem: { code: 'bad-config' } });
    expect(await readFile(file, 'utf8')).toBe(broken);
    await load(app, 'sample-small');

    await place.configure(broken.replace('seconds"', 'seconds":'));
    const mended = await until(async () => (await app.getStatus()).state, ({ configProblem }) => configProblem === null);
    expect(mended.limit).toBe(1);
    expect(mended.loaded).toMatchObject([{ name: 'sample-small', idleTimeoutMs: 60_000 }]);
  });

  it('whose file cannot be read do not keep it from starting', async (test) => {
    const place = await newPlace(test);
    await mkdir(path.join(place.dataDir, 'config.json'));
    const app = await startApp(test, place);
    expect((await app.getStatus()).state.configProblem).toMatchObject({ code: 'bad-config', message: expect.stringMatching(/config\.json cannot be read: /) });
  });
});

describe('a data folder that cannot be used', () => {
  it('because it is a file, or lies under one', async (test) => {
    const place = await newPlace(test);
    const file = path.join(place.root, 'letter.txt');
    await writeFile(file, 'Dear reader');
    for (const [dir, words] of [[file, 'a file of that name is in the way'], [path.join(file, 'below'), 'a part of its path is not a folder']] as const) {
      const started = runHeadless(test, place, ['--port', '0', '--data-dir', dir, '--no-open']);
      expect(await started.ended).toEqual({ code: 1, signal: null });
      expect(started.stderr).toMatch(/^Airdock could not start: /);
      expect(started.stderr).toContain(words);
      expect(started.stderr).toContain('Choose another folder with --data-dir or AIRDOCK_DATA_DIR.');
    }
    expect(await readFile(file, 'utf8')).toBe('Dear reader');
  });

  it.skipIf(process.platform === 'win32')('because this user may not write there', async (test) => {
    const place = await newPlace(test);
    await chmod(place.root, 0o755);
    await chmod(place.dataDir, 0o555);
    const started = runHeadless(test, place, here(place), await ordinaryUser(test, place));
    expect(await started.ended).toEqual({ code: 1, signal: null });
    expect(started.stderr).toBe(`Airdock could not start: Airdock cannot use its data folder ${place.dataDir}: this user has no permission.\nChoose another folder with --data-dir or AIRDOCK_DATA_DIR.\n`);
    expect(await readdir(place.dataDir)).toEqual([]);
  });
});
