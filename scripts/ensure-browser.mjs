// Finds a Chromium for the browser tests; installs one where there is none, saying what it does.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const names = process.platform === 'win32' ? ['chrome.exe', 'msedge.exe'] : ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** A browser that starts, or null. Order: AIRDOCK_BROWSER, an installed one, Playwright's own, a download of that, the distribution's package. */
export function ensureBrowser() {
  const named = process.env.AIRDOCK_BROWSER;
  if (named) {
    if (starts(named)) return named;
    console.log(`AIRDOCK_BROWSER names ${named}, which does not start.`);
    return null;
  }
  const found = findInstalled();
  if (found) return found;
  console.log('No Chromium or Chrome is installed. Downloading the one that Playwright brings …');
  run(process.execPath, [path.join(root, 'node_modules/playwright/cli.js'), 'install', 'chromium']);
  const downloaded = findInstalled();
  if (downloaded) return downloaded;
  const root0 = process.getuid?.() === 0;
  if (process.platform === 'linux' && onPath('apt-get') && (root0 || onPath('sudo'))) {
    const as = root0 ? [] : ['sudo', '-n'];
    console.log('That did not work. Installing the package "chromium" with apt-get …');
    apt(as, ['update', '-q']);
    apt(as, ['install', '-y', '-q', '--no-install-recommends', 'chromium']);
    return findInstalled();
  }
  console.log('Install Chromium, or name one in AIRDOCK_BROWSER.');
  return null;
}

function apt(as, args) {
  const [command, ...rest] = [...as, 'apt-get', ...args];
  run(command, rest, { DEBIAN_FRONTEND: 'noninteractive' });
}

function findInstalled() {
  const onDisk = [...names.map(onPath), ...places, chromium.executablePath()];
  return onDisk.find((file) => file && existsSync(file) && starts(file)) ?? null;
}

function onPath(name) {
  for (const dir of (process.env.PATH ?? '').split(path.delimiter)) {
    const file = path.join(dir, name);
    if (dir && existsSync(file)) return file;
  }
  return null;
}

/** Ubuntu's `chromium-browser` may be a stub that only says how to get the snap. */
function starts(file) {
  if (process.platform === 'win32') return existsSync(file);
  return spawnSync(file, ['--version'], { timeout: 30_000, stdio: 'ignore' }).status === 0;
}

function run(command, args, env = {}) {
  spawnSync(command, args, { stdio: 'inherit', timeout: 600_000, env: { ...process.env, ...env } });
}
