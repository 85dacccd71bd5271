import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pidOf, startApp, type App } from '../app/airdock.ts';
import { buildApp } from '../app/build-app.ts';
import { newPlace } from '../app/place.ts';
import { isAlive } from '../app/processes.ts';
import { until } from '../app/until.ts';
import { launchChromium } from './chromium.ts';
import { axeViolations, shoot } from './page-checks.ts';

let browser: Browser;

beforeAll(async () => {
  [browser] = await Promise.all([launchChromium(), buildApp()]);
});
afterAll(() => browser?.close());

async function newContext(): Promise<BrowserContext> {
  const context = await browser.newContext({ colorScheme: 'light', reducedMotion: 'reduce', viewport: { width: 1400, height: 900 } });
  context.setDefaultTimeout(30_000);
  return context;
}

const named = async (app: App, name: string) => {
  const model = (await app.loaded()).find((one) => one.name === name && one.state === 'ready');
  if (model === undefined) throw new Error(`${name} is not in memory`);
  return model;
};

/** The words of the pieces of the bar, in order. */
const pieces = (page: Page) => page.getByRole('list', { name: 'What the RAM is used for' }).locator('[aria-label]').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''));

/** Real models, a real browser, nothing else on the computer: what somebody sees who starts Airdock for the first time. */
it('a newcomer makes samples, loads two, asks for a third, and sees everything happen', async (test) => {
  const place = await newPlace(test);
  const app = await startApp(test, place);
  const context = await newContext();
  test.onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const shows = (text: string | RegExp) => page.getByText(text).first().waitFor();
  const go = (name: 'Memory' | 'Models' | 'Activity') => page.getByRole('navigation').getByRole('link', { name }).click();

  // The printed address signs in, and the code is gone from it.
  await page.goto(app.link);
  await page.getByRole('heading', { name: 'No models found yet' }).waitFor();
  expect(page.url()).toBe(`${app.url}/`);
  await shows('free for models');
  await shows('ollama serve');
  await button('Add a folder').waitFor();
  await shows('random weights');
  expect(await axeViolations(page)).toEqual([]);
  await shoot(page, 'story-1-first-run');

  await button('Make sample models').click();
  const progress = page.getByRole('progressbar', { name: 'Making sample models' });
  const first = await until(async () => Number(await progress.getAttribute('aria-valuenow')), (value) => value > 0);
  await shoot(page, 'story-2-making-samples');
  await until(async () => ((await progress.count()) === 0 ? 100 : Number(await progress.getAttribute('aria-valuenow', { timeout: 500 }).catch(() => 100))), (value) => value > first, 30_000);
  await shows('No models in memory.');
  await page.getByRole('link', { name: 'Load one' }).click();
  for (const name of ['sample-small', 'sample-medium', 'sample-large']) await button(`Load ${name}`).waitFor({ timeout: 60_000 });
  await shows('sample: random weights, answers nonsense');
  await shoot(page, 'story-3-samples-installed');

  await button('Load sample-small').click();
  await button('Unload sample-small').waitFor();
  // Most of its file of 60 MB is in memory; how much exactly is llama.cpp's affair. The first reading may be from while it was still being read.
  await until(() => named(app, 'sample-small'), (model) => (model.resident?.file ?? model.ramUsed) > 40 * 1024 * 1024);
  await go('Memory');
  await expect.poll(() => pieces(page)).toContainEqual(expect.stringMatching(/^sample-small: /));
  const countdown = page.getByText(/unloads in \d:\d\d/).first();
  const counted = await countdown.textContent();
  expect(counted).toMatch(/unloads in [45]:\d\d/);
  await expect.poll(() => countdown.textContent(), { timeout: 5_000 }).not.toBe(counted);
  await shoot(page, 'story-4-one-loaded');

  await go('Models');
  await button('Load sample-medium').click();
  await button('Unload sample-medium').waitFor();
  await go('Memory');
  expect(await pieces(page)).toEqual(expect.arrayContaining([expect.stringMatching(/^sample-small: /), expect.stringMatching(/^sample-medium: /)]));
  await shows('2 (limit 2)');

  await go('Models');
  // Refused with the reason, and an offer. Nothing has happened until that is taken.
  await button('Load sample-large').click();
  const offer = page.getByRole('group', { name: 'sample-large' });
  await offer.getByText(/^Load sample-large \(0\.\d GB.*\)\?$/).waitFor();
  // Which of the two is worth less depends on how long their loads took here.
  const unloads = await offer.getByText(/This unloads sample-(small|medium) \(\d/).textContent();
  const [victim, stays] = unloads?.includes('sample-small') ? ['sample-small', 'sample-medium'] : ['sample-medium', 'sample-small'];
  const gone = await named(app, victim);
  const staying = await named(app, stays);
  expect((await app.loaded()).map(({ name }) => name)).toEqual(['sample-small', 'sample-medium']);
  expect(await axeViolations(page)).toEqual([]);
  await shoot(page, 'story-5-third-asked-for');

  await button('Unload and load').click();
  await button('Unload sample-large').waitFor({ timeout: 30_000 });
  expect(await button(`Unload ${victim}`).count()).toBe(0);
  await go('Memory');
  expect(await pieces(page)).toEqual(expect.arrayContaining([expect.stringMatching(new RegExp(`^${stays}: `)), expect.stringMatching(/^sample-large: /)]));
  expect(isAlive(pidOf(gone))).toBe(false);
  await go('Activity');
  await shows(new RegExp(`^${victim} \\(.+\\) was unloaded to make room for sample-large\\.$`));
  await shows(/^sample-large was loaded in .+ after sample-(small|medium) made room: /);
  await shoot(page, 'story-6-room-was-made');

  await go('Models');
  await button(`Unload ${stays}`).click();
  await button(`Load ${stays}`).waitFor();
  expect(isAlive(pidOf(staying))).toBe(false);
  await go('Memory');
  await shows('1 (limit 2)');
  await shoot(page, 'story-7-unloaded');

  // The browser stays signed in; the address does not work twice.
  await page.reload();
  await button('Unload sample-large').waitFor();
  const stranger = await newContext();
  test.onTestFinished(() => stranger.close());
  const elsewhere = await stranger.newPage();
  await elsewhere.goto(app.link);
  await elsewhere.getByRole('heading', { name: 'This page is not signed in' }).waitFor();
  expect(await elsewhere.getByText('sample-large').count()).toBe(0);
  await shoot(elsewhere, 'story-8-code-used-twice');

  const large = await named(app, 'sample-large');
  app.process.kill('SIGKILL');
  await page.getByRole('alert').getByText(/^Airdock stopped answering; figures are from /).waitFor();
  await shoot(page, 'story-9-engine-killed');
  await until(() => isAlive(pidOf(large)), (alive) => !alive, 3_000);

  // Sessions end with the process: on the old address the page says what to do, and the new link brings everything back.
  const next = await startApp(test, place, { args: ['--port', new URL(app.url).port] });
  await page.getByRole('heading', { name: 'This page is not signed in' }).waitFor({ timeout: 20_000 });
  await page.goto(next.link);
  await shows('No models in memory.');
  await go('Activity');
  await shows(/^sample-large was loaded in /);
  await go('Models');
  await button('Load sample-large').waitFor();
  await shoot(page, 'story-10-started-again');
  expect(complaints).toEqual([]);
  expect(next.process.stderr).toBe('');
});
