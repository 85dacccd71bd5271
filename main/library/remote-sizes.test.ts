import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startFileServer } from '../../test/fakes/file-server.ts';
import { tempDir } from '../../test/temp-dir.ts';
import { totalOf } from './remote-sizes.ts';

const never = new AbortController().signal;

async function served(count: number) {
  const server = await startFileServer();
  const files = Array.from({ length: count }, (_, i) => ({ fileName: `p${i}`, url: new URL(`${server.url}/p${i}`) }));
  for (const { fileName } of files) server.files.set(`/${fileName}`, { bytes: new Uint8Array(10) });
  return { server, files, folder: await tempDir() };
}

it('adds up what is here and what is still to come, and asks for the latter alone', async () => {
  const { server, files, folder } = await served(3);
  await writeFile(path.join(folder, 'p1'), 'four');
  expect(await totalOf(files, folder, never)).toBe(24);
  expect(server.requests.map(({ path: asked }) => asked)).toEqual(['/p0', '/p2']);
});

it('gives up where a part is not told of, or there are too many to ask', async () => {
  const { server, files, folder } = await served(41);
  expect(await totalOf(files, folder, never)).toBeNull();
  expect(server.requests).toEqual([]);
  server.files.set('/p1', { bytes: new Uint8Array(10), chunked: true, whole: true });
  expect(await totalOf(files.slice(0, 3), folder, never)).toBeNull();
});

it('takes no longer over all of them together than its limit', async () => {
  const { files, folder } = await served(40);
  const slow = createServer((_request, response) => void setTimeout(() => response.end('ten bytes.'), 50)).listen(0, '127.0.0.1');
  onTestFinished(() => void slow.close());
  await once(slow, 'listening');
  const { port } = slow.address() as AddressInfo;
  expect(await totalOf(files.map(({ fileName }) => ({ fileName, url: new URL(`http://127.0.0.1:${port}/${fileName}`) })), folder, never, 300)).toBeNull();
});

it('ends when nobody wants it any more', async () => {
  const { files, folder } = await served(2);
  await expect(totalOf(files, folder, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
});
