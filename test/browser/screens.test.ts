import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from './chromium.ts';
import { createEngineServer, type EngineServer } from './engine-server.ts';
import { live, snapshot } from './fixtures.ts';
import { axeViolations, scrollsSideways, shoot } from './page-checks.ts';
import { builtRenderer } from './renderer-build.ts';
import { states } from './states.ts';

const widths = [380, 900, 1400];
let browser: Browser;
let folder: string;
let engine: EngineServer;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  [browser, folder] = await Promise.all([launchChromium(), builtRenderer()]);
});
afterAll(() => browser?.close());

beforeEach(async () => {
  complaints = [];
  engine = await createEngineServer({ folder, snapshot: snapshot(live()) });
});
afterEach(async () => {
  await page?.context().close();
  await engine.down();
  expect(engine.faults).toEqual([]);
});

async function open(colorScheme: 'light' | 'dark') {
  const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce', viewport: { width: 1400, height: 900 } });
  page = await context.newPage();
  page.setDefaultTimeout(5_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // The browser reports every answer that is no success; those are the engine's part of a test.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  await page.goto(engine.url);
}

for (const theme of ['light', 'dark'] as const) {
  describe(`every state, ${theme}`, () => {
    it.each(states)('$name', async (state) => {
      engine.snapshot = state.snapshot();
      state.arrange?.(engine);
      await open(theme);
      if (state.act !== undefined) {
        await page.getByRole('heading', { name: 'Activity' }).waitFor();
        await state.act(page, engine);
      }
      await page.getByText(state.shows).first().waitFor();
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 });
        expect(await scrollsSideways(page), `scrolls sideways at ${width}`).toBe(false);
        expect(await axeViolations(page), `axe at ${width}`).toEqual([]);
        await shoot(page, `${state.name}-${width}-${theme}`);
      }
      expect(complaints).toEqual([]);
    });
  });
}
