import { existsSync } from 'node:fs';
import type * as Electron from 'electron';

/** Records what would have been opened; opens nothing. */
export function createShell() {
  const external: string[] = [];
  const paths: string[] = [];
  const shownInFolder: string[] = [];
  const failure: { external: Error | null; path: string | null } = { external: null, path: null };
  const shell = {
    async openExternal(url) {
      if (!URL.canParse(url)) throw new TypeError('Invalid URL');
      if (failure.external) throw failure.external;
      external.push(url);
    },
    // A problem is the value here: '' means that it went well.
    async openPath(file) {
      if (failure.path !== null) return failure.path;
      if (!existsSync(file)) return 'No such file or directory';
      paths.push(file);
      return '';
    },
    showItemInFolder: (file) => void shownInFolder.push(file),
    beep: () => undefined,
  } satisfies Partial<Electron.Shell>;
  return { shell: shell as unknown as Electron.Shell, opened: { external, paths, shownInFolder }, failure };
}
