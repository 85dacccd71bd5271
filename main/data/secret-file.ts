import { randomBytes } from 'node:crypto';
import { chmod, readFile, stat } from 'node:fs/promises';
import { problem, type Outcome } from '../../contract/index.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { describeFileError, errorCode } from './file-errors.ts';

/** 32 random bytes in base64url. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** The secret in a file; null where there is none that could be used. */
export async function readSecret(file: string): Promise<string | null> {
  try {
    const text = (await readFile(file, 'utf8')).trim();
    return SECRET.test(text) ? text : null;
  } catch {
    return null;
  }
}

/**
 * The secret in a file, made where there is none or where it is damaged; the file is readable by this user alone (0600), also if it
 * was not before. `name` is what a person calls it ("access token"). Fails with `disk-full` or `bad-folder`.
 */
export async function ensureSecret(file: string, name: string): Promise<Outcome<string>> {
  return attempt(file, name, async () => {
    const known = await readSecret(file);
    if (known === null) return await makeSecret(file);
    await narrowMode(file);
    return known;
  });
}

/** A new secret in place of the one that the file has. Until it is on the disk, the old one stays. */
export async function replaceSecret(file: string, name: string): Promise<Outcome<string>> {
  return attempt(file, name, () => makeSecret(file));
}

async function attempt(file: string, name: string, make: () => Promise<string>): Promise<Outcome<string>> {
  try {
    return { ok: true, value: await make() };
  } catch (error) {
    const { code, words } = describeFileError(error);
    return { ok: false, problem: problem(code, `Airdock cannot keep its ${name} in ${file}: ${words}.`) };
  }
}

async function makeSecret(file: string): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  await writeFileAtomic(file, `${secret}\n`, { mode: 0o600 });
  return secret;
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
