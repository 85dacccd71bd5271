import { EventEmitter } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { problem, type DesktopState } from '../../../contract/index.ts';
import { createFakeElectron } from '../../../test/fakes/electron/index.ts';
import { tempDir } from '../../../test/temp-dir.ts';
import type { StartOutcome } from '../../airdock.ts';
import { desktopText } from '../text/text.ts';
import { setAppMenu } from './app-menu.ts';
import { createAttention } from './attention.ts';
import { createDesktopState, type DesktopStateDeps } from './desktop-state.ts';
import { explainRefusal, startEngine, type EngineStartDeps, type Refused } from './engine-start.ts';
import { createFirstClose, type FirstCloseDeps } from './first-close.ts';
import { readLaunch } from './launch.ts';
import { followPower } from './power.ts';

const fail = (fault: unknown): never => {
  throw fault;
};
const text = () => desktopText('en');

describe('readLaunch', () => {
  it('finds its own among those of Chromium', () => {
    expect(readLaunch(['airdock'], '/here')).toEqual({ hidden: false, dataDir: undefined, port: undefined });
    expect(readLaunch(['airdock', '--original-process-start-time=1', '--hidden', '--port', '0', '--data-dir=data'], '/here')).toEqual({ hidden: true, dataDir: '/here/data', port: 0 });
    expect(readLaunch(['airdock', '--data-dir', '--hidden', '--port=70000'], '/here')).toEqual({ hidden: true, dataDir: undefined, port: undefined });
  });
});

describe('createAttention', () => {
  it('is given by a window in sight, awake and unlocked', () => {
    const power = new EventEmitter();
    let visible = true;
    let focused = true;
    let tell: (visible: boolean) => void = () => undefined;
    let turnTo: () => void = () => undefined;
    const window = { visible: () => visible, focused: () => focused, onVisible: (listener: typeof tell) => ((tell = listener), () => undefined), onTurnedTo: (listener: typeof turnTo) => ((turnTo = listener), () => undefined) };
    const attention = createAttention(window, power as never);
    const told: boolean[] = [];
    const undo = attention.onVisible((now) => told.push(now));
    focused = false;
    expect([attention.visible(), attention.focused()]).toEqual([true, false]);
    focused = true;
    expect(attention.focused()).toBe(true);
    power.emit('suspend');
    power.emit('lock-screen');
    expect([attention.visible(), attention.focused()]).toEqual([false, false]);
    power.emit('resume');
    expect(attention.visible()).toBe(false);
    power.emit('unlock-screen');
    expect(attention.visible()).toBe(true);
    visible = false;
    tell(false);
    power.emit('lock-screen');
    expect(told).toEqual([false, true, false]);
    // The wake and the unlocking were not told of.
    power.emit('suspend');
    visible = true;
    tell(true);
    expect(attention.visible()).toBe(false);
    turnTo();
    expect(attention.visible()).toBe(true);
    expect(told.splice(3)).toEqual([true]);
    visible = false;
    tell(false);
    told.splice(3);
    undo();
    power.emit('unlock-screen');
    visible = true;
    tell(true);
    expect(told).toHaveLength(3);
  });
});

describe('followPower', () => {
  it('passes on sleep, wake and the end, also while nothing runs yet', async () => {
    const fake = createFakeElectron();
    const app = new EventEmitter();
    const calls: string[] = [];
    let airdock: { suspend(): Promise<void>; resume(): void } | null = null;
    followPower({ powerMonitor: fake.electron.powerMonitor, app: app as never, airdock: () => airdock, delay: { follow: () => calls.push('delay'), release: () => calls.push('release') }, goDown: () => calls.push('down'), onFault: (fault) => calls.push(String(fault)), log: { info: () => undefined } });
    const settled = () => new Promise(setImmediate);
    fake.power.suspend();
    await settled();
    fake.power.resume();
    expect(calls.splice(0)).toEqual(['release', 'delay']);
    airdock = { suspend: () => Promise.reject(new Error('busy')), resume: () => void calls.push('resume') };
    fake.power.suspend();
    await settled();
    fake.power.resume();
    // The computer sleeps once the unload is done, or has failed; after the wake it is asked to wait again.
    expect(calls.splice(0)).toEqual(['Error: busy', 'release', 'resume', 'delay']);
    let unloaded: () => void = () => undefined;
    airdock = { ...airdock, suspend: () => new Promise((resolve) => (unloaded = resolve)) };
    fake.power.suspend();
    await settled();
    expect(calls.splice(0)).toEqual([]);
    fake.power.resume();
    unloaded();
    await settled();
    expect(calls.splice(0)).toEqual(['resume', 'delay', 'release', 'delay']);
    // The system is asked to wait: the app ends by itself as soon as it can.
    expect(fake.power.shutDown()).toBe(true);
    const window = new EventEmitter();
    app.emit('browser-window-created', {}, window);
    window.emit('session-end', { reasons: [] });
    expect(calls).toEqual(['down', 'down']);
  });
});

