import { execFile } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** The project's root: what is tested is its `dist`. */
export const root = path.join(import.meta.dirname, '../..');

/** Builds what is missing or older than its sources of the desktop app: page, main process, bridge. */
export async function buildAll(): Promise<void> {
  const script = `import { build } from ${JSON.stringify(pathToFileURL(path.join(root, 'scripts/build.mjs')).href)}; build(['renderer', 'main', 'preload']);`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { cwd: root }).catch((error: { stdout?: string; stderr?: string }) => {
    throw new Error(`The desktop app could not be built:\n${error.stdout ?? ''}${error.stderr ?? ''}`);
  });
}
