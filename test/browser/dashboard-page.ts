import type { Browser, Page } from 'playwright';
import type { EngineServer } from './engine-server.ts';

export interface OpenedPage {
  page: Page;
  /** Errors of the page itself and of its policy, as the console told them. */
  complaints: readonly string[];
  close(): Promise<void>;
}

export interface DashboardPageOptions {
  colorScheme?: 'light' | 'dark';
  /** The language of the browser. */
  locale?: string;
  /** What follows the address, with its `#`. */
  hash?: string;
  /** The browser was here before and still has its session. */
  cookie?: boolean;
  /** The page's files come, but no call reaches the engine until that is unrouted. */
  offline?: boolean;
}

type OpenDashboard = (engine: EngineServer, options?: DashboardPageOptions) => Promise<OpenedPage>;

const viewport = { width: 1400, height: 900 };

/** An empty page in a context of its own, that notes its errors for whoever opened it last. */
interface BlankPage {
  page: Page;
  complaints: string[];
}

async function blankPage(browser: Browser, locale: string): Promise<BlankPage> {
  const context = await browser.newContext({ locale, viewport });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const blank: BlankPage = { page, complaints: [] };
  page.on('pageerror', (error) => blank.complaints.push(error.message));
  page.on('console', (message) => {
    // The browser reports every answer that is no success; those are the engine's part of a test.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) blank.complaints.push(message.text());
  });
  return blank;
}

async function show(blank: BlankPage, engine: EngineServer, { colorScheme = 'light', hash = '', cookie = false, offline = false }: DashboardPageOptions): Promise<void> {
  const { page } = blank;
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  if (cookie) await page.context().addCookies([{ name: 'airdock', value: 'yes', url: engine.url }]);
  if (offline) await page.route('**/airdock/v1/**', (route) => route.abort());
  await page.goto(engine.url + hash);
}

/** The dashboard of this engine in a browser context of its own. */
export async function openDashboard(browser: Browser, engine: EngineServer, options: DashboardPageOptions = {}): Promise<OpenedPage> {
  const blank = await blankPage(browser, options.locale ?? 'en-GB');
  await show(blank, engine, options);
  return { page: blank.page, complaints: blank.complaints, close: () => blank.page.context().close() };
}

/** Pages that something was done to which outlasts a navigation. */
const spoiled = new WeakSet<Page>();

/** This page gets no other state or test: what is done to it cannot be taken back. */
export function spoil(page: Page): void {
  spoiled.add(page);
}

/** As new: nothing stored, nothing routed, nothing allowed, and nothing on it. */
async function reset({ page }: BlankPage): Promise<void> {
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.evaluate(() => {
    localStorage.clear();
    sessionStorage.clear();
  });
  await page.context().clearCookies();
  await page.context().clearPermissions();
  await page.goto('about:blank');
}

/**
 * The dashboard in pages of this browser that are used again, one for each language: a new context, with the process behind it, costs more than
 * all that most states and tests do in it. Every engine has a port, and with that an origin, of its own.
 */
export function reusedPages(browser: Browser): OpenDashboard {
  const free = new Map<string, BlankPage>();
  return async (engine, options = {}) => {
    const locale = options.locale ?? 'en-GB';
    const blank = free.get(locale) ?? (await blankPage(browser, locale));
    free.delete(locale);
    const complaints: string[] = [];
    blank.complaints = complaints;
    await show(blank, engine, options);
    return {
      page: blank.page,
      complaints,
      async close() {
        const clean = !spoiled.has(blank.page) && (await reset(blank).then(() => true, () => false));
        if (clean && !free.has(locale)) free.set(locale, blank);
        else await blank.page.context().close();
      },
    };
  };
}