describe('createFirstClose', () => {
  async function start(change: Partial<FirstCloseDeps> = {}) {
    const file = path.join(await tempDir(), 'desktop.json');
    const fake = createFakeElectron();
    await fake.electron.app.whenReady();
    const done: string[] = [];
    const make = () => createFirstClose({ file, trayShown: async () => false, ask: (options) => fake.electron.dialog.showMessageBox(options), text, quit: () => done.push('quit'), isEnding: () => false, onFault: fail, ...change });
    return { fake, file, done, make, first: make() };
  }

  it('says once that it goes on, and remembers that it was told', async () => {
    const { fake, first, make, done, file } = await start();
    fake.dialogs.willAnswer('Keep running', true);
    await Promise.all([first.closed(), first.closed()]);
    await first.closed();
    await make().closed();
    expect(fake.dialogs.asked).toHaveLength(1);
    expect(done).toEqual([]);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ toldThatItKeepsRunning: true });
  });

  it('has Quit at hand, and comes again at the next start where the box was left empty', async () => {
    const { fake, first, make, done } = await start();
    fake.dialogs.willAnswer('Quit Airdock', false);
    await first.closed();
    expect(done).toEqual(['quit']);
    fake.dialogs.willAnswer('Keep running', false);
    await make().closed();
    expect(fake.dialogs.asked).toHaveLength(2);
  });

  it('says nothing where a tray icon is shown, or on the way out; a broken memory is none', async () => {
    let shown = true;
    const { fake, first, file } = await start({ trayShown: async () => shown });
    await first.closed();
    expect(fake.dialogs.asked).toEqual([]);
    shown = false;
    await writeFile(file, '{"toldThat');
    fake.dialogs.willAnswer('Keep running', true);
    await first.closed();
    expect(fake.dialogs.asked).toHaveLength(1);
    const ending = await start({ isEnding: () => true });
    await ending.first.closed();
    expect(ending.fake.dialogs.asked).toEqual([]);
  });

  it('fails quietly', async () => {
    const faults: unknown[] = [];
    const { first } = await start({ ask: () => Promise.reject(new Error('no display')), onFault: (fault) => faults.push(fault) });
    await first.closed();
    expect(faults).toHaveLength(1);
  });
});

describe('createDesktopState', () => {
  const off = { supported: true, on: false, problem: null };
  const make = (change: Partial<DesktopStateDeps> = {}) => {
    const pushed: DesktopState[] = [];
    const faults: unknown[] = [];
    const source = createDesktopState({
      platform: 'linux',
      version: '1',
      trayShown: async () => true,
      autostart: { read: async () => off },
      notificationsSupported: () => true,
      updates: () => ({ status: 'off', version: null, progress: null, waitsFor: null, problem: null }),
      configFile: '/c',
      logFolder: '/l',
      push: (state) => pushed.push(state),
      onFault: (fault) => faults.push(fault),
      ...change,
    });
    return { source, pushed, faults };
  };

  it('is pushed when something of it has changed, and only then', async () => {
    let tray = true;
    const { source, pushed } = make({ trayShown: async () => tray });
    for (let number = 0; number < 5; number += 1) source.changed();
    await expect.poll(() => pushed.length).toBe(1);
    source.changed();
    await new Promise(setImmediate);
    expect(pushed).toHaveLength(1);
    tray = false;
    source.changed();
    await expect.poll(() => pushed.map((state) => state.tray)).toEqual([true, false]);
    expect(await source.read()).toEqual(pushed[1]);
  });

  it('survives a system that does not answer', async () => {
    let broken = true;
    const { source, pushed, faults } = make({
      notificationsSupported: () => {
        if (broken) throw new Error('no bus');
        return false;
      },
    });
    source.changed();
    await expect.poll(() => faults.length).toBe(1);
    broken = false;
    source.changed();
    await expect.poll(() => pushed.length).toBe(1);
  });
});

