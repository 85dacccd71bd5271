import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ElectronParts } from '../../main/desktop/parts.ts';

const boots = new Map<string, ElectronParts>();
let registered = false;
let last = '';

interface Loader {
  _load(request: string, parent: unknown, isMain: boolean): unknown;
}

function electronOf(boot: string): ElectronParts {
  const electron = boots.get(boot === 'last' ? last : boot);
  if (!electron) throw new Error('Something asked for Electron outside of a booted app.');
  return electron;
}

/** Once per process: nobody here may reach the real package, whose first `require` would try to download the binary. */
function standIn(): void {
  if (registered) return;
  registered = true;
  Object.assign(globalThis, { [Symbol.for('airdock.electron')]: electronOf });
  const loader = Module as unknown as Loader;
  const load = loader._load;
  loader._load = (request, parent, isMain) => (request === 'electron' || request.startsWith('electron/') ? electronOf('last') : load(request, parent, isMain));
  Module.register(pathToFileURL(path.join(import.meta.dirname, 'load-hooks.mjs')));
}

const requireHere = createRequire(import.meta.url);
const nativeImport = requireHere('./native-import.cjs') as (url: string) => Promise<unknown>;

/** Evaluates the built main script, with its own copy of every module of the app, on this Electron. */
export async function importApp(entry: string, electron: ElectronParts): Promise<unknown> {
  standIn();
  last = String(boots.size + 1);
  boots.set(last, electron);
  // Packages that keep what they once got from Electron.
  const { cache } = requireHere;
  for (const file of Object.keys(cache)) if (/node_modules[\\/]electron-(log|updater)[\\/]/.test(file)) delete cache[file];
  return nativeImport(`${pathToFileURL(entry).href}?boot=${last}`);
}
