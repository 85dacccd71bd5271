import { mkdir, open, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ggufBytes } from '../../test/gguf-bytes.ts';
import { tempDir } from '../../test/temp-dir.ts';
import { importFiles, planImport, type ImportPlan } from './import-file.ts';

const GB = 1024 ** 3;
const never = new AbortController().signal;

async function folders() {
  const root = await tempDir();
  const from = path.join(root, 'from');
  await mkdir(from);
  return { from, own: path.join(root, 'own') };
}

/** A file of that size of which only the beginning takes space. */
async function sparse(file: string, head: Uint8Array, bytes: number): Promise<void> {
  const handle = await open(file, 'w');
  await handle.write(head);
  await handle.truncate(bytes);
  await handle.close();
}

async function planOf(file: string, own: string): Promise<ImportPlan> {
  const planned = await planImport(file, own);
  if (!planned.ok) throw new Error(planned.problem.message);
  return planned.value;
}

const take = (plan: ImportPlan, own: string, more: object = {}) => importFiles({ plan, link: false, folder: own, signal: never, freeDisk: async () => 100 * GB, onProgress: () => undefined, ...more });

it('says what is wrong with a file before anything is copied', async () => {
  const { from, own } = await folders();
  const at = (name: string): string => path.join(from, name);
  await writeFile(at('empty.gguf'), '');
  await writeFile(at('page.gguf'), '<!doctype html><title>A page about a model</title>');
  await writeFile(at('cut.gguf'), ggufBytes(1).subarray(0, 40));
  await sparse(at('zeros.gguf'), new Uint8Array(4), 5 * GB);
  // Says that it has more fields than any file could hold.
  const lying = Buffer.from(ggufBytes(1));
  lying.writeBigUInt64LE(0xffff_ffff_ffff_ffn, 16);
  await writeFile(at('lying.gguf'), lying);
  await mkdir(at('folder.gguf'));
  await symlink(at('nowhere'), at('dangling.gguf'));
  for (const [name, why] of [['empty.gguf', /empty/], ['page.gguf', /not a GGUF/], ['cut.gguf', /./], ['zeros.gguf', /not a GGUF/], ['lying.gguf', /./], ['folder.gguf', /is a folder/], ['dangling.gguf', /There is no file/], ['missing.gguf', /There is no file/]] as const) {
    const began = performance.now();
    const planned = await planImport(at(name), own);
    expect(planned, name).toMatchObject({ ok: false, problem: { message: expect.stringMatching(why) as string } });
    expect(performance.now() - began, name).toBeLessThan(500);
  }
  expect(await planImport(devNull, own)).toMatchObject({ ok: false, problem: { code: 'bad-file' } });
  if (process.platform !== 'win32') expect(await planImport('/dev/zero', own)).toMatchObject({ ok: false, problem: { message: '/dev/zero is no file.' } });
  expect(await planImport('m.gguf', own)).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
  expect(await readdir(path.dirname(own))).toEqual(['from']);
});

it('looks at 5 GB as fast as at one, and stops copying them when told to, leaving nothing', async () => {
  const { from, own } = await folders();
  const file = path.join(from, 'large.gguf');
  await sparse(file, ggufBytes(1), 5 * GB);
  const began = performance.now();
  const plan = await planOf(file, own);
  expect(plan.totalBytes).toBe(5 * GB);
  expect(performance.now() - began).toBeLessThan(500);
  const stop = new AbortController();
  const copied = take(plan, own, { signal: stop.signal, onProgress: ({ doneBytes }: { doneBytes: number }) => doneBytes > 8 * 1024 ** 2 && stop.abort() });
  expect(await copied).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
  expect(await readdir(own)).toEqual([]);
  expect(await take(plan, own, { freeDisk: async () => GB })).toMatchObject({ ok: false, problem: { code: 'disk-full' } });
  expect(await take(plan, own, { link: true, freeDisk: async () => 0 })).toMatchObject({ ok: true });
  expect((await stat(path.join(own, 'large.gguf'))).ino).toBe((await stat(file)).ino);
});

it('writes over nothing that came while it waited for its turn', async () => {
  const { from, own } = await folders();
  await writeFile(path.join(from, 'm.gguf'), ggufBytes(1));
  const plan = await planOf(path.join(from, 'm.gguf'), own);
  await mkdir(own);
  await writeFile(path.join(own, 'm.gguf'), 'another');
  for (const link of [false, true]) expect(await take(plan, own, { link })).toMatchObject({ ok: false, problem: { code: 'bad-request', message: "m.gguf is in Airdock's folder already." } });
  expect(await readFile(path.join(own, 'm.gguf'), 'utf8')).toBe('another');
  expect(await readdir(own)).toEqual(['m.gguf']);
});

it.each(['with spaces (1).gguf', 'emoji-🦙.gguf', '$(touch pwned);`id`&|.gguf', "quote's.gguf", 'größe-模型.gguf', '-rf.gguf'])('takes in %s under a name that is only a name', async (name) => {
  const { from, own } = await folders();
  const bytes = ggufBytes(1);
  await writeFile(path.join(from, name), bytes);
  const plan = await planOf(path.join(from, name), own);
  expect(await take(plan, own)).toMatchObject({ ok: true });
  const [taken = '', ...others] = await readdir(own);
  expect(others).toEqual([]);
  expect(taken).toMatch(/^[^-.].*\.gguf$/);
  expect((await readFile(path.join(own, taken))).equals(bytes)).toBe(true);
  expect(await planImport(path.join(from, name), own)).toMatchObject({ ok: false, problem: { message: expect.stringContaining('already') as string } });
});
