import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, inject, it, type TestContext } from 'vitest';
import { load, pidOf, startApp } from '../app/airdock.ts';
import { newPlace, type Place } from '../app/place.ts';
import { isAlive } from '../app/processes.ts';
import { until } from '../app/until.ts';
import { launchChromium } from '../browser/chromium.ts';
import { startFakeOllama } from '../fakes/ollama/index.ts';
import { askPage } from './ask-page.ts';
import { bootApp, type BootOptions, type Desktop } from './boot.ts';
import { addressOf, connectScript } from './client.ts';

const MIB = 1024 * 1024;
const gateway = { port: 0 };
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

async function boot(test: TestContext, place: Place, options: Partial<BootOptions> = {}): Promise<Desktop> {
  return bootApp(test, { browser, place, ...options });
}

/** The dashboard of an app that was started with its window. */
async function dashboardOf(desktop: Desktop) {
  const page = await desktop.page();
  await page.getByText('free for models').first().waitFor();
  return page;
}

const labels = (desktop: Desktop) => desktop.fake.tray().items().map(({ label }) => label);

it('asks what becomes of models that a server keeps, does so, and remembers the answer', async (test) => {
  const ollama = await startFakeOllama({ models: [{ name: 'one', blob: 'one', ramBytes: 200 * MIB, loadMs: 30 }] });
  test.onTestFinished(() => ollama.close());
  const place = await newPlace(test, { ollama: ollama.url, config: { gateway, models: { auto_unload_idle: false } } });
  const first = await boot(test, place, { args: ['--hidden'] });
  await load(await connectScript(test, place), 'one');
  const tray = await first.tray();
  await expect.poll(() => labels(first).join('\n')).toMatch(/^one/m);

  tray.click('Quit Airdock');
  const question = await first.question();
  expect([question.options.message, question.options.detail].join('\n')).toMatch(/one \(.*\) would stay in memory/);
  question.answer('Leave in memory and quit', true);
  expect(await first.ends()).toBe(0);
  // Left, and not for ever: nobody is there any more who would unload it.
  const [left] = ollama.runners();
  expect(left).toMatchObject({ name: 'one:latest', alive: true });
  expect(left?.keepAliveMs).toBeGreaterThan(0);
  expect(left?.keepAliveMs).toBeLessThan(24 * 3600_000);
  expect(JSON.parse(await readFile(path.join(place.dataDir, 'config.json'), 'utf8'))).toMatchObject({ ui: { on_quit: 'leave' } });

  // The next time there is nothing to ask.
  const second = await boot(test, place, { args: ['--hidden'] });
  await second.tray();
  await until(() => addressOf(place), (address) => address !== null);
  await expect.poll(() => labels(second).join('\n')).toMatch(/^one/m);
  second.fake.tray().click('Quit Airdock');
  expect(await second.ends()).toBe(0);
  expect(second.fake.dialogs.asked).toEqual([]);
});

it('unloads before the computer sleeps where that is wanted, and is there after it', async (test) => {
  const place = await newPlace(test, { samples: inject('sampleFiles').slice(0, 1), config: { gateway, models: { unload_before_sleep: true } } });
  const desktop = await boot(test, place, { args: ['--hidden'] });
  const script = await connectScript(test, place);
  const model = await load(script, 'sample-small');
  desktop.fake.power.suspend();
  await until(() => isAlive(pidOf(model)), (alive) => !alive, 5_000);
  desktop.fake.power.resume();
  await until(async () => (await script.call('snapshot', {})).state.loaded.length, (count) => count === 0);
  const [newest] = (await script.call('activity', { limit: 1 })).entries;
  expect(newest).toMatchObject({ kind: 'unloaded', name: 'sample-small', reason: 'sleep' });
  // It was done as agreed, so nobody is told.
  expect(desktop.fake.shownNotifications()).toEqual([]);
});

it('starts at login from the settings on, and no longer when that is taken back', async (test) => {
  const place = await newPlace(test, { config: { gateway } });
  const desktop = await boot(test, place, { isPackaged: true });
  const page = await dashboardOf(desktop);
  const file = path.join(place.root, 'home/.config/autostart/airdock.desktop');
  expect(await askPage(page, 'desktopState', {})).toMatchObject({ ok: true, value: { startAtLogin: { supported: true, on: false } } });
  expect(await askPage(page, 'setStartAtLogin', { on: true })).toMatchObject({ ok: true });
  if (process.platform === 'linux') expect(await readFile(file, 'utf8')).toMatch(/^Exec=.* --hidden$/m);
  else expect(desktop.fake.loginItem.openAtLogin).toBe(true);
  expect(await askPage(page, 'desktopState', {})).toMatchObject({ ok: true, value: { startAtLogin: { on: true } } });
  expect(await askPage(page, 'setStartAtLogin', { on: false })).toMatchObject({ ok: true });
  expect([existsSync(file), desktop.fake.loginItem.openAtLogin]).toEqual([false, false]);
  expect(desktop.complaints).toEqual([]);
});

it('ends at once where another one has the single-instance lock, and touches nothing', async (test) => {
  const place = await newPlace(test, { config: { gateway } });
  const desktop = await boot(test, place, { lockHeld: true });
  expect(await desktop.ends()).toBe(0);
  expect([desktop.fake.windows(), desktop.fake.trays(), desktop.fake.dialogs.asked]).toEqual([[], [], []]);
  expect(await addressOf(place)).toBeNull();
});

it('says so where an Airdock without a window has the data folder, and leaves that one alone', async (test) => {
  const place = await newPlace(test, { config: { gateway } });
  const headless = await startApp(test, place);
  const desktop = await boot(test, place);
  const question = await desktop.question();
  expect(question.options.message).toBe('Airdock is running already');
  expect(question.buttons).toEqual(['Open its dashboard', 'Quit']);
  question.answer('Quit');
  expect(await desktop.ends()).toBe(0);
  expect((await headless.call('snapshot', {})).state.owner).toBe(true);
});

