import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');
const executable = process.platform === 'win32' ? 'electron.exe' : process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';

/**
 * The Electron binary to test with; null where there is none. By looking at files only: requiring `electron` where its
 * binary is missing would try to download it.
 */
export function findElectron(env: NodeJS.ProcessEnv = process.env, packageDir = path.join(root, 'node_modules/electron')): string | null {
  const pathFile = path.join(packageDir, 'path.txt');
  const named = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : '';
  const dist = env.ELECTRON_OVERRIDE_DIST_PATH || path.join(packageDir, 'dist');
  return [named, executable].filter((name) => name !== '').map((name) => path.join(dist, name)).find((file) => existsSync(file)) ?? null;
}
