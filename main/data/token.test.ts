import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempDir } from '../../test/temp-dir.ts';
import { ensureToken, readToken } from './token.ts';

describe('token', () => {
  it('is made once, readable by this user alone, and narrowed where it was not', async () => {
    const dir = await tempDir();
    expect(await readToken(dir)).toBeNull();
    const made = await ensureToken(dir);
    if (!made.ok) throw new Error(made.problem.message);
    expect(made.value).toMatch(/^[\w-]{43}$/);
    expect(await readToken(dir)).toBe(made.value);
    const file = path.join(dir, 'token');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    chmodSync(file, 0o644);
    expect(await ensureToken(dir)).toEqual(made);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('replaces a damaged one and says where none can be kept', async () => {
    const dir = await tempDir();
    writeFileSync(path.join(dir, 'token'), 'short');
    expect(await readToken(dir)).toBeNull();
    const made = await ensureToken(dir);
    expect(made).toMatchObject({ ok: true });
    expect(readFileSync(path.join(dir, 'token'), 'utf8')).toHaveLength(44);
    expect(await ensureToken(path.join(dir, 'missing'))).toMatchObject({ ok: false, problem: { code: 'bad-folder' } });
  });
});
