import { randomBytes } from 'node:crypto';
import { chmod, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { problem, type Outcome } from '../../contract/index.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { describeFileError, errorCode } from './file-errors.ts';

/** 32 random bytes in base64url. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

const tokenFile = (dir: string): string => path.join(dir, 'token');

/** The token that scripts show to this data directory's Airdock; null where there is none that could be used. */
export async function readToken(dir: string): Promise<string | null> {
  try {
    const text = (await readFile(tokenFile(dir), 'utf8')).trim();
    return TOKEN.test(text) ? text : null;
  } catch {
    return null;
  }
}

/**
 * The token, made where there is none or where it is damaged; the file is readable by this user alone (0600), also if it
 * was not before. Only the owner of the lock calls this. Fails with `disk-full` or `bad-folder`.
 */
export async function ensureToken(dir: string): Promise<Outcome<string>> {
  const file = tokenFile(dir);
  try {
    const known = await readToken(dir);
    if (known !== null) {
      await narrowMode(file);
      return { ok: true, value: known };
    }
    const token = randomBytes(32).toString('base64url');
    await writeFileAtomic(file, `${token}\n`, { mode: 0o600 });
    return { ok: true, value: token };
  } catch (error) {
    const { code, words } = describeFileError(error);
    return { ok: false, problem: problem(code, `Airdock cannot keep its access token in ${file}: ${words}.`) };
  }
}

async function narrowMode(file: string): Promise<void> {
  if (process.platform === 'win32' || ((await stat(file)).mode & 0o777) === 0o600) return;
  try {
    await chmod(file, 0o600);
  } catch (error) {
    // File systems without permissions (FAT) have nothing to narrow.
    if (!['EPERM', 'ENOTSUP', 'EINVAL'].includes(errorCode(error))) throw error;
  }
}
