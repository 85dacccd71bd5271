import path from 'node:path';
import type { Outcome } from '../../contract/index.ts';
import { ensureSecret, replaceSecret } from './secret-file.ts';

/** The key for apps: what programs show that use models from elsewhere, or that change what is installed. Unlike the token it opens no control. */
export interface AppsKey {
  /** The file that it lies in, beside the token. */
  readonly file: string;
  current(): string;
  /** A new key; the old one counts for nothing from then on. */
  renew(): Promise<Outcome<string>>;
}

const NAME = 'key for apps';

/** The key, made where there is none that could be used. Only the owner of the lock calls this. */
export async function openAppsKey(dir: string): Promise<Outcome<AppsKey>> {
  const file = path.join(dir, 'key');
  const kept = await ensureSecret(file, NAME);
  if (!kept.ok) return kept;
  let current = kept.value;
  // One after the other: what is on the disk at the end is what counts.
  let last: Promise<unknown> = Promise.resolve();
  const renew = (): Promise<Outcome<string>> => {
    const renewed = last.then(async () => {
      const made = await replaceSecret(file, NAME);
      if (made.ok) current = made.value;
      return made;
    });
    last = renewed;
    return renewed;
  };
  return { ok: true, value: { file, current: () => current, renew } };
}
