import type { Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from './chromium.ts';
import { openDashboard, type OpenedPage } from './dashboard-page.ts';
import { createEngineServer, type EngineServer } from './engine-server.ts';
import { live, snapshot } from './fixtures.ts';
import { axeViolations, scrollsSideways, shoot } from './page-checks.ts';
import { builtRenderer } from './renderer-build.ts';
import { states } from './states/index.ts';

const widths = [380, 900, 1400];
/** The widest is laid out unlike the narrowest; what lies between differs from them in size alone. */
const checked = [380, 1400];
let browser: Browser;
let folder: string;
let engine: EngineServer;
let opened: OpenedPage;

/** For a look at some states alone: AIRDOCK_STATES=loading,preview */
const wanted = process.env.AIRDOCK_STATES?.split(',');
const chosen = states.filter(({ name }) => wanted?.includes(name) ?? true);

/** Every state of every page in one theme, at three widths: two files, so that two workers share them. */
export function describeStates(theme: 'light' | 'dark'): void {
  beforeAll(async () => {
    [browser, folder] = await Promise.all([launchChromium(), builtRenderer()]);
  });
  afterAll(() => browser?.close());

  beforeEach(async () => {
    engine = await createEngineServer({ folder, snapshot: snapshot(live()) });
  });
  afterEach(async () => {
    await opened?.close();
    await engine.down();
    expect(engine.faults).toEqual([]);
  });

  describe(`every state, ${theme}`, () => {
    it.each(chosen)('$name', async (state) => {
      engine.snapshot = state.snapshot();
      state.arrange?.(engine);
      opened = await openDashboard(browser, engine, { colorScheme: theme, ...(state.locale === undefined ? {} : { locale: state.locale }), ...(state.address === undefined ? {} : { hash: state.address }) });
      const { page } = opened;
      if (state.act !== undefined) {
        await page.getByRole('main').waitFor();
        await state.act(page, engine);
      }
      await page.getByText(state.shows).first().waitFor();
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 });
        // A popup follows its button only with the next frame.
        await expect.poll(() => scrollsSideways(page), { message: `scrolls sideways at ${width}` }).toBe(false);
        if (checked.includes(width)) expect(await axeViolations(page), `axe at ${width}`).toEqual([]);
        await shoot(page, `${state.name}-${width}-${theme}`);
      }
      // A style element would be stopped by the page's policy on a stricter browser, and is noise on this one.
      expect(await page.locator('style').count()).toBe(0);
      expect(opened.complaints).toEqual([]);
    });
  });
}
