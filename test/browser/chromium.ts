import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright';

const names = process.platform === 'win32' ? ['chrome.exe', 'msedge.exe'] : ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const places = [
  ...(process.env.PATH ?? '').split(path.delimiter),
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The Chromium to test with: AIRDOCK_BROWSER, an installed one, Playwright's own; null where there is none. */
export function findChromium(): string | null {
  const named = process.env.AIRDOCK_BROWSER;
  if (named !== undefined && named !== '') return named;
  const candidates = places.flatMap((place) => [...names.map((name) => path.join(place, name)), ...(place.includes('.app/') ? [place] : [])]);
  return candidates.find((file) => existsSync(file)) ?? (existsSync(chromium.executablePath()) ? chromium.executablePath() : null);
}

/** A Chromium without a window that talks to nobody but the page's server. Throws where there is none. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('No Chromium found. Install one, or name it in AIRDOCK_BROWSER.');
  // Chromium's sandbox refuses to run as root, which is what containers run as.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({
    executablePath,
    args: [...asRoot, '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
  });
}