describe('startEngine', () => {
  const held = (url: string | null): StartOutcome => ({ ok: false, problem: problem('already-running', 'Airdock already runs.'), heldBy: { pid: 1, since: 0, url, host: 'x', instance: 'x' }, dataDir: '/d' });
  const ok = { ok: true, airdock: {} as never } as const;

  const start = (outcomes: StartOutcome[], change: Partial<EngineStartDeps> = {}) =>
    startEngine({ start: async () => (outcomes.length > 1 ? outcomes.shift() : outcomes[0]) as StartOutcome, options: {}, signInLink: async () => null, changingMs: 150, ...change });

  it('waits for one that is just ending', async () => {
    expect(await start([held(null), ok])).toBe(ok);
  });

  it('waits for one that answers no longer than for its answer', async () => {
    const refused = await start([held('http://127.0.0.1:1')], { signInLink: async (url) => `${url}/#code=x`, changingMs: 60_000 });
    expect(refused).toMatchObject({ ok: false, link: 'http://127.0.0.1:1/#code=x' });
    expect(await start([held('http://127.0.0.1:1')])).toMatchObject({ ok: false, link: null });
  });

  async function explain(refused: Partial<Refused>) {
    const fake = createFakeElectron();
    await fake.electron.app.whenReady();
    const done: string[] = [];
    const told = explainRefusal(
      { ...(held('http://127.0.0.1:1') as Extract<StartOutcome, { ok: false }>), link: null, ...refused },
      { openInBrowser: (url) => done.push(url), openLogFolder: () => done.push('log'), ask: (options) => fake.electron.dialog.showMessageBox(options), text },
    );
    return { question: await fake.dialogs.next(), done, told };
  }

  it('opens the dashboard of one that runs', async () => {
    const { question, done, told } = await explain({ link: 'http://127.0.0.1:1/#code=x' });
    question.answer('Open its dashboard');
    await told;
    expect(done).toEqual(['http://127.0.0.1:1/#code=x']);
  });

  it('says who has the folder where that one does not answer', async () => {
    const { question, done, told } = await explain({});
    expect(question.options).toMatchObject({ message: 'Airdock is running already', detail: 'Airdock already runs.', cancelId: 1 });
    question.answer('Open log folder');
    await told;
    expect(done).toEqual(['log']);
  });

  it('says what is wrong, with what to do', async () => {
    const { question, done, told } = await explain({ heldBy: null, problem: problem('bad-folder', 'It is read-only.', 'Choose another.') });
    expect(question.options).toMatchObject({ message: 'Airdock could not start', detail: 'It is read-only.\nChoose another.' });
    question.answer('Quit');
    await told;
    expect(done).toEqual([]);
  });
});

describe('setAppMenu', () => {
  it('is none, but on macOS', () => {
    const fake = createFakeElectron();
    setAppMenu(fake.electron.Menu, 'linux', text);
    expect(fake.applicationMenu.menu).toBeNull();
    const mac = createFakeElectron({ platform: 'darwin' });
    setAppMenu(mac.electron.Menu, 'darwin', () => desktopText('de'));
    const items = mac.applicationMenu.menu?.items ?? [];
    expect(items.map(({ role }) => role?.toLowerCase())).toEqual(['appmenu', 'editmenu', 'windowmenu']);
    // The first one is called as the app by macOS itself; every other word is ours.
    expect(items.slice(1).map(({ label }) => label)).toEqual(['Bearbeiten', 'Fenster']);
    const inner = items.flatMap((item) => item.submenu?.items ?? []).filter(({ type }) => type !== 'separator');
    expect(inner.length).toBeGreaterThan(12);
    expect(inner.filter(({ role, label }) => !role || label === role || label === '')).toEqual([]);
    expect(inner.find(({ role }) => role === 'quit')?.label).toBe('Airdock beenden');
  });
});
