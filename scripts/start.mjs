// `npm start`: builds what is missing and starts Airdock, as a tray app where that is possible, else without.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
// The usage is that of the version without a tray; Electron would print its own.
const headless = process.argv.includes('--headless') || process.argv.includes('--help');
const binary = headless ? null : electronBinary();
const why = headless ? null : binary === null ? 'No Electron binary is installed ("npx install-electron" gets one).' : hasDisplay() ? null : 'There is no display.';

build(binary !== null && why === null ? ['renderer', 'main', 'preload'] : ['renderer', 'main']);
if (binary !== null && why === null) startTray(binary);
else {
  if (why !== null) console.log(`${why} Airdock runs without a tray.`);
  await import('../dist/main/headless.js');
}

/** Looks at files only: merely importing the electron package without its binary would try to download it. */
function electronBinary() {
  const electron = path.join(root, 'node_modules/electron');
  const named = path.join(electron, 'path.txt');
  const { ELECTRON_OVERRIDE_DIST_PATH: own } = process.env;
  const name = existsSync(named) ? readFileSync(named, 'utf8').trim() : own === undefined ? null : { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }[process.platform] ?? 'electron';
  const file = name === null ? null : path.join(own ?? path.join(electron, 'dist'), name);
  return file !== null && existsSync(file) ? file : null;
}

function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** The terminal stays with it: Ctrl+C reaches both, and its output is seen. */
function startTray(file) {
  // Left over from a tool that used Electron as Node, it would make Electron one.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const child = spawn(file, [root, ...process.argv.slice(2)], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal === 'SIGINT' ? 0 : signal));
  child.on('error', (error) => {
    console.error(`Electron could not be started: ${error.message}\n"npm start -- --headless" runs Airdock without a tray.`);
    process.exitCode = 1;
  });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
    if (process.exitCode !== 0) console.log('If Electron does not start here, "npm start -- --headless" runs Airdock without a tray.');
  });
}
