import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { launchChromium } from './chromium.ts';
import { type DashboardPageOptions, type OpenedPage, reusedPages } from './dashboard-page.ts';
import { createEngineServer, type EngineServer } from './engine-server.ts';
import { live, loaded, minute, snapshot } from './fixtures.ts';
import { builtRenderer } from './renderer-build.ts';

export interface Subject {
  /** The hand-driven engine behind the page; new for each test. */
  readonly engine: EngineServer;
  readonly page: Page;
  open(options?: DashboardPageOptions): Promise<void>;
  button(name: string | RegExp): ReturnType<Page['getByRole']>;
  shows(text: string | RegExp): Promise<void>;
  gone(text: string | RegExp): Promise<void>;
  /** The inputs of every call of this operation so far. */
  asked(operation: string): unknown[];
  /** The name of what has the focus. */
  focused(): Promise<string>;
}

/** The built dashboard in a real Chromium for the tests of this file. Every test ends without a complaint of the page or a fault in what it asked. */
export function dashboardSubject(): Subject {
  let browser: Browser | undefined;
  let openPage: ReturnType<typeof reusedPages> | undefined;
  let folder: string;
  let engine: EngineServer;
  let opened: OpenedPage | undefined;

  beforeAll(async () => {
    [browser, folder] = await Promise.all([launchChromium(), builtRenderer()]);
    openPage = reusedPages(browser);
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    engine = await createEngineServer({ folder, snapshot: snapshot(live()) });
    opened = undefined;
  });
  afterEach(async () => {
    await opened?.close();
    await engine.down();
    expect(engine.faults).toEqual([]);
    expect(opened?.complaints ?? []).toEqual([]);
  });

  const page = () => {
    if (opened === undefined) throw new Error('nothing was opened');
    return opened.page;
  };
  return {
    get engine() {
      return engine;
    },
    get page() {
      return page();
    },
    async open(options = {}) {
      if (openPage === undefined) throw new Error('no browser');
      opened = await openPage(engine, options);
    },
    button: (name) => page().getByRole('button', { name, exact: true }),
    shows: (text) => page().getByText(text).first().waitFor(),
    gone: (text) => page().getByText(text).first().waitFor({ state: 'detached' }),
    asked: (operation) => engine.calls.filter((call) => call.operation === operation).map((call) => call.input),
    focused: () => page().evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''),
  };
}

export const llama = (more: Parameters<typeof loaded>[2] = {}) => loaded('llama3.2', 4.5, more);
export const code = (more: Parameters<typeof loaded>[2] = {}) => loaded('codellama', 7, { loadedAt: Date.now() - 4 * minute, ...more });

/** An answer that waits until the test gives it. */
export function held<T>() {
  let give: (value: T) => void = () => undefined;
  const answer = new Promise<T>((resolve) => {
    give = resolve;
  });
  return { answer, give: (value: T) => give(value) };
}
