import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { channelPrefix } from '../../../contract/index.ts';
import { start } from './window-fixture.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

describe('a window', () => {
  it('is not there until it is wanted', async () => {
    const { fake, dashboard } = await start();
    expect(fake.windows()).toEqual([]);
    expect([dashboard.visible(), dashboard.browserWindow()]).toEqual([false, null]);
    dashboard.close();
    dashboard.send('show', { page: 'memory', activity: null, model: null });
  });

  it('tells of each turn to it', async () => {
    const { dashboard, open } = await start();
    let turns = 0;
    const undo = dashboard.onTurnedTo(() => (turns += 1));
    const { window } = await open();
    const first = turns;
    expect(first).toBeGreaterThan(0);
    window.blur();
    window.focus();
    expect(turns).toBe(first + 1);
    undo();
    window.blur();
    window.focus();
    expect(turns).toBe(first + 1);
  });

  it('is visible, but not focused, behind another one', async () => {
    const { dashboard, open } = await start();
    expect(dashboard.focused()).toBe(false);
    const { window } = await open();
    expect([dashboard.visible(), dashboard.focused()]).toEqual([true, true]);
    window.blur();
    expect([dashboard.visible(), dashboard.focused()]).toEqual([true, false]);
    window.destroy();
    expect(dashboard.focused()).toBe(false);
  });

  it('is hidden until its page has painted, then shown with the focus', async () => {
    const { dashboard, only, open } = await start();
    dashboard.show();
    expect(only().window.isVisible()).toBe(false);
    const { window, page } = await open();
    expect(window.isFocused()).toBe(true);
    expect(page.url()).toBe('app://airdock/');
    expect(dashboard.visible()).toBe(true);
  });

  it('is shown all the same where its page never paints', async () => {
    const { dashboard, only } = await start({ openPage: () => ({ loaded: new Promise(() => undefined), receive() {}, close() {} }) as never });
    dashboard.show();
    await vi.advanceTimersByTimeAsync(3_900);
    expect(only().window.isVisible()).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(only().window.isVisible()).toBe(true);
  });

  it.each([
    ['its process cannot reach the system', 'sandbox', true],
    ['it shares no objects with the bridge', 'contextIsolation', true],
    ['it has no Node', 'nodeIntegration', false],
    ['nor have its workers', 'nodeIntegrationInWorker', false],
    ['nor have pages inside it', 'nodeIntegrationInSubFrames', false],
    ['it obeys the rules of origins', 'webSecurity', true],
    ['it loads nothing by plain HTTP', 'allowRunningInsecureContent', false],
    ['it cannot embed another page with powers of its own', 'webviewTag', false],
    ['a file that is dropped on it does not replace it', 'navigateOnDragDrop', false],
    ['nobody looks into it where it is installed', 'devTools', false],
    ['it fetches no dictionaries from the internet', 'spellcheck', false],
  ] as const)('keeps its page in its place: %s', async (_why, preference, value) => {
    const { open } = await start({ isPackaged: true });
    expect((await open()).options.webPreferences?.[preference]).toBe(value);
  });

  it('turns nothing on that is unfinished or from elsewhere, and gives its page the one bridge', async () => {
    const { open } = await start({ isPackaged: true });
    const preferences = (await open()).options.webPreferences ?? {};
    const on = Object.entries(preferences).filter(([, value]) => value === true).map(([name]) => name);
    expect(on.sort()).toEqual(['contextIsolation', 'sandbox', 'webSecurity']);
    expect(preferences.preload).toBe('/dist/preload/index.cjs');
  });

  it('has developer tools only where it is not packaged', async () => {
    const { open } = await start({ isPackaged: false });
    expect((await open()).options.webPreferences?.devTools).toBe(true);
  });

  it('begins in the background colour of its page, in both themes', async () => {
    const css = readFileSync(path.join(import.meta.dirname, '../../../renderer/styles.css'), 'utf8');
    const [, light, dark] = /--page: light-dark\((#\w+), (#\w+)\)/.exec(css) ?? [];
    const { fake, open } = await start();
    const { window, options } = await open();
    expect(options.backgroundColor).toBe(light);
    const changed = vi.spyOn(window, 'setBackgroundColor');
    fake.setSystemDark(true);
    expect(changed).toHaveBeenLastCalledWith(dark);
    const other = await start();
    other.fake.setSystemDark(true);
    expect((await other.open()).options.backgroundColor).toBe(dark);
  });

  it('is one, however often it is asked for', async () => {
    const { fake, dashboard, open } = await start();
    dashboard.show();
    dashboard.show();
    const { window } = await open();
    window.minimize();
    expect(dashboard.visible()).toBe(false);
    dashboard.show();
    expect([window.isMinimized(), window.isFocused(), fake.windows().length]).toEqual([false, true, 1]);
  });

  it('tells who wants to know whether it can be seen, once for each change', async () => {
    const { dashboard, open } = await start();
    const heard: boolean[] = [];
    const off = dashboard.onVisible((visible) => heard.push(visible));
    const { window } = await open();
    window.minimize();
    window.restore();
    dashboard.close();
    off();
    dashboard.show();
    expect(heard).toEqual([true, false, true, false]);
  });
});

describe('a window that is closed', () => {
  it('is hidden at once and destroyed after ten seconds', async () => {
    const { fake, dashboard, open, closed } = await start();
    const { window, close } = await open();
    close();
    expect([window.isVisible(), dashboard.visible(), closed()]).toEqual([false, false, 1]);
    await vi.advanceTimersByTimeAsync(9_900);
    expect(fake.openWindows()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(fake.openWindows()).toEqual([]);
    expect(dashboard.browserWindow()).toBeNull();
    await open();
    expect(fake.windows()).toHaveLength(2);
  });

  it('is the same one where it is wanted again before that', async () => {
    const { fake, dashboard, open } = await start();
    const { close } = await open();
    close();
    await vi.advanceTimersByTimeAsync(9_000);
    dashboard.show();
    expect(dashboard.visible()).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([fake.openWindows().length, fake.windows().length]).toEqual([1, 1]);
  });

  it('is not shown when its page paints only afterwards', async () => {
    const { dashboard, only } = await start({ lingerMs: 20 });
    dashboard.show();
    dashboard.close();
    await vi.advanceTimersByTimeAsync(10);
    expect(only().window.isVisible()).toBe(false);
  });

  it('leaves the full screen first, which macOS would leave black', async () => {
    const { open } = await start();
    const { window, close } = await open();
    window.setFullScreen(true);
    close();
    expect([window.isFullScreen(), window.isVisible()]).toEqual([false, false]);
  });

  it('does not keep the app from quitting', async () => {
    const { fake, open } = await start();
    await open();
    fake.electron.app.quit();
    expect(await fake.exited).toBe(0);
  });

  it('stays after a quit that somebody has stopped, and is hidden by the next close as ever', async () => {
    const { fake, open } = await start();
    const { window, close } = await open();
    fake.electron.app.once('before-quit', (event) => event.preventDefault());
    fake.electron.app.quit();
    await new Promise((resolve) => setImmediate(resolve));
    close();
    expect([window.isDestroyed(), fake.hasExited()]).toEqual([false, false]);
  });

  it('is gone for good after destroy, whose end is the end of the writing', async () => {
    const { fake, dashboard, open, boundsFile } = await start();
    (await open()).moveTo({ x: 333 });
    await dashboard.destroy();
    expect(JSON.parse(await readFile(boundsFile, 'utf8'))).toMatchObject({ x: 333 });
    dashboard.show();
    expect(fake.openWindows()).toEqual([]);
    await dashboard.destroy();
  });
});

describe('the place of the window', () => {
  it('is kept and found again', async () => {
    const { dashboard, open, boundsFile, make, only } = await start();
    (await open()).moveTo({ x: 50, y: 60, width: 700, height: 650 });
    await vi.advanceTimersByTimeAsync(500);
    await dashboard.destroy();
    expect(JSON.parse(await readFile(boundsFile, 'utf8'))).toEqual({ x: 50, y: 60, width: 700, height: 650, maximized: false });
    make().show();
    expect(only().options).toMatchObject({ x: 50, y: 60, width: 700, height: 650, minWidth: 380, minHeight: 480, show: false });
  });

  it('is maximised again, but not before it is shown', async () => {
    const { open, dashboard, make, only } = await start();
    const { window } = await open();
    window.maximize();
    await dashboard.destroy();
    const again = make();
    again.show();
    expect(only().window.isVisible()).toBe(false);
    await vi.waitFor(() => expect(only().window.isMaximized()).toBe(true));
    await again.destroy();
  });

  it('is on a screen that is there', async () => {
    const { boundsFile, dashboard, only } = await start();
    await writeFile(boundsFile, JSON.stringify({ x: 5000, y: 5000, width: 700, height: 650, maximized: false }));
    dashboard.show();
    expect(only().options.x).toBeUndefined();
    expect(only().options).toMatchObject({ width: 700, height: 650 });
  });

  it('is on a screen that is there, also where that went while the window was hidden', async () => {
    const { fake, open, dashboard } = await start();
    const { window, moveTo, close } = await open();
    moveTo({ x: 4000, y: 100 });
    close();
    fake.setDisplays([{ id: 1, bounds: { x: 0, y: 0, width: 1280, height: 800 }, workArea: { x: 0, y: 0, width: 1280, height: 800 }, scaleFactor: 1 }]);
    dashboard.show();
    expect(window.getBounds()).toEqual({ x: 0, y: 0, width: 1080, height: 760 });
  });

  it('does not matter where its file makes no sense', async () => {
    const { boundsFile, open } = await start();
    await writeFile(boundsFile, '{"x": "left"');
    expect((await open()).options).toMatchObject({ width: 1080, height: 760 });
  });

  it('is not that of a minimised window', async () => {
    const { open, boundsFile, dashboard } = await start();
    const { window } = await open();
    window.minimize();
    await dashboard.destroy();
    await expect(readFile(boundsFile)).rejects.toThrow('ENOENT');
  });
});

describe('the place in the dashboard', () => {
  it('is sent when the page listens, the last of several', async () => {
    const { dashboard, open, shows } = await start();
    const { page } = await open({ page: 'models' });
    dashboard.show({ activity: 7 });
    expect(shows()).toEqual([]);
    dashboard.subscribed(page.contents);
    expect(shows()).toEqual([{ page: 'activity', activity: 7, model: null }]);
    dashboard.show({ model: 'a' });
    dashboard.show();
    expect(shows()).toEqual([{ page: 'activity', activity: 7, model: null }, { page: 'memory', activity: null, model: 'a' }]);
  });

  it('waits for the page again after a reload', async () => {
    const { dashboard, open, shows, only } = await start();
    const { page } = await open();
    dashboard.subscribed(page.contents);
    page.contents.reload();
    dashboard.show({ page: 'settings' });
    expect(shows()).toEqual([]);
    dashboard.subscribed(only().page.contents);
    expect(shows()).toHaveLength(1);
  });

  it('does not go to a page that was there before', async () => {
    const { dashboard, open, shows } = await start({ lingerMs: 5 });
    const first = (await open()).page;
    dashboard.close();
    await vi.advanceTimersByTimeAsync(10);
    await open({ page: 'settings' });
    dashboard.subscribed(first.contents);
    expect([first.sent, shows()]).toEqual([[], []]);
  });
});

it('sends events only to a page that listens, everything else to any', async () => {
  const { dashboard, open } = await start();
  const { page } = await open();
  dashboard.send('event', { type: 'models', models: [] });
  dashboard.send('show', { page: 'memory', activity: null, model: null });
  dashboard.subscribed(page.contents);
  dashboard.send('event', { type: 'models', models: [] });
  expect(page.sent.map(({ channel }) => channel)).toEqual([`${channelPrefix}show`, `${channelPrefix}event`]);
});

it('owns its own page only, as long as it is there', async () => {
  const { fake, dashboard, open } = await start();
  const { page, window } = await open();
  await new fake.electron.BrowserWindow({ show: false }).loadURL('app://airdock/');
  expect([dashboard.owns(page.contents), dashboard.owns(fake.windows()[1]!.page.contents)]).toEqual([true, false]);
  window.destroy();
  expect(dashboard.owns(page.contents)).toBe(false);
});
