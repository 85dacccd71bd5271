import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');
const usual = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' };

/**
 * The Electron to test with, or why there is none. By looking at files only: requiring `electron` where its binary is
 * missing would try to download it.
 */
export function electronHere(env = process.env, packageDir = path.join(root, 'node_modules/electron'), platform = process.platform) {
  const pathFile = path.join(packageDir, 'path.txt');
  const named = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : '';
  const dist = env.ELECTRON_OVERRIDE_DIST_PATH || path.join(packageDir, 'dist');
  const names = [named, usual[platform] ?? 'electron'].filter((name) => name !== '');
  const executable = names.map((name) => path.join(dist, name)).find((file) => existsSync(file)) ?? null;
  if (executable === null) return { executable: null, why: 'no Electron binary here' };
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return { executable: null, why: 'no display here (xvfb-run gives one)' };
  return { executable, why: null };
}
