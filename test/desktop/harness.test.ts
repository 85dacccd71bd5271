import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newPlace } from '../app/place.ts';
import { launchChromium } from '../browser/chromium.ts';
import { bootApp } from './boot.ts';

const entry = path.join(import.meta.dirname, 'fixtures/small-main.mjs');
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** What the page of the small app has of the harness and of Electron. */
interface SmallPage {
  airdock: Record<string, (input: unknown) => Promise<unknown>>;
  answered: Promise<unknown>;
  heard: string[];
}

it('gives the page the files of the app, its headers, and the built bridge, and nothing else', async (test) => {
  const desktop = await bootApp(test, { browser, place: await newPlace(test), entry });
  const page = await desktop.page();
  expect(await page.title()).toBe('small');
  expect(await page.evaluate(() => (window as unknown as SmallPage).answered)).toEqual({ ok: true, value: { text: 'https://example.org for app://airdock/index.html' } });
  await expect.poll(() => page.evaluate(() => (window as unknown as SmallPage).heard)).toEqual(['memory', 'models', 'activity']);
  // The policy of the handler is in force.
  expect(await page.evaluate(() => { const script = document.createElement('script'); script.textContent = 'window.inlineRan = true'; document.head.append(script); return (window as unknown as { inlineRan: boolean }).inlineRan; })).toBe(false);
  desktop.complaints.splice(0);
  // Of an error only the message comes through, and a channel nobody handles says so.
  const refusal = (name: string) => page.evaluate((channel) => (window as unknown as SmallPage).airdock[channel]?.({}).catch((error: Error) => error.message), name);
  expect(await refusal('quit')).toBe("Error invoking remote method 'airdock:quit': Error: no");
  expect(await refusal('chooseFolder')).toBe("Error invoking remote method 'airdock:chooseFolder': Error: No handler registered for 'airdock:chooseFolder'");
  expect(await page.evaluate(() => ['require', 'process', 'module', '__electronInvoke', '__electronSend'].filter((name) => name in globalThis))).toEqual([]);
  expect(await page.evaluate(() => { try { (window as unknown as { airdock: { quit: unknown } }).airdock.quit = null; } catch { /* frozen */ } return typeof (window as unknown as SmallPage).airdock.quit; })).toBe('function');
  expect(await page.evaluate(() => isSecureContext)).toBe(true);
  expect(page.frames()[1]?.url()).toMatch(/inner\.html$/);
});

it('a page cannot leave or open windows when the app says so', async (test) => {
  const desktop = await bootApp(test, { browser, place: await newPlace(test), entry });
  const page = await desktop.page();
  await page.evaluate(() => void window.open('app://airdock/index.html'));
  const refused = page.waitForEvent('requestfailed');
  await page.evaluate(() => void (location.href = 'https://example.org/'));
  await refused;
  await expect.poll(() => page.context().pages().length).toBe(1);
  expect(await page.evaluate(() => document.title)).toBe('small');
  expect(desktop.complaints.filter((one) => one.includes('allowed'))).toEqual([]);
});

it('starts hidden, opens from the tray, closes, and starts again in the same process with modules of its own', async (test) => {
  const place = await newPlace(test);
  const desktop = await bootApp(test, { browser, place, entry, args: ['--hidden'] });
  const tray = await desktop.tray();
  expect(desktop.fake.windows()).toEqual([]);
  tray.click('Open');
  const page = await desktop.page();
  expect(page.viewportSize()).toEqual({ width: 420, height: 300 });
  const closed = page.waitForEvent('close');
  desktop.fake.openWindows()[0]?.close();
  await closed;
  tray.click('Quit');
  expect(await desktop.fake.exited).toBe(0);
  const again = await bootApp(test, { browser, place, entry });
  expect(await (await again.page()).title()).toBe('small');
  expect(again.fake.windows()).toHaveLength(1);
});

it('a boot that fails says why', async (test) => {
  const place = await newPlace(test);
  const broken = path.join(place.root, 'broken.mjs');
  await writeFile(broken, `import { dialog, app } from 'electron'; await app.whenReady();`);
  await writeFile(path.join(place.dataDir, 'main.log'), 'the last line of the log');
  const failing = bootApp(test, { browser, place, entry: broken, limitMs: 500 });
  await expect(failing).rejects.toThrow(/The main script did not come to its end: not within 0\.5 s[^]*the last line of the log/);
  await writeFile(broken, `throw new Error('thrown at the top');`);
  await expect(bootApp(test, { browser, place, entry: broken })).rejects.toThrow('thrown at the top');
});
