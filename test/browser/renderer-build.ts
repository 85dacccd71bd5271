import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.join(import.meta.dirname, '../..');

/** The folder of the built dashboard; builds it where that has not been done. */
export async function builtRenderer(): Promise<string> {
  // A build made elsewhere, for those who work on the page and on something else at the same time.
  const named = process.env.AIRDOCK_RENDERER;
  if (named !== undefined && named !== '') return named;
  const folder = path.join(root, 'dist/renderer');
  if (!existsSync(path.join(folder, 'index.html'))) {
    await promisify(execFile)(process.execPath, [path.join(root, 'node_modules/vite/bin/vite.js'), 'build'], { cwd: root });
  }
  return folder;
}
