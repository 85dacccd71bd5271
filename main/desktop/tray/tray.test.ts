import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Language, LiveState } from '../../../contract/index.ts';
import { createFakeElectron, type FakeElectronOptions } from '../../../test/fakes/electron/index.ts';
import { loadedModelFixture, stateFixture } from '../../../test/snapshot-fixture.ts';
import type { Platform } from '../parts.ts';
import { recordActions } from './menu-fixture.ts';
import { createTray, type TrayDeps } from './tray.ts';

const GB = 1024 ** 3;
const start = 1_000_000;
const icons = path.join(import.meta.dirname, '../../../assets/tray');
const minute = 60_000;
const counting = loadedModelFixture({ unloadsAt: start + 192_000 });

beforeEach(() => void vi.useFakeTimers({ now: start, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function setUp(platform: Platform = 'darwin', options: FakeElectronOptions & Partial<TrayDeps> = {}) {
  const fake = createFakeElectron({ platform, autoReady: false, ...options });
  fake.becomeReady();
  const actions = recordActions();
  const faults: unknown[] = [];
  const speech: { language(): Language } = { language: () => 'en' };
  const tray = createTray({ electron: fake.electron, platform, icons, speech, actions, onFault: (fault) => faults.push(fault), timeZone: 'UTC', ...options });
  return { fake, tray, actions, faults, speech, labels: () => fake.tray().items().map(({ label }) => label) };
}

function withFree(gb: number, change: Partial<LiveState> = {}): LiveState {
  const state = stateFixture(change);
  return { ...state, memory: { ...state.memory!, free: gb * GB } };
}

it('shows an icon, a sentence and a menu from the start', () => {
  const { fake, tray, labels, faults } = setUp();
  expect(tray.shown).toBe(true);
  expect(fake.tray().imageFile()).toBe(path.join(icons, 'mac/level-0Template.png'));
  expect(fake.tray().toolTip()).toBe('Airdock is starting…');
  expect(labels()).toEqual(['Airdock is starting…', '', 'Open Airdock', 'Settings…', '', 'Quit Airdock']);
  expect(faults).toEqual([]);
});

it.each([['darwin', 'mac/level-2Template.png'], ['win32', 'windows/level-2.ico'], ['linux', 'linux/level-2.png']] as const)('takes the pictures of %s', (platform, file) => {
  const { fake, tray } = setUp(platform);
  tray.update({ state: stateFixture() });
  expect(fake.tray().imageFile()).toBe(path.join(icons, file));
  expect(fake.tray().toolTip()).toBe('16.0 GB free · no models');
});

it('tells the system nothing that it knows', () => {
  const { fake, tray } = setUp();
  const kept = { ...counting, pinned: true };
  tray.update({ state: stateFixture({ loaded: [kept] }) });
  const [set, images] = [fake.tray().menusSet(), fake.tray().images.length];
  vi.setSystemTime(start + minute);
  for (let at = 0; at < 10; at++) tray.update({ state: stateFixture({ loaded: [kept], at: start + at }) });
  expect([fake.tray().menusSet(), fake.tray().images.length]).toEqual([set, images]);
});

it('keeps each picture that it has read', () => {
  const { fake, tray } = setUp();
  for (const gb of [16, 1, 16, 1]) tray.update({ state: withFree(gb) });
  const [, first, second, third, fourth] = fake.tray().images;
  expect(third).toBe(first);
  expect(fourth).toBe(second);
});

describe('figures', () => {
  it('alone make a new menu only now and then; anything else at once', () => {
    const { fake, tray, labels } = setUp('linux');
    tray.update({ state: withFree(16) });
    const set = fake.tray().menusSet();
    for (const gb of [15.9, 15.8, 15.7]) tray.update({ state: withFree(gb) });
    expect(fake.tray().menusSet()).toBe(set);
    expect(fake.tray().toolTip()).toBe('15.7 GB free · no models');
    tray.update({ state: withFree(15.6, { loaded: [counting] }) });
    expect(labels().slice(0, 3)).toEqual(['15.6 GB free · 1 model', '', 'llama3.2 · unloads at 00:19']);
    tray.update({ state: withFree(15.5, { loaded: [counting] }) });
    vi.advanceTimersByTime(9_999);
    expect(labels()[0]).toBe('15.6 GB free · 1 model');
    vi.advanceTimersByTime(1);
    expect(labels()[0]).toBe('15.5 GB free · 1 model');
  });

  it('go on when the clock is set back', () => {
    const { tray, labels } = setUp('linux');
    tray.update({ state: withFree(16) });
    vi.setSystemTime(start - 120 * minute);
    tray.update({ state: withFree(3) });
    vi.advanceTimersByTime(10_000);
    expect(labels()[0]).toBe('3.0 GB free · no models');
  });

  it('in a name are no figures', () => {
    const { tray, labels } = setUp('linux');
    const named = (name: string) => withFree(16, { loaded: [loadedModelFixture({ id: name, name, pinned: true })] });
    tray.update({ state: named('llama3.1') });
    tray.update({ state: named('llama3.2') });
    expect(labels()[2]).toBe('llama3.2 · kept');
  });
});

describe('countdowns', () => {
  it.each(['darwin', 'win32'] as const)('are fresh when the pointer has come: %s', (platform) => {
    const { fake, tray, labels } = setUp(platform);
    tray.update({ state: stateFixture({ loaded: [counting] }) });
    expect(labels()[2]).toBe('llama3.2 · unloads in 3:12');
    vi.advanceTimersByTime(7_000);
    expect(labels()[2]).toBe('llama3.2 · unloads in 3:12');
    fake.tray().tray.emit('mouse-enter');
    expect(labels()[2]).toBe('llama3.2 · unloads in 3:05');
  });

  it('are made anew twice a minute for whoever has no pointer', () => {
    const { fake, tray, labels } = setUp('win32');
    tray.update({ state: stateFixture({ loaded: [counting] }) });
    const set = fake.tray().menusSet();
    vi.advanceTimersByTime(60_000);
    expect(fake.tray().menusSet() - set).toBe(2);
    expect(labels()[2]).toBe('llama3.2 · unloads in 2:12');
  });

  it('are times of day on Linux, and cost nothing', () => {
    const { fake, tray, labels } = setUp('linux');
    tray.update({ state: stateFixture({ loaded: [counting] }) });
    expect(vi.getTimerCount()).toBe(0);
    expect(labels()[2]).toBe('llama3.2 · unloads at 00:19');
    expect(fake.tray().tray.listenerCount('mouse-enter')).toBe(0);
  });

  it('need no timer where nothing counts down', () => {
    const { tray } = setUp('darwin');
    tray.update({ state: stateFixture({ loaded: [{ ...counting, pinned: true }, { ...counting, id: 'b', inUse: true }] }) });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('an open menu', () => {
  it('is left alone, and caught up with when it has closed', () => {
    const { fake, tray, labels } = setUp('darwin');
    tray.update({ state: stateFixture() });
    const menu = fake.tray().menu()!;
    menu.emit('menu-will-show');
    tray.update({ state: stateFixture({ loaded: [counting] }) });
    expect(fake.tray().menu()).toBe(menu);
    menu.emit('menu-will-close');
    vi.advanceTimersByTime(250);
    expect(labels()[2]).toBe('llama3.2 · unloads in 3:12');
  });

  it('is left alone no longer when the clock is set back meanwhile', () => {
    const { fake, tray, labels } = setUp('win32');
    tray.update({ state: stateFixture() });
    fake.tray().menu()!.emit('menu-will-show');
    vi.setSystemTime(start - 120 * minute);
    tray.update({ state: withFree(3) });
    vi.advanceTimersByTime(60_000);
    expect(labels()[0]).toBe('3.0 GB free · no models');
  });

  it('that never says that it closed holds nothing up for good', () => {
    const { fake, tray, labels } = setUp('win32');
    tray.update({ state: stateFixture() });
    fake.tray().menu()!.emit('menu-will-show');
    tray.update({ state: stateFixture({ loaded: [counting] }) });
    vi.advanceTimersByTime(60_000);
    expect(labels()[2]).toBe('llama3.2 · unloads in 2:12');
  });
});

describe('clicks', () => {
  it('in the menu reach the actions', () => {
    const { fake, tray, actions } = setUp();
    tray.update({ state: stateFixture({ loaded: [counting] }) });
    fake.tray().click(/^llama3.2/, 'Unload');
    expect(actions.asked).toEqual([['unload', counting.id]]);
  });

  it('on a tick show what the engine says, not what the system guessed', () => {
    const { fake, tray, actions } = setUp();
    const ticked = () => fake.tray().items().find(({ label }) => label.startsWith('llama3.2'))?.items.find(({ type }) => type === 'checkbox')?.checked;
    tray.update({ state: stateFixture({ loaded: [counting] }) });
    fake.tray().click(/^llama3.2/, 'Keep in memory');
    expect(ticked()).toBe(true);
    vi.advanceTimersByTime(1_000);
    expect(ticked()).toBe(false);
    expect(actions.asked).toEqual([['pin', counting.id, true]]);
  });

  it.each([['win32', [['show', {}]]], ['linux', [['show', {}]]], ['darwin', []]] as const)('on the icon itself open the dashboard where the menu has a button of its own: %s', (platform, asked) => {
    const { fake, actions } = setUp(platform);
    fake.tray().tray.emit('click');
    expect(actions.asked).toEqual(asked);
  });
});

it('speaks another language from the next change on', () => {
  const { fake, tray, speech } = setUp();
  speech.language = () => 'de';
  tray.update({ state: stateFixture() });
  expect(fake.tray().toolTip()).toBe('16,0 GB frei · keine Modelle');
});

it('is made anew with all that it showed', () => {
  const { fake, tray, labels, actions, faults } = setUp('linux');
  tray.update({ state: withFree(3, { loaded: [counting] }) });
  const shown = [fake.tray().imageFile(), fake.tray().toolTip(), ...labels()];
  tray.renew();
  expect(fake.trays().map((one) => one.isDestroyed())).toEqual([true, false]);
  expect([fake.tray().imageFile(), fake.tray().toolTip(), ...labels()]).toEqual(shown);
  fake.tray().tray.emit('click');
  expect(actions.asked).toEqual([['show', {}]]);
  tray.close();
  tray.renew();
  expect(fake.trays()).toHaveLength(2);
  expect(faults).toEqual([]);
});

it('goes without a tray where none can be made', () => {
  const { tray, faults } = setUp('linux', { trayFails: true });
  expect(tray.shown).toBe(false);
  tray.update({ state: stateFixture() });
  tray.close();
  expect(faults).toHaveLength(1);
});

it('tells of missing pictures', () => {
  const { faults } = setUp('linux', { icons: '/nowhere' });
  expect(String(faults[0])).toContain('There is no icon at');
});

it('ends once, and then does nothing', () => {
  const { fake, tray, faults } = setUp();
  tray.update({ state: stateFixture({ loaded: [counting] }) });
  const [control] = fake.trays();
  tray.close();
  tray.close();
  tray.update({ state: stateFixture() });
  expect(control?.isDestroyed()).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
  expect(faults).toEqual([]);
});
