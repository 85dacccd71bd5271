import { readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { tempDir } from '../../test/temp-dir.ts';
import { openAppsKey } from './apps-key.ts';
import { ensureToken } from './token.ts';

async function opened(dir: string) {
  const key = await openAppsKey(dir);
  if (!key.ok) throw new Error(key.problem.message);
  return key.value;
}

it('is another secret than the token, kept beside it for this user alone', async () => {
  const dir = await tempDir();
  const token = await ensureToken(dir);
  const key = await opened(dir);
  expect(key.file).toBe(path.join(dir, 'key'));
  expect(key.current()).toMatch(/^[\w-]{43}$/);
  expect(token).not.toEqual({ ok: true, value: key.current() });
  expect(statSync(key.file).mode & 0o777).toBe(0o600);
  expect((await opened(dir)).current()).toBe(key.current());
});

it('is replaced at once, the last renewal wins on the disk too, and what cannot be kept changes nothing', async () => {
  const dir = await tempDir();
  const key = await opened(dir);
  const old = key.current();
  const made = await Promise.all([key.renew(), key.renew(), key.renew()]);
  expect(new Set([old, ...made.map((one) => (one.ok ? one.value : ''))]).size).toBe(4);
  expect(made[2]).toEqual({ ok: true, value: key.current() });
  expect(readFileSync(key.file, 'utf8')).toBe(`${key.current()}\n`);

  const before = key.current();
  rmSync(dir, { recursive: true });
  expect(await key.renew()).toMatchObject({ ok: false, problem: { code: 'bad-folder' } });
  expect(key.current()).toBe(before);
});
