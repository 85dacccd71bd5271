import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { load, pidOf } from '../app/airdock.ts';
import { newPlace } from '../app/place.ts';
import { isAlive } from '../app/processes.ts';
import { until } from '../app/until.ts';
import { launchChromium } from '../browser/chromium.ts';
import { axeViolations, shoot } from '../browser/page-checks.ts';
import { bootApp } from './boot.ts';
import { addressOf, connectScript } from './client.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** A day with the tray app: real models in real processes, the built page in a real browser; only what is native is a stand-in. */
it('starts hidden, opens, loads, makes room, tells, sleeps, wakes, and quits while a model is in use', async (test) => {
  const place = await newPlace(test, { samples: inject('sampleFiles'), config: { models: { max_concurrent_loaded: 2 }, gateway: { port: 0 } } });
  const desktop = await bootApp(test, { browser, place, args: ['--hidden'], platform: process.platform as 'linux' });
  const { fake } = desktop;

  // At login: a tray icon, and nothing else.
  const tray = await desktop.tray();
  await expect.poll(() => tray.toolTip()).toMatch(/GB free · no models$/);
  expect(tray.imageFile()).toMatch(/assets/);
  expect(fake.windows()).toEqual([]);
  expect(fake.applicationMenu.menu).toBeNull();
  expect(tray.items().map(({ label }) => label)).toEqual(expect.arrayContaining(['No models in memory', 'Open Airdock', 'Quit Airdock']));

  // From the tray to the dashboard.
  tray.click('Open Airdock');
  let page = await desktop.page();
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  await page.getByText('free for models').first().waitFor();
  expect(fake.openWindows()).toHaveLength(1);
  await expect.poll(() => fake.openWindows()[0]?.window.isVisible()).toBe(true);
  expect(await axeViolations(page)).toEqual([]);

  await page.getByRole('link', { name: 'Models' }).click();
  for (const name of ['sample-small', 'sample-medium']) {
    await button(`Load ${name}`).click();
    await button(`Unload ${name}`).waitFor();
  }
  await page.getByRole('link', { name: 'Memory' }).click();
  await page.getByText('2 (limit 2)').waitFor();
  await shoot(page, 'desktop-1-two-loaded');
  await expect.poll(() => tray.toolTip()).toMatch(/GB free · 2 models$/);
  expect(tray.items().map(({ label }) => label).join('\n')).toMatch(/sample-small/);
  const script = await connectScript(test, place);
  const { loaded } = (await script.call('snapshot', {})).state;
  expect(loaded.map(({ name }) => name).sort()).toEqual(['sample-medium', 'sample-small']);
  // Each in a utility process of its own, which is the very process that the engine measures.
  expect(fake.utilities.alive().map(({ process: child }) => child.pid).sort()).toEqual(loaded.map(pidOf).sort());
  expect(fake.utilities.strayForks).toEqual([]);
  // What a person clicked is not told to them.
  expect(fake.shownNotifications()).toEqual([]);

  // Closed into the tray: out of sight at once, gone some seconds later, and the models stay.
  fake.openWindows()[0]?.close();
  expect(fake.openWindows()[0]?.window.isVisible()).toBe(false);
  const gone = page.waitForEvent('close', { timeout: 30_000 });
  await gone;
  expect(fake.openWindows()).toEqual([]);
  expect(fake.hasExited()).toBe(false);

  // A script wants a third: room is made, and the person is told.
  const large = await load(script, 'sample-large', { force: true });
  const [notification] = await until(() => fake.shownNotifications(), (shown) => shown.length > 0, 20_000);
  expect(notification?.title).toMatch(/^sample-(small|medium) was unloaded$/);
  expect(notification?.body).toMatch(/make room for sample-large, asked for by nightly\.py/);
  const unloaded = notification?.title.split(' ')[0] ?? '';
  const victim = loaded.find(({ name }) => name === unloaded);
  expect(isAlive(victim ? pidOf(victim) : -1)).toBe(false);

  // A click on it leads to the entry, with its remedies at hand.
  notification?.click();
  page = await desktop.page();
  await page.getByText(new RegExp(`^${unloaded} .*was unloaded to make room for sample-large`)).first().waitFor();
  await button(`Load again: ${unloaded}`).first().waitFor();
  await button(`Keep ${unloaded} in memory`).first().waitFor();
  expect(new URL(page.url()).hash).toMatch(/^#\/activity/);
  await shoot(page, 'desktop-2-from-the-notification');

  // Sleep and wake: what is loaded stays, and time asleep is nobody's idleness.
  fake.power.suspend();
  fake.power.resume();
  await expect.poll(async () => (await script.call('snapshot', {})).state.loaded.length).toBe(2);

  // A second launch brings the window to the front instead of starting a second Airdock.
  fake.openWindows()[0]?.close();
  expect(fake.openWindows().some(({ window }) => window.isVisible())).toBe(false);
  fake.secondLaunch(['airdock']);
  await expect.poll(() => fake.openWindows().some(({ window }) => window.isVisible())).toBe(true);

  // Quit while the script uses a model: it is asked, and may be taken back.
  const lease = await script.call('acquire', { model: 'sample-large', holder: 'nightly.py' });
  if (!lease.ok) throw new Error(lease.problem.message);
  tray.click('Quit Airdock');
  const question = await desktop.question();
  expect(question.options.message).toBe('sample-large is in use right now.');
  expect(question.options.detail).toMatch(/in use by nightly\.py/);
  question.answer('Cancel');
  await expect.poll(() => fake.isQuitting()).toBe(false);
  expect((await script.call('snapshot', {})).state.loaded).toHaveLength(2);

  // And the second time it waits for the end of that use, and not a moment longer.
  tray.click('Quit Airdock');
  (await desktop.question()).answer('Quit when finished');
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect([fake.hasExited(), isAlive(pidOf(large))]).toEqual([false, true]);
  await script.call('release', { lease: lease.value.id }).catch(() => undefined);
  expect(await desktop.ends()).toBe(0);
  expect(fake.utilities.alive()).toEqual([]);
  expect(isAlive(pidOf(large))).toBe(false);
  expect(await addressOf(place)).toBeNull();
  expect(fake.openWindows()).toEqual([]);
  expect(tray.isDestroyed()).toBe(true);
  expect(desktop.complaints).toEqual([]);
});
