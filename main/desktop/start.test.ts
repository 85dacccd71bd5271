import { EventEmitter } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { problem } from '../../contract/index.ts';
import { createFakeElectron, type FakeElectron } from '../../test/fakes/electron/index.ts';
import { activityFixture } from '../../test/snapshot-fixture.ts';
import { tempDir } from '../../test/temp-dir.ts';
import { startAirdock } from '../app.ts';
import type { Airdock } from '../airdock.ts';
import type { StoreListener } from '../manager/store.ts';
import { startDesktop, type DesktopOptions } from './start.ts';

const started: { fake: FakeElectron; airdock: Airdock | null; system: EventEmitter }[] = [];
afterEach(async () => {
  for (const { fake, airdock } of started.splice(0)) {
    await airdock?.close();
    await fake.dispose();
  }
});

/** The real engine, in a data folder of its own, under a stand-in for Electron. */
async function start(args: readonly string[] = [], change: DesktopOptions & { dataDir?: string; fake?: FakeElectron } = {}) {
  const dataDir = change.dataDir ?? (await tempDir());
  const fake = change.fake ?? createFakeElectron({ root: dataDir, isPackaged: true });
  const system = Object.assign(new EventEmitter(), { stdout: new EventEmitter(), stderr: new EventEmitter() });
  const run = { fake, system, dataDir, airdock: null as Airdock | null };
  started.push(run);
  startDesktop(fake.electron, {
    platform: 'linux',
    argv: ['airdock', '.', ...args, '--port=0'],
    env: { AIRDOCK_DATA_DIR: dataDir, XDG_CONFIG_HOME: path.join(dataDir, 'config'), XDG_CURRENT_DESKTOP: 'KDE' },
    process: system as never,
    start: async (options) => {
      const outcome = await startAirdock(options);
      if (outcome.ok) run.airdock = outcome.airdock;
      return outcome;
    },
    ...change,
  });
  return run;
}
const runs = async (fake: FakeElectron) => expect.poll(() => fake.channels().length, { timeout: 20_000 }).toBeGreaterThan(5);
const logOf = (dataDir: string) => readFile(path.join(dataDir, 'logs/airdock.log'), 'utf8');

