import { mkdir, access, stat, constants } from 'node:fs/promises';
import path from 'node:path';
import { problem, type Outcome } from '../../contract/index.ts';
import { describeFileError } from './file-errors.ts';

export interface DataDirectoryOptions {
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  /** The user's home directory (`os.homedir()`). */
  home: string;
  /** `--data-dir`; wins over everything. */
  override?: string | undefined;
}

/**
 * Where this user's Airdock keeps its files: `--data-dir`, else `AIRDOCK_DATA_DIR`, else the place the platform has for
 * data that belongs to this machine: `$XDG_DATA_HOME/airdock` (XDG base directory specification, which tells to ignore
 * relative values), `~/Library/Application Support/Airdock`, `%LOCALAPPDATA%\Airdock`. Always absolute. Creates nothing.
 */
export function dataDirectory({ env, platform, home, override }: DataDirectoryOptions): string {
  const paths = platform === 'win32' ? path.win32 : path.posix;
  const chosen = override || env['AIRDOCK_DATA_DIR'];
  if (chosen) return paths.resolve(chosen);
  if (platform === 'darwin') return paths.join(home, 'Library', 'Application Support', 'Airdock');
  if (platform === 'win32') return paths.join(env['LOCALAPPDATA'] || paths.join(home, 'AppData', 'Local'), 'Airdock');
  const xdg = env['XDG_DATA_HOME'];
  return xdg && paths.isAbsolute(xdg) ? paths.join(xdg, 'airdock') : paths.join(home, '.local', 'share', 'airdock');
}

/**
 * Creates the data directory, for this user only (0700), where it is missing, and checks that it can be used.
 * An existing one keeps its permissions: it may be one that an administrator set up. Fails with `bad-folder` or `disk-full`.
 */
export async function prepareDataDirectory(dir: string): Promise<Outcome<string>> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    if (!(await stat(dir)).isDirectory()) return { ok: false, problem: problem('bad-folder', `${dir} is not a folder.`, chooseAnother) };
    await access(dir, constants.R_OK | constants.W_OK | constants.X_OK);
    return { ok: true, value: dir };
  } catch (error) {
    const { code, words } = describeFileError(error);
    return { ok: false, problem: problem(code, `Airdock cannot use its data folder ${dir}: ${words}.`, chooseAnother) };
  }
}

const chooseAnother = 'Choose another folder with --data-dir or AIRDOCK_DATA_DIR.';
