// `npm run package`: packs the desktop app for this platform, into release/. Electron's binary is fetched where it is not at hand;
// ELECTRON_OVERRIDE_DIST_PATH names one that is. AIRDOCK_UPDATE_URL: the address of a folder with newer versions; without it the app
// does not update itself. Arguments are electron-builder's own ("--dir", "--linux deb").
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { ELECTRON_OVERRIDE_DIST_PATH: dist, AIRDOCK_UPDATE_URL: updates } = process.env;

build(['renderer', 'main', 'preload']);
const { status } = spawnSync(
  process.execPath,
  [
    path.join(root, 'node_modules/electron-builder/cli.js'),
    ...process.argv.slice(2),
    '--publish',
    'never',
    ...(dist ? [`-c.electronDist=${path.resolve(dist)}`] : []),
    ...(updates ? ['-c.publish.provider=generic', `-c.publish.url=${updates}`] : []),
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exitCode = status ?? 1;
