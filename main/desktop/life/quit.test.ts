import { describe, expect, it } from 'vitest';
import { createFakeElectron, type FakeElectron } from '../../../test/fakes/electron/index.ts';
import type { Leaving } from '../../airdock.ts';
import { desktopText } from '../text/text.ts';
import { createJoiners, type Ending } from './joiners.ts';
import { createQuit, type QuitDeps } from './quit.ts';

const nothing: Leaving = { inUse: [], ends: [], stays: [], programs: [] };
const used: Leaving = { ...nothing, inUse: [{ id: 'a', name: 'llama3.2', holders: ['notes.py'] }] };
const kept: Leaving = { ...nothing, stays: [{ id: 'b', name: 'phi', ram: 1, until: null, goes: true }] };

async function start(leaving: Leaving, change: Partial<QuitDeps> = {}, fake: FakeElectron = createFakeElectron()) {
  await fake.electron.app.whenReady();
  const faults: unknown[] = [];
  const remembered: string[] = [];
  const endings: Ending[] = [];
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const joiners = createJoiners((fault) => faults.push(fault));
  joiners.join('engine', (ending) => {
    endings.push(ending);
    if (ending.graceMs === 0) release();
    return released;
  });
  const quit = createQuit({
    app: fake.electron.app,
    platform: 'linux',
    relaunch: { execPath: '/airdock' },
    joiners,
    ask: (options) => fake.electron.dialog.showMessageBox(options),
    toFront: () => undefined,
    leaving: () => leaving,
    onQuit: () => 'ask',
    remember: async (choice) => remembered.push(choice),
    text: () => desktopText('en'),
    clock: String,
    onFault: (fault) => faults.push(fault),
    ...change,
  });
  return { fake, quit, faults, remembered, endings, release };
}

