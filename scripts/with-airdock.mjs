// What the scripts that take pictures share: an Airdock of their own, with sample models alone, and a browser.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { build } from './build.mjs';
import { ensureBrowser } from './ensure-browser.mjs';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * Builds these parts, runs `take` with a headless Airdock in an empty data folder, its sign-in address and a browser, and ends both.
 * Without an Ollama, unless one is given: a picture must not depend on what this machine has.
 */
export async function withAirdock({ parts, ollamaHost }, take) {
  const executablePath = ensureBrowser();
  if (!executablePath) process.exit(1);
  build(parts);
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'airdock-pictures-'));
  if (!ollamaHost) writeFileSync(path.join(dataDir, 'config.json'), JSON.stringify({ providers: { ollama: { enabled: false } } }));
  const engine = spawn(process.execPath, [path.join(root, 'dist/main/headless.js'), '--headless', '--port', '0', '--no-open', '--data-dir', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...(ollamaHost ? { OLLAMA_HOST: ollamaHost } : {}) },
  });
  const ended = new Promise((resolve) => engine.once('exit', resolve));
  const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  try {
    await take({ signInLink: await signInLink(engine), dataDir, browser });
  } finally {
    await browser.close();
    engine.kill('SIGTERM');
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function signInLink(engine) {
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
