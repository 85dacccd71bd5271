import type { Browser, Page } from 'playwright';
import type { EngineServer } from './engine-server.ts';

export interface OpenedPage {
  page: Page;
  /** Errors of the page itself and of its policy, as the console told them. */
  complaints: readonly string[];
  close(): Promise<void>;
}

interface DashboardPageOptions {
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

/** The dashboard of this engine in a browser context of its own. */
export async function openDashboard(
  browser: Browser,
  engine: EngineServer,
  { colorScheme = 'light', locale = 'en-GB', hash = '', cookie = false, offline = false }: DashboardPageOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ colorScheme, locale, reducedMotion: 'reduce', viewport: { width: 1400, height: 900 } });
  if (cookie) await context.addCookies([{ name: 'airdock', value: 'yes', url: engine.url }]);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // The browser reports every answer that is no success; those are the engine's part of a test.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  if (offline) await page.route('**/airdock/v1/**', (route) => route.abort());
  await page.goto(engine.url + hash);
  return { page, complaints, close: () => context.close() };
}