describe('createQuit', () => {
  it('ends at once, and cleanly, where nothing is at stake', async () => {
    const { fake, endings, faults, quit } = await start(nothing);
    fake.electron.app.quit();
    expect(await fake.exited).toBe(0);
    expect(endings).toEqual([{ unload: false, graceMs: 0 }]);
    expect(fake.dialogs.asked).toEqual([]);
    expect(faults).toEqual([]);
    expect(quit.isEnding()).toBe(true);
  });

  it('stays where the person says Cancel, and can be asked again', async () => {
    const { fake, quit, endings } = await start(kept);
    quit.request();
    (await fake.dialogs.next()).answer('Cancel');
    await new Promise(setImmediate);
    expect(fake.hasExited()).toBe(false);
    expect(endings).toEqual([]);
    quit.request();
    (await fake.dialogs.next()).answer('Unload and quit', true);
    await fake.exited;
    expect(endings).toEqual([{ unload: true, graceMs: 0 }]);
  });

  it('writes the choice down only when told to', async () => {
    const first = await start(kept);
    first.fake.dialogs.willAnswer('Leave in memory and quit', true);
    first.quit.request();
    await first.fake.exited;
    expect(first.remembered).toEqual(['leave']);
    const second = await start(kept);
    second.fake.dialogs.willAnswer('Unload and quit');
    second.quit.request();
    await second.fake.exited;
    expect(second.remembered).toEqual([]);
  });

  it('asked once more while it asks, asks again in front, and counts that answer alone', async () => {
    let inFront = 0;
    const { fake, quit, endings } = await start(kept, { toFront: () => (inFront += 1) });
    quit.request();
    const first = await fake.dialogs.next();
    quit.request();
    await new Promise(setImmediate);
    expect([fake.dialogs.asked.length, fake.dialogs.open.length, inFront]).toEqual([2, 1, 2]);
    expect(fake.dialogs.open).not.toContain(first);
    expect(fake.hasExited()).toBe(false);
    fake.dialogs.open[0]?.answer('Leave in memory and quit');
    await fake.exited;
    expect(endings).toEqual([{ unload: false, graceMs: 0 }]);
  });

  it('asked once more on macOS, brings the question forward that it cannot take back', async () => {
    let inFront = 0;
    const { fake, quit, endings } = await start(kept, { platform: 'darwin', toFront: () => (inFront += 1) }, createFakeElectron({ platform: 'darwin' }));
    quit.request();
    const question = await fake.dialogs.next();
    quit.request();
    await new Promise(setImmediate);
    expect([fake.dialogs.asked.length, inFront]).toEqual([1, 2]);
    question.answer('Unload and quit');
    await fake.exited;
    expect(endings).toEqual([{ unload: true, graceMs: 0 }]);
  });

  it('waits for a use in progress; asked once more, it does not', async () => {
    const waiting: (readonly string[])[] = [];
    const { fake, quit, endings } = await start(used, { onWaiting: (names) => waiting.push(names) });
    fake.dialogs.willAnswer('Quit when finished');
    quit.request();
    await expect.poll(() => endings.length).toBe(1);
    expect(waiting).toEqual([['llama3.2']]);
    expect(fake.hasExited()).toBe(false);
    quit.request();
    await fake.exited;
    expect(endings).toEqual([{ unload: false, graceMs: 30_000 }, { unload: false, graceMs: 0 }]);
  });

  it('ends when the use has ended', async () => {
    const { fake, quit, endings, release } = await start(used);
    fake.dialogs.willAnswer('Quit when finished');
    quit.request();
    await expect.poll(() => endings.length).toBe(1);
    release();
    await fake.exited;
    expect(endings).toHaveLength(1);
  });

  it('needs no answer when the system goes down, also while it asks', async () => {
    const { fake, quit, endings } = await start(kept, { onQuit: () => 'unload' }, createFakeElectron());
    quit.now({ short: true });
    await fake.exited;
    expect(endings).toEqual([{ unload: true, graceMs: 0, limitMs: 3_000 }]);
    const asking = await start(kept);
    asking.quit.request();
    const question = await asking.fake.dialogs.next();
    asking.quit.now();
    await asking.fake.exited;
    question.answer('Cancel');
    await new Promise(setImmediate);
    expect(asking.quit.isEnding()).toBe(true);
    expect(asking.endings).toEqual([{ unload: false, graceMs: 0 }]);
  });

  it('tells what is ending already that the system goes down', async () => {
    const endings: Ending[] = [];
    let finish: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (finish = resolve));
    const joiners = createJoiners(() => undefined);
    joiners.join('slow', (ending) => {
      endings.push(ending);
      if (ending.limitMs !== undefined) finish();
      return ended;
    });
    const { fake, quit } = await start(nothing, { joiners });
    quit.request();
    await expect.poll(() => endings.length).toBe(1);
    quit.now({ short: true });
    await fake.exited;
    expect(endings).toEqual([{ unload: false, graceMs: 0 }, { unload: false, graceMs: 0, limitMs: 3_000 }]);
  });

  it('does not stop a macOS that goes down', async () => {
    const { fake, quit } = await start(used, { platform: 'darwin' });
    quit.now({ short: true });
    fake.electron.app.quit();
    expect(fake.hasExited()).toBe(true);
  });

  it('can be ended although the dialog fails', async () => {
    const { fake, quit, faults } = await start(kept, { ask: () => Promise.reject(new Error('no display')) });
    quit.request();
    await fake.exited;
    expect(faults).toHaveLength(1);
  });

  it('ends everything before an installer runs, and begins anew where that fails', async () => {
    const { fake, quit, endings } = await start(used);
    const order: string[] = [];
    quit.into((failed) => {
      order.push(`installer after ${endings.length}`);
      failed();
    });
    await fake.exited;
    expect(order).toEqual(['installer after 1']);
    expect(fake.relaunches).toEqual([{ execPath: '/airdock' }]);
    expect(fake.dialogs.asked).toEqual([]);
  });

  it('unloads nothing for a restart or an installer, whatever is to happen at a quit', async () => {
    for (const how of ['restart', 'into'] as const) {
      const { fake, quit, endings } = await start(kept, { onQuit: () => 'unload' });
      if (how === 'restart') quit.restart();
      else quit.into(() => fake.electron.app.quit());
      await fake.exited;
      expect(endings).toEqual([{ unload: false, graceMs: 0 }]);
    }
  });

  it('runs no installer where the system goes down before it could begin', async () => {
    const { fake, quit } = await start(used);
    let installed = 0;
    quit.into(() => (installed += 1));
    quit.now({ short: true });
    expect(await fake.exited).toBe(0);
    expect([installed, fake.relaunches]).toEqual([0, []]);
  });

  it('lets an installer quit the app', async () => {
    const { fake, quit } = await start(used);
    quit.into(() => fake.electron.app.quit());
    await fake.exited;
    expect(fake.relaunches).toEqual([]);
  });

  it.each(['while it ends', 'at the last moment'])('comes back for whoever starts it %s', async (when) => {
    const { fake, quit, endings, release } = await start(used);
    quit.comeBack();
    fake.dialogs.willAnswer('Quit when finished');
    quit.request();
    await expect.poll(() => endings.length).toBe(1);
    if (when === 'while it ends') quit.comeBack();
    else fake.electron.app.once('will-quit', () => quit.comeBack());
    quit.comeBack();
    expect(fake.relaunches).toEqual([]);
    release();
    await fake.exited;
    expect(fake.relaunches).toEqual([{ execPath: '/airdock' }]);
  });

  it('comes back once where it begins anew anyway, and never while the system goes down', async () => {
    const again = await start(used);
    again.quit.restart();
    again.quit.comeBack();
    await again.fake.exited;
    expect(again.fake.relaunches).toHaveLength(1);
    const installer = await start(used);
    installer.quit.into(() => installer.fake.electron.app.quit());
    installer.quit.comeBack();
    await installer.fake.exited;
    expect(installer.fake.relaunches).toEqual([]);
    const down = await start(used);
    down.quit.now({ short: true });
    down.quit.comeBack();
    await down.fake.exited;
    expect(down.fake.relaunches).toEqual([]);
  });

  it('restarts', async () => {
    const { fake, quit } = await start(used);
    quit.restart();
    await fake.exited;
    expect(fake.relaunches).toHaveLength(1);
  });
});
