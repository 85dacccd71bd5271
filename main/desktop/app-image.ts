import { realpathSync } from 'node:fs';
import path from 'node:path';

/**
 * The AppImage that this app was started from; null where it was not. It runs from a folder that is gone after it ends, so this file is
 * what is to be started again. The variables are inherited: in the terminal of another program's AppImage they name that program,
 * and only where our own executable lies tells whose they are.
 */
export function ownAppImage(env: NodeJS.ProcessEnv, execPath: string): string | null {
  const { APPIMAGE: file, APPDIR: mount } = env;
  if (!file || !mount) return null;
  const inside = path.relative(real(mount), real(execPath));
  return inside === '' || inside === '..' || inside.startsWith(`..${path.sep}`) || path.isAbsolute(inside) ? null : file;
}

/** The place of temporary files may be a link, and the system names executables without links. */
function real(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}
