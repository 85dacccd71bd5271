// Takes the README's pictures from the real thing: headless Airdock, sample models, the dashboard in Chromium.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { build } from './build.mjs';
import { ensureBrowser } from './ensure-browser.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const executablePath = ensureBrowser();
if (!executablePath) process.exit(1);
build(['renderer', 'main']);

const dataDir = mkdtempSync(path.join(os.tmpdir(), 'airdock-pictures-'));
const engine = spawn(process.execPath, [path.join(root, 'dist/main/headless.js'), '--headless', '--port', '0', '--no-open', '--data-dir', dataDir], {
  stdio: ['ignore', 'pipe', 'inherit'],
  // Only the samples: the pictures must not depend on what this machine has.
  env: { ...process.env, OLLAMA_HOST: process.env.AIRDOCK_PICTURES_OLLAMA_HOST ?? '127.0.0.1:9' },
});
const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
try {
  const url = await signInAddress();
  const context = await browser.newContext({ viewport: { width: 960, height: 720 }, deviceScaleFactor: 2, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(url);
  await page.getByRole('button', { name: 'Make sample models' }).click();
  await page.getByRole('link', { name: 'Models' }).click();
  const load = async (name, then = async () => undefined) => {
    await page.getByRole('button', { name: `Load ${name}`, exact: true }).click();
    await then();
    await page.getByRole('button', { name: `Unload ${name}`, exact: true }).waitFor();
    // The history under the bar takes a point every five seconds: something has to lie between two events.
    await page.waitForTimeout(40_000);
  };
  await load('sample-small');
  await load('sample-large');
  await load('sample-medium', () => page.getByRole('button', { name: 'Unload and load' }).click());
  await page.getByRole('link', { name: 'Memory' }).click();
  await page.getByRole('heading', { name: 'Last 15 minutes' }).waitFor();
  await page.mouse.move(0, 0);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.screenshot({ path: path.join(root, `docs/dashboard-${colorScheme}.png`), fullPage: true });
    console.log(`docs/dashboard-${colorScheme}.png`);
  }
} finally {
  await browser.close();
  const ended = new Promise((resolve) => engine.once('exit', resolve));
  engine.kill('SIGTERM');
  await ended;
  rmSync(dataDir, { recursive: true, force: true });
}

function signInAddress() {
  return new Promise((resolve, reject) => {
    let said = '';
    engine.stdout.on('data', (chunk) => {
      said += chunk;
      const found = /http:\S+#code=\S+/.exec(said);
      if (found) resolve(found[0]);
    });
    engine.once('exit', (code) => reject(new Error(`Airdock ended with ${code}.`)));
  });
}
