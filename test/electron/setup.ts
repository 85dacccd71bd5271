import { buildAll } from '../desktop/build-all.ts';
import { findElectron } from './find-electron.ts';

export default async function setup(): Promise<void> {
  if (findElectron() === null) console.warn('\n!! No Electron binary here: the tests that need the real Electron are skipped. ("npx install-electron" gets one, or name its folder in ELECTRON_OVERRIDE_DIST_PATH.)\n');
  else await buildAll();
}
