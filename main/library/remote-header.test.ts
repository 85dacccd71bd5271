import { expect, it } from 'vitest';
import { startFileServer } from '../../test/fakes/file-server.ts';
import { ggufBytes } from '../../test/gguf-bytes.ts';
import { readRemoteHeader } from './remote-header.ts';

const never = new AbortController().signal;

it.each([
  ['with ranges', {}],
  ['without ranges', { whole: true }],
])('reads the head of a file from afar, %s, and no more than a little of it', async (_, more) => {
  const server = await startFileServer();
  const bytes = ggufBytes(8);
  // Whoever wants all of it waits for ever.
  server.files.set('/m.gguf', { bytes, holdAfter: 1024 * 1024, ...more });
  const read = await readRemoteHeader(new URL(`${server.url}/m.gguf`), 'm.gguf', never);
  expect(read).toMatchObject({ ok: true, file: { bytes: bytes.length, gguf: { architecture: 'llama', contextLength: 8192, vocabularySize: 2000 } } });
});

it('reads a head that is longer than what it keeps at once', async () => {
  const server = await startFileServer();
  const tokens = Array.from({ length: 60_000 }, (_, i) => `a word of the vocabulary ${i}`);
  server.files.set('/m.gguf', { bytes: ggufBytes(1, { 'tokenizer.ggml.tokens': { type: 'strings', value: tokens } }) });
  expect(await readRemoteHeader(new URL(`${server.url}/m.gguf`), 'm.gguf', never)).toMatchObject({ ok: true, file: { gguf: { vocabularySize: 60_000 } } });
});

it('knows only that it is one where the size is not told', async () => {
  const server = await startFileServer();
  server.files.set('/m.gguf', { bytes: ggufBytes(1), chunked: true, whole: true });
  expect(await readRemoteHeader(new URL(`${server.url}/m.gguf`), 'm.gguf', never)).toMatchObject({ ok: true, file: { bytes: null, gguf: null } });
});

it('refuses what is no model, or lies about its size', async () => {
  const server = await startFileServer();
  server.files.set('/page', { bytes: Buffer.from('<html>'.repeat(100)) });
  server.files.set('/short', { bytes: ggufBytes(4).subarray(0, 1_000_000) });
  const refused = async (at: string) => readRemoteHeader(new URL(server.url + at), 'm.gguf', never);
  expect(await refused('/page')).toMatchObject({ ok: false, problem: { code: 'bad-file', message: expect.stringContaining('is no GGUF file') } });
  expect(await refused('/short')).toMatchObject({ ok: false, problem: { code: 'bad-file', message: expect.stringContaining('cut off') } });
  expect(await refused('/none')).toMatchObject({ ok: false, problem: { code: 'not-found' } });
});
