import { createHash } from 'node:crypto';
import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { startFileServer } from '../../test/fakes/file-server.ts';
import { ggufBytes } from '../../test/gguf-bytes.ts';
import { tempDir } from '../../test/temp-dir.ts';
import { downloadGguf, type GgufDownload } from './gguf-download.ts';

const bytes = ggufBytes(1);
const MB = 1024 * 1024;

async function subject() {
  const server = await startFileServer();
  const folder = path.join(await tempDir(), 'own');
  const stop = new AbortController();
  const progress: { doneBytes: number; totalBytes: number | null; checking: boolean }[] = [];
  const download = (at = '/m.gguf', more: Partial<GgufDownload> = {}) =>
    downloadGguf({ url: new URL(server.url + at), folder, fileName: 'm.gguf', signal: stop.signal, freeDisk: async () => 1e12, retryMs: [1, 1], onProgress: (one) => progress.push(one), ...more });
  const left = () => readdir(folder).then((names) => names.sort());
  return { server, folder, stop, progress, download, left };
}

it('downloads a file whole, tells its checksum, and leaves nothing else behind', async () => {
  const { server, folder, download, left, progress } = await subject();
  server.files.set('/m.gguf', { bytes });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(await download()).toEqual({ ok: true, file: path.join(folder, 'm.gguf'), sha256, bytes: bytes.length });
  expect((await readFile(path.join(folder, 'm.gguf'))).equals(bytes)).toBe(true);
  expect(await left()).toEqual(['m.gguf']);
  expect(progress.at(-1)).toEqual({ doneBytes: bytes.length, totalBytes: bytes.length, checking: true });
  expect(await download()).toMatchObject({ ok: false, problem: { code: 'bad-request', message: "m.gguf is in Airdock's folder already." } });
});

it('goes on where a lost connection left it, as long as the file is the same', async () => {
  const { server, folder, download } = await subject();
  server.files.set('/m.gguf', { bytes, etag: '"one"', cuts: [300_000, 200_000] });
  expect(await download()).toMatchObject({ ok: true, bytes: bytes.length });
  expect((await readFile(path.join(folder, 'm.gguf'))).equals(bytes)).toBe(true);
  // How much of what was sent before a cut has arrived, is the network's matter.
  const starts = server.requests.map(({ range }) => Number(range?.match(/^bytes=(\d+)-$/)?.[1] ?? 0));
  expect(server.requests.map(({ ifRange }) => ifRange)).toEqual([undefined, '"one"', '"one"']);
  expect(starts).toEqual([0, ...starts.slice(1).sort((a, b) => a - b)]);
  expect(starts[2]).toBeGreaterThan(starts[1] ?? Infinity);
});

it('begins anew where the file has changed meanwhile', async () => {
  const { server, folder, download } = await subject();
  const changed = ggufBytes(1, { 'general.name': { type: 'string', value: 'another' } });
  server.files.set('/m.gguf', { bytes, etag: '"one"', cuts: [300_000] });
  const stopped = await download('/m.gguf', { retryMs: [] });
  expect(stopped).toMatchObject({ ok: false, kept: true, problem: { code: 'download-failed' } });
  server.files.set('/m.gguf', { bytes: changed, etag: '"two"' });
  expect(await download()).toMatchObject({ ok: true, sha256: createHash('sha256').update(changed).digest('hex') });
  expect((await readFile(path.join(folder, 'm.gguf'))).equals(changed)).toBe(true);
});

it.each([
  ['has no name for its version', {}],
  ['knows no ranges', { etag: '"one"', whole: true }],
  ['names its version weakly', { etag: 'W/"one"' }],
])('begins anew where the server %s', async (_, more) => {
  const { server, folder, download } = await subject();
  server.files.set('/m.gguf', { bytes, cuts: [300_000], ...more });
  expect(await download()).toMatchObject({ ok: true });
  expect((await readFile(path.join(folder, 'm.gguf'))).equals(bytes)).toBe(true);
});