describe('startDesktop', () => {
  it('prepares what has to be there before Electron is ready', async () => {
    const fake = createFakeElectron({ autoReady: false, isPackaged: true });
    const { dataDir } = await start(['--hidden'], { fake });
    expect([...fake.protocol.privileged.keys()]).toEqual(['app']);
    expect(fake.record.userModelId).toBe('dev.airdock.desktop');
    expect(fake.electron.app.getPath('userData')).toBe(path.join(dataDir, 'browser'));
    expect(fake.applicationMenu.menu).toBeNull();
  });

  it('opens its window once the engine runs', async () => {
    const { fake, dataDir } = await start();
    await runs(fake);
    expect(fake.openWindows()).toHaveLength(1);
    expect(fake.tray()).toBeDefined();
    expect(await logOf(dataDir)).toContain('Airdock runs');
  });

  it('tells news while its window is merely open behind others', async () => {
    let tell: Partial<StoreListener> = {};
    const { fake } = await start([], {
      start: async (options) => {
        const outcome = await startAirdock(options);
        if (!outcome.ok) return outcome;
        const { picture } = outcome.airdock;
        const subscribe: typeof picture.subscribe = (listener) => ((tell = listener.activity ? listener : tell), picture.subscribe(listener));
        return { ok: true, airdock: { ...outcome.airdock, picture: { ...picture, subscribe } } };
      },
    });
    await runs(fake);
    await expect.poll(() => fake.openWindows()[0]?.window.isFocused()).toBe(true);
    tell.activity?.([activityFixture(1, { kind: 'crashed', reason: 'other', name: 'seen', model: 'a', by: null, code: 'internal' })]);
    fake.openWindows()[0]?.window.blur();
    tell.activity?.([activityFixture(2, { kind: 'crashed', reason: 'other', name: 'phi', model: 'b', by: null, code: 'internal' })]);
    await expect.poll(() => fake.shownNotifications().map(({ title }) => title)).toEqual(['phi has crashed']);
    fake.electron.app.quit();
    await fake.exited;
  });

  it('opens none when it is started hidden, until somebody asks', async () => {
    const { fake } = await start(['--hidden']);
    await runs(fake);
    expect(fake.windows()).toEqual([]);
    fake.secondLaunch(['airdock', '--hidden']);
    expect(fake.windows()).toEqual([]);
    fake.secondLaunch(['airdock', '--some-switch-of-chromium']);
    expect(fake.openWindows()).toHaveLength(1);
    // Closing the last window does not end it.
    let quits = 0;
    fake.electron.app.on('before-quit', () => (quits += 1));
    fake.openWindows()[0]?.window.destroy();
    await new Promise(setImmediate);
    expect(quits).toBe(0);
    fake.activate();
    expect(fake.openWindows()).toHaveLength(1);
  });

  it.each([[true, 0], [false, 1]])('on macOS, opened at login (%s), opens %i windows', async (wasOpenedAtLogin, windows) => {
    const fake = createFakeElectron({ platform: 'darwin', root: await tempDir(), isPackaged: true, autoReady: false });
    fake.loginItem.wasOpenedAtLogin = wasOpenedAtLogin;
    await start([], { fake, platform: 'darwin' });
    fake.becomeReady();
    await runs(fake);
    expect(fake.openWindows()).toHaveLength(windows);
  });

  it('on macOS, has its menu in the language of the settings', async () => {
    const fake = createFakeElectron({ platform: 'darwin', root: await tempDir(), isPackaged: true, languages: ['de-DE'], autoReady: false });
    const run = await start(['--hidden'], { fake, platform: 'darwin' });
    const edit = () => fake.applicationMenu.menu?.items[1]?.label;
    expect(edit()).toBe('Bearbeiten');
    fake.becomeReady();
    await runs(fake);
    expect(edit()).toBe('Bearbeiten');
    await run.airdock?.operations.configSet({ set: { 'ui.language': 'en' } }, { signal: new AbortController().signal, caller: 'test' });
    await expect.poll(edit).toBe('Edit');
  });

  it('gives way to the Airdock that runs', async () => {
    const fake = createFakeElectron({ lockHeld: true });
    await start([], { fake });
    await fake.exited;
    expect(fake.protocol.privileged.size).toBe(0);
    expect(fake.trays()).toEqual([]);
  });

  it('ends on a signal without a question, and leaves the folder free', async () => {
    const { fake, system, dataDir } = await start(['--hidden']);
    await runs(fake);
    system.emit('SIGTERM');
    expect(await fake.exited).toBe(0);
    const again = await startAirdock({ dataDir, port: 0 });
    expect(again.ok).toBe(true);
    if (again.ok) await again.airdock.close();
  });

  it('waits for an engine that is just starting when it is ended', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let airdock: Airdock | null = null;
    const { fake, dataDir } = await start(['--hidden'], {
      start: async (options) => {
        await held;
        const outcome = await startAirdock(options);
        if (outcome.ok) airdock = outcome.airdock;
        return outcome;
      },
    });
    await expect.poll(() => fake.trays().length).toBe(1);
    fake.electron.app.quit();
    release();
    await fake.exited;
    expect(airdock).not.toBeNull();
    const again = await startAirdock({ dataDir, port: 0 });
    expect(again.ok).toBe(true);
    if (again.ok) await again.airdock.close();
  });

  it('connects nothing any more where the end has begun when the engine is just there', async () => {
    const { fake } = await start([], {
      start: async (options) => {
        const outcome = await startAirdock(options);
        if (!outcome.ok) return outcome;
        fake.electron.app.quit();
        // An end that takes its time, as it does with models in memory.
        const close: Airdock['close'] = (how) => new Promise((resolve) => setTimeout(resolve, 200)).then(() => outcome.airdock.close(how));
        return { ok: true, airdock: { ...outcome.airdock, close } };
      },
    });
    await fake.exited;
    expect([fake.channels(), fake.windows()]).toEqual([[], []]);
  });

  it('begins anew after its end for whoever starts it meanwhile, with the arguments that it had', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { fake } = await start(['--hidden'], {
      start: async (options) => {
        const outcome = await startAirdock(options);
        if (!outcome.ok) return outcome;
        const close: Airdock['close'] = (how) => held.then(() => outcome.airdock.close(how));
        return { ok: true, airdock: { ...outcome.airdock, close } };
      },
    });
    await runs(fake);
    fake.electron.app.quit();
    await new Promise(setImmediate);
    fake.secondLaunch(['airdock', '--hidden']);
    fake.secondLaunch();
    release();
    await fake.exited;
    expect(fake.windows()).toEqual([]);
    expect(fake.relaunches).toEqual([{ args: ['.', '--port=0'] }]);
  });

  it('offers the dashboard of the Airdock that has the data folder', async () => {
    const dataDir = await tempDir();
    const other = await startAirdock({ dataDir, port: 0 });
    if (!other.ok) throw new Error(other.problem.message);
    const { fake } = await start([], { dataDir });
    const question = await fake.dialogs.next();
    expect(question.options.message).toBe('Airdock is running already');
    question.answer('Open its dashboard');
    await fake.exited;
    expect(fake.opened.external.join()).toContain(`${other.airdock.url}/#code=`);
    expect(await logOf(dataDir)).not.toContain('#code=');
    await other.airdock.close();
  });

  it('started hidden, leaves the data folder to the Airdock that has it without a word', async () => {
    const dataDir = await tempDir();
    const other = await startAirdock({ dataDir, port: 0 });
    if (!other.ok) throw new Error(other.problem.message);
    const { fake } = await start(['--hidden'], { dataDir });
    expect(await fake.exited).toBe(0);
    expect(fake.dialogs.asked).toEqual([]);
    expect(await logOf(dataDir)).toContain('Airdock could not start');
    await other.airdock.close();
  });

  it('says what is wrong where it cannot start', async () => {
    const other = await startAirdock({ dataDir: await tempDir(), port: 0 });
    if (!other.ok) throw new Error(other.problem.message);
    const { fake } = await start([`--port=${new URL(other.airdock.url).port}`]);
    const question = await fake.dialogs.next();
    expect(question.options.message).toBe('Airdock could not start');
    expect(question.options.detail).toContain(new URL(other.airdock.url).port);
    question.answer('Quit');
    await fake.exited;
    await other.airdock.close();
  });

  it('says in the tray, too, that it could not start, and can be ended while it explains', async () => {
    const refused = { ok: false, problem: problem('bad-folder', 'It is read-only.'), heldBy: null, dataDir: '/d' } as const;
    const { fake } = await start(['--hidden'], { start: async () => refused });
    await fake.dialogs.next();
    expect(fake.tray().toolTip()).toBe('Airdock could not start');
    fake.electron.app.quit();
    const slow = new Promise<'slow'>((resolve) => setTimeout(resolve, 5_000, 'slow').unref());
    expect(await Promise.race([fake.exited, slow])).toBe(0);
  });

  it('writes neither the token nor the key for apps into its log, also a key that was made later', async () => {
    const { fake, system, dataDir } = await start(['--hidden']);
    await runs(fake);
    const { airdock } = started.at(-1) ?? {};
    const before = airdock?.secrets() ?? [];
    expect(before).toHaveLength(2);
    expect(before).toContain((await readFile(path.join(dataDir, 'token'), 'utf8')).trim());
    const made = await airdock?.operations.newAppsKey({}, { signal: new AbortController().signal, caller: 'test' });
    const key = made?.ok ? made.value.key : '';
    expect(key).toHaveLength(43);
    expect(before).not.toContain(key);
    system.emit('unhandledRejection', new Error(`refused ${before[0]}, then ${key}`));
    await expect.poll(() => logOf(dataDir)).toContain('refused [secret], then [secret]');
  });

  it('keeps its files from other users', async () => {
    const { fake, dataDir } = await start(['--hidden']);
    await runs(fake);
    for (const name of ['logs', 'browser']) expect((await stat(path.join(dataDir, name))).mode & 0o077).toBe(0);
  });

  it('tells the system’s own box of what nobody expected', async () => {
    const { fake } = await start([], { start: () => Promise.reject(new Error('torn')) });
    expect(await fake.exited).toBe(1);
    expect(fake.dialogs.errorBoxes[0]?.content).toContain('torn');
  });
});
