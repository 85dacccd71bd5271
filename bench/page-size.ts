import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

/** JavaScript that the browser fetches before it can draw anything: what index.html names, which is the entry and all that it imports. Gzipped bytes. */
export function initialScriptBytes(folder: string): number {
  const html = readFileSync(path.join(folder, 'index.html'), 'utf8');
  const files = [...html.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+\.js)"/g)].map((match) => match[1]!);
  if (files.length === 0) throw new Error('index.html names no script: has the dashboard been built?');
  return [...new Set(files)].reduce((sum, file) => sum + gzipSync(readFileSync(path.join(folder, file))).length, 0);
}