it('keeps what has come when it is stopped, and goes on from there later', async () => {
  const { server, folder, stop, download, left } = await subject();
  server.files.set('/m.gguf', { bytes, lastModified: 'Thu, 01 Jan 2026 00:00:00 GMT', holdAfter: 400_000 });
  const first = download();
  await server.held();
  await expect.poll(() => readFile(path.join(folder, 'm.gguf.part')).then((part) => part.length)).toBe(400_000);
  stop.abort();
  expect(await first).toMatchObject({ ok: false, kept: true, problem: { code: 'cancelled' } });
  expect(await left()).toEqual(['m.gguf.part', 'm.gguf.part.json']);
  server.files.set('/m.gguf', { bytes, lastModified: 'Thu, 01 Jan 2026 00:00:00 GMT' });
  expect(await download('/m.gguf', { signal: new AbortController().signal })).toMatchObject({ ok: true, sha256: createHash('sha256').update(bytes).digest('hex') });
  expect(server.requests.at(-1)?.range).toBe('bytes=400000-');
});

it('ends what does not tell its size before the disk is full', async () => {
  const { server, download, left, progress } = await subject();
  server.files.set('/m.gguf', { bytes: ggufBytes(40), chunked: true });
  let free = 300 * MB;
  expect(await download('/m.gguf', { freeDisk: async () => (free -= 20 * MB) })).toMatchObject({ ok: false, kept: false, problem: { code: 'disk-full' } });
  expect(progress.at(-1)!.doneBytes).toBeLessThan(34 * MB);
  expect(await left()).toEqual([]);
});

it('does not begin where the disk has no room for it', async () => {
  const { server, download, left } = await subject();
  server.files.set('/m.gguf', { bytes });
  expect(await download('/m.gguf', { freeDisk: async () => 100 * MB })).toMatchObject({ ok: false, kept: false, problem: { code: 'disk-full', message: 'm.gguf takes 1 MB on the disk, of which only 100 MB are free.' } });
  expect(await left()).toEqual([]);
});

it('reads what it keeps before it asks the server, which would not wait for that', async () => {
  const { server, folder, download } = await subject();
  server.files.set('/m.gguf', { bytes, etag: '"one"', cuts: [300_000] });
  expect(await download('/m.gguf', { retryMs: [] })).toMatchObject({ ok: false, kept: true });
  const part = path.join(folder, 'm.gguf.part');
  const last = statSync(part).size - 1;
  // What lies there becomes another when the server is asked: the checksum knows nothing of that.
  const asked = () => {
    const file = openSync(part, 'r+');
    writeSync(file, Uint8Array.of(255 - (bytes[last] ?? 0)), 0, 1, last);
    closeSync(file);
    return '"one"';
  };
  server.files.set('/m.gguf', { bytes, get etag() { return asked(); } });
  expect(await download()).toMatchObject({ ok: true, sha256: createHash('sha256').update(bytes).digest('hex') });
  expect(server.requests.at(-1)?.range).toBe(`bytes=${last + 1}-`);
  expect((await readFile(path.join(folder, 'm.gguf'))).equals(bytes)).toBe(false);
});

it('takes only what is left to come into account where it goes on', async () => {
  const { server, download, stop, folder } = await subject();
  server.files.set('/m.gguf', { bytes, etag: '"one"', holdAfter: 700_000 });
  const first = download();
  await expect.poll(() => readFile(path.join(folder, 'm.gguf.part')).then((part) => part.length, () => 0)).toBe(700_000);
  stop.abort();
  await first;
  server.files.set('/m.gguf', { bytes, etag: '"one"' });
  const again = (free: number) => download('/m.gguf', { signal: new AbortController().signal, freeDisk: async () => free });
  // What has come is kept: room can be made.
  expect(await again(256 * MB + bytes.length - 700_001)).toMatchObject({ ok: false, kept: true, problem: { code: 'disk-full' } });
  expect(await again(256 * MB + bytes.length - 700_000)).toMatchObject({ ok: true });
});

it.each([
  ['a page', { bytes: Buffer.from('<!doctype html>'.repeat(1000)) }, /is no GGUF file/],
  ['a header that ends early', { bytes: bytes.subarray(0, 20_000) }, /cannot be used/],
  ['a file that is cut off', { bytes: bytes.subarray(0, bytes.length - 5000) }, /cut off/],
  ['nothing', { bytes: new Uint8Array() }, /empty/],
])('refuses %s and leaves nothing behind', async (_, file, message) => {
  const { server, download, left } = await subject();
  server.files.set('/m.gguf', file);
  const result = await download();
  expect(result).toMatchObject({ ok: false, kept: false, problem: { code: 'bad-file' } });
  expect(!result.ok && result.problem.message).toMatch(message);
  expect(await left()).toEqual([]);
});