it('a page that crashes begins anew, with a report; the engine and its models go on', async (test) => {
  const place = await newPlace(test, { samples: inject('sampleFiles').slice(0, 1), config: { gateway } });
  const desktop = await boot(test, place);
  const before = await dashboardOf(desktop);
  const model = await load(await connectScript(test, place), 'sample-small');
  desktop.fake.openWindows()[0]?.page.crash('oom', 5);
  await expect.poll(() => before.isClosed()).toBe(true);
  const page = await dashboardOf(desktop);
  await page.getByRole('button', { name: 'Unload sample-small', exact: true }).waitFor();
  expect(isAlive(pidOf(model))).toBe(true);
  expect(desktop.fake.windows()).toHaveLength(1);
  const reports = (await readdir(path.join(place.dataDir, 'logs'))).filter((name) => name.startsWith('crash-'));
  expect(reports).toHaveLength(1);
  expect(await readFile(path.join(place.dataDir, 'logs', reports[0] ?? ''), 'utf8')).toMatch(/oom/);
});

it('answers its own page only', async (test) => {
  const desktop = await boot(test, await newPlace(test, { config: { gateway } }));
  await dashboardOf(desktop);
  const own = desktop.fake.openWindows()[0]?.page;
  const frame = own?.frame();
  if (!own || !frame) throw new Error('no page');
  const ask = (change: object, sender = own.contents) =>
    desktop.fake.invokeFrom({ sender, senderFrame: { ...frame, ...change } as typeof frame }, 'airdock:desktopState', {});
  expect(await ask({})).toMatchObject({ ok: true });
  const refused = { ok: false, problem: { code: 'forbidden' } };
  expect(await ask({ origin: 'https://example.org', url: 'https://example.org/' })).toMatchObject(refused);
  expect(await ask({ parent: frame, frameTreeNodeId: -5 })).toMatchObject(refused);
  expect(await desktop.fake.invokeFrom({ sender: own.contents, senderFrame: null }, 'airdock:desktopState', {})).toMatchObject(refused);
  const other = new desktop.fake.electron.BrowserWindow({ show: false });
  expect(await ask({}, other.webContents)).toMatchObject(refused);
  expect(await desktop.fake.invoke(own, 'airdock:openLink', { url: 'file:///etc/passwd' })).toMatchObject({ ok: false });
  expect(await desktop.fake.invoke(own, 'airdock:openLink', 7)).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
  expect(desktop.fake.opened.external).toEqual([]);
  expect(await desktop.fake.session.requestPermission(own.contents, 'media')).toBe(false);
  other.destroy();
});

it.runIf(process.platform === 'linux')('where no tray icon shows, the first close says that it goes on, with Quit at hand', async (test) => {
  const place = await newPlace(test, { config: { gateway } });
  const desktop = await boot(test, place, { trayFails: true });
  await dashboardOf(desktop);
  desktop.fake.openWindows()[0]?.close();
  const question = await desktop.question();
  expect(question.options.message).toBe('Airdock keeps running');
  question.answer('Quit Airdock');
  expect(await desktop.ends()).toBe(0);
  expect(await addressOf(place)).toBeNull();
});

it('comes back where its window was, in the language of the person', async (test) => {
  const place = await newPlace(test, { config: { gateway, ui: { language: 'de' } } });
  const first = await boot(test, place);
  await (await first.page()).getByRole('link', { name: 'Modelle' }).waitFor();
  first.fake.openWindows()[0]?.moveTo({ x: 700, y: 300, width: 900, height: 640 });
  first.fake.tray().click(/beenden/i);
  expect(await first.ends()).toBe(0);
  const second = await boot(test, place);
  await second.page();
  expect(second.fake.openWindows()[0]?.options).toMatchObject({ x: 700, y: 300, width: 900, height: 640 });
});

it('a broken settings file is told in the tray and on the page, and stays as it is', async (test) => {
  const place = await newPlace(test, { config: { gateway } });
  const desktop = await boot(test, place);
  const page = await dashboardOf(desktop);
  const broken = '{ "gateway": { "port": 0 }, "models": { "max_concurrent_loaded": "many" } }';
  await writeFile(path.join(place.dataDir, 'config.json'), broken);
  await page.getByText('max_concurrent_loaded').first().waitFor();
  await expect.poll(() => labels(desktop)).toContain('The settings file has a mistake…');
  expect(await readFile(path.join(place.dataDir, 'config.json'), 'utf8')).toBe(broken);
  expect(desktop.complaints).toEqual([]);
});

it('a quit that comes while it starts waits for the start, and leaves nothing', async (test) => {
  const place = await newPlace(test, { config: { gateway } });
  const desktop = await boot(test, place);
  desktop.fake.electron.app.quit();
  expect(await desktop.ends()).toBe(0);
  expect(await addressOf(place)).toBeNull();
  expect(desktop.fake.openWindows()).toEqual([]);
});

it('a shutdown of the system asks nothing and ends in time', async (test) => {
  const place = await newPlace(test, { samples: inject('sampleFiles').slice(0, 1), config: { gateway } });
  const desktop = await boot(test, place, { args: ['--hidden'] });
  const script = await connectScript(test, place);
  const model = await load(script, 'sample-small');
  await script.call('acquire', { model: 'sample-small', holder: 'nightly.py' });
  desktop.fake.power.shutDown();
  expect(await desktop.ends()).toBe(0);
  expect(desktop.fake.dialogs.asked).toEqual([]);
  expect(isAlive(pidOf(model))).toBe(false);
});
