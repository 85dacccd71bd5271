// `npm start`: builds what is missing and starts Airdock, as a tray app where that is possible, else without.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

build(['renderer', 'main']);
if (!process.argv.includes('--headless')) console.log(`${whyNoTray()} Airdock runs without a tray.`);
await import('../dist/main/headless.js');

/** Looks at files only: merely importing the electron package without its binary would try to download it. */
function whyNoTray() {
  const electron = path.join(root, 'node_modules/electron');
  const named = path.join(electron, 'path.txt');
  const binary = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? path.join(electron, 'dist');
  if (!existsSync(named) || !existsSync(path.join(binary, readFileSync(named, 'utf8').trim()))) return 'No Electron binary is installed.';
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'There is no display.';
  return 'The tray app is not part of this version.';
}