it.each([
  [404, 'not-found'],
  [403, 'forbidden'],
  [400, 'download-failed'],
])('says what status %i means, at once', async (status, code) => {
  const { server, download } = await subject();
  server.files.set('/m.gguf', { bytes, status });
  expect(await download()).toMatchObject({ ok: false, problem: { code } });
  expect(server.requests).toHaveLength(1);
});

it('tries again where a server is busy', async () => {
  const { server, download } = await subject();
  server.files.set('/m.gguf', { bytes, status: 503 });
  expect(await download()).toMatchObject({ ok: false, kept: false, problem: { message: /status 503/ } });
  expect(server.requests).toHaveLength(3);
});

it.each([
  ['a huge size', { 'content-length': '999999999999999' }, 'disk-full'],
  ['a negative size', { 'content-length': '-5' }, 'download-failed'],
])('does not believe %s', async (_, headers, code) => {
  const { server, download, left } = await subject();
  server.files.set('/m.gguf', { bytes, headers });
  expect(await download()).toMatchObject({ ok: false, problem: { code } });
  expect(await left()).toEqual([]);
});

it('does not take another part than the one it asked for', async () => {
  const { server, download, left } = await subject();
  server.files.set('/m.gguf', { bytes, etag: '"one"', cuts: [300_000] });
  await download('/m.gguf', { retryMs: [] });
  server.files.set('/m.gguf', { bytes, etag: '"one"', headers: { 'content-range': `bytes 100-${bytes.length - 1}/${bytes.length}` } });
  expect(await download()).toMatchObject({ ok: false, problem: { message: /another part/ } });
  expect(await left()).toEqual([]);
});

it('downloads what tells no size', async () => {
  const { server, download, progress } = await subject();
  server.files.set('/m.gguf', { bytes, chunked: true });
  expect(await download()).toMatchObject({ ok: true, bytes: bytes.length });
  expect(progress[0]?.totalBytes).toBeNull();
});

it('follows five redirects and not a sixth', async () => {
  const { server, download } = await subject();
  server.files.set('/m.gguf', { bytes });
  for (let i = 1; i <= 6; i++) server.redirects.set(`/r${i}`, i === 1 ? '/m.gguf' : `/r${i - 1}`);
  server.redirects.set('/loop', '/loop');
  expect(await download('/r6')).toMatchObject({ ok: false, problem: { message: /more than 5 times/ } });
  expect(await download('/loop')).toMatchObject({ ok: false, problem: { message: /more than 5 times/ } });
  server.redirects.set('/file', 'file:///etc/passwd');
  expect(await download('/file')).toMatchObject({ ok: false, problem: { message: /cannot be used/ } });
  expect(await download('/r5')).toMatchObject({ ok: true });
});

it('does not fill what another address has begun', async () => {
  const { server, folder, download } = await subject();
  server.files.set('/m.gguf', { bytes, etag: '"one"', cuts: [300_000] });
  await download('/m.gguf', { retryMs: [] });
  const other = ggufBytes(1, { 'general.name': { type: 'string', value: 'other' } });
  server.files.set('/other.gguf', { bytes: other, etag: '"one"' });
  expect(await download('/other.gguf')).toMatchObject({ ok: true });
  expect((await readFile(path.join(folder, 'm.gguf'))).equals(other)).toBe(true);
});

it('begins anew where its own notes are broken', async () => {
  const { server, folder, download } = await subject();
  server.files.set('/m.gguf', { bytes, etag: '"one"', cuts: [300_000] });
  await download('/m.gguf', { retryMs: [] });
  await writeFile(path.join(folder, 'm.gguf.part.json'), '{"url":');
  expect(await download()).toMatchObject({ ok: true });
  expect((await readFile(path.join(folder, 'm.gguf'))).equals(bytes)).toBe(true);
});

it('says that nobody answers', async () => {
  const { download } = await subject();
  expect(await download('/m.gguf', { url: new URL('http://127.0.0.1:9/m.gguf') })).toMatchObject({ ok: false, problem: { code: 'download-failed', message: 'Nothing answers at 127.0.0.1:9.' } });
});
