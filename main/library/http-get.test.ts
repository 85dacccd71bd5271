import { expect, it, vi } from 'vitest';
import { startFileServer } from '../../test/fakes/file-server.ts';

/** Names that stand for an address in the internet and one at home; both lead to the server of the test. */
const isInside = vi.hoisted(() => vi.fn());
vi.mock('./addresses.ts', async (original) => ({ ...(await original<typeof import('./addresses.ts')>()), isInside }));
const lookup = vi.hoisted(() => vi.fn());
vi.mock('node:dns', async (original) => {
  const dns = await original<typeof import('node:dns')>();
  lookup.mockImplementation(dns.lookup);
  return { ...dns, lookup };
});
const { getUrl } = await import('./http-get.ts');

it('does not follow an address of the internet into the network at home', async () => {
  const server = await startFileServer();
  server.redirects.set('/from', `${server.url}/m.gguf`);
  server.files.set('/m.gguf', { bytes: new Uint8Array(10) });
  isInside.mockReturnValueOnce(false).mockReturnValue(true);
  expect(await getUrl(new URL(`${server.url}/from`), { signal: new AbortController().signal })).toMatchObject({ ok: false, lost: false, problem: { message: expect.stringContaining('inside your own network') } });
  expect(server.requests).toHaveLength(1);
});

it('judges a name by what it leads to, in the moment of connecting', async () => {
  const server = await startFileServer();
  const { port } = new URL(server.url);
  server.redirects.set('/from', `http://localhost:${port}/m.gguf`);
  server.files.set('/m.gguf', { bytes: new Uint8Array(10) });
  isInside.mockReset().mockReturnValueOnce(false).mockReturnValue(true);
  expect(await getUrl(new URL(`${server.url}/from`), { signal: new AbortController().signal })).toMatchObject({ ok: false, problem: { message: expect.stringContaining(`localhost:${port}, which is inside`) } });
});

it('takes a name that leads to both sides for one of the internet', async () => {
  const server = await startFileServer();
  const { port } = new URL(server.url);
  server.redirects.set('/from', `${server.url}/m.gguf`);
  server.files.set('/m.gguf', { bytes: new Uint8Array(10) });
  const both = [{ address: '127.0.0.1', family: 4 }, { address: '127.0.0.1', family: 4 }];
  lookup.mockImplementationOnce((_name: string, _options: unknown, done: (error: null, addresses: typeof both) => void) => done(null, both));
  isInside.mockReset().mockReturnValueOnce(false).mockReturnValue(true);
  expect(await getUrl(new URL(`http://both.test:${port}/from`), { signal: new AbortController().signal })).toMatchObject({ ok: false, problem: { message: expect.stringContaining('inside your own network') } });
  expect(server.requests).toHaveLength(1);
});

it('follows within the network at home where it began there', async () => {
  const server = await startFileServer();
  server.redirects.set('/from', `${server.url}/m.gguf`);
  server.files.set('/m.gguf', { bytes: new Uint8Array(10) });
  isInside.mockReset().mockReturnValue(true);
  const got = await getUrl(new URL(`${server.url}/from`), { signal: new AbortController().signal });
  expect(got).toMatchObject({ ok: true, url: expect.objectContaining({ pathname: '/m.gguf' }) });
  if (got.ok) got.response.destroy();
});

it('gives up on a server that says nothing', async () => {
  const server = await startFileServer();
  server.files.set('/m.gguf', { bytes: new Uint8Array(100_000), holdAfter: 0, chunked: true });
  const got = await getUrl(new URL(`${server.url}/m.gguf`), { signal: new AbortController().signal, silenceMs: 50 });
  // The head comes, the body does not.
  expect(got.ok).toBe(true);
  if (!got.ok) return;
  await expect(got.response[Symbol.asyncIterator]().next()).rejects.toThrow();
});
