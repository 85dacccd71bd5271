import type { Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from './chromium.ts';
import { type OpenedPage, reusedPages } from './dashboard-page.ts';
import { createEngineServer, type EngineServer } from './engine-server.ts';
import { live, snapshot } from './fixtures.ts';
import { axeViolations, scrollsSideways, shoot } from './page-checks.ts';
import { builtRenderer } from './renderer-build.ts';
import type { ScreenState } from './states/screen-state.ts';

const themes = ['light', 'dark'] as const;
const widths = [380, 900, 1400];
/** The widest is laid out unlike the narrowest; what lies between differs from them in size alone. */
const checked = [380, 1400];

/** For a look at some states alone: AIRDOCK_STATES=loading,preview */
const wanted = process.env.AIRDOCK_STATES?.split(',');
/** Pictures are for people, and cost more than the checks of an ordinary run. */
const pictures = process.env.AIRDOCK_SCREENSHOTS === '1';

/** Every one of these states in both themes, at three widths. Themes and widths change around a page, as they do for people. */
export function describeStates(name: string, states: readonly ScreenState[]): void {
  let browser: Browser | undefined;
  let open: ReturnType<typeof reusedPages> | undefined;
  let folder: string;
  let engine: EngineServer;
  let opened: OpenedPage | undefined;

  beforeAll(async () => {
    [browser, folder] = await Promise.all([launchChromium(), builtRenderer()]);
    open = reusedPages(browser);
  });
  afterAll(() => browser?.close());

  beforeEach(async () => {
    opened = undefined;
    engine = await createEngineServer({ folder, snapshot: snapshot(live()) });
  });
  afterEach(async () => {
    await opened?.close();
    await engine.down();
    expect(engine.faults).toEqual([]);
  });

  describe(`every state of ${name}`, () => {
    it.for(states)('$name', async (state, { skip }) => {
      if (wanted?.includes(state.name) === false) skip('not asked for');
      if (open === undefined) throw new Error('no browser');
      engine.snapshot = state.snapshot();
      state.arrange?.(engine);
      opened = await open(engine, { ...(state.locale === undefined ? {} : { locale: state.locale }), ...(state.address === undefined ? {} : { hash: state.address }) });
      const { page, complaints } = opened;
      if (state.act !== undefined) {
        await page.getByRole('main').waitFor();
        await state.act(page, engine);
      }
      await page.getByText(state.shows).first().waitFor();
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 });
        for (const theme of themes) {
          await page.emulateMedia({ colorScheme: theme });
          const where = `at ${width}, ${theme}`;
          // A popup follows its button only with the next frame.
          await expect.poll(() => scrollsSideways(page), { message: `scrolls sideways ${where}` }).toBe(false);
          // A theme changes colours and nothing else.
          if (checked.includes(width)) expect(await axeViolations(page, theme === 'light' ? undefined : 'colours'), `axe ${where}`).toEqual([]);
          if (pictures) await shoot(page, `${state.name}-${width}-${theme}`);
        }
      }
      // A style element would be stopped by the page's policy on a stricter browser, and is noise on this one.
      expect(await page.locator('style').count()).toBe(0);
      expect(complaints).toEqual([]);
    });
  });
}
