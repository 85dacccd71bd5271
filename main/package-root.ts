import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder of Airdock's package, from wherever this code runs: the sources, or any file of the build. */
export function packageRoot(from: string = import.meta.dirname): string {
  for (let dir = from; ; dir = path.dirname(dir)) {
    if (existsSync(path.join(dir, 'package.json')) && existsSync(path.join(dir, 'LICENSE'))) return dir;
    if (dir === path.dirname(dir)) return from;
  }
}
