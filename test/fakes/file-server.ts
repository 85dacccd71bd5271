import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface ServedFile {
  bytes: Uint8Array;
  etag?: string;
  lastModified?: string;
  /** It knows no ranges. */
  whole?: boolean;
  /** Cuts the connection after so many bytes of the body, once for each entry. */
  cuts?: number[];
  /** Sends no length. */
  chunked?: boolean;
  /** Sends so many bytes, then waits for `release`. */
  holdAfter?: number;
  status?: number;
  /** Headers that are sent instead. */
  headers?: Record<string, string>;
}

export interface FileServer {
  url: string;
  files: Map<string, ServedFile>;
  redirects: Map<string, string>;
  requests: { path: string; range: string | undefined; ifRange: string | undefined }[];
  /** Resolves as soon as a body waits at `holdAfter`. */
  held(): Promise<void>;
  release(): void;
}

/** Files over plain HTTP, with ranges, and what goes wrong with them. Closed with the test. */
export async function startFileServer(): Promise<FileServer> {
  const files = new Map<string, ServedFile>();
  const redirects = new Map<string, string>();
  const requests: FileServer['requests'] = [];
  let waiting: (() => void)[] = [];
  let onHeld: (() => void)[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    const { range, 'if-range': ifRange } = request.headers;
    requests.push({ path, range, ifRange: ifRange as string | undefined });
    const target = redirects.get(path);
    if (target !== undefined) return void response.writeHead(302, { location: target }).end();
    const file = files.get(path);
    if (!file) return void response.writeHead(404).end('nothing here');
    if (file.status !== undefined) return void response.writeHead(file.status).end('no');
    const { bytes, etag, lastModified, cuts = [], holdAfter } = file;
    const same = ifRange === undefined || ifRange === etag || ifRange === lastModified;
    const from = !file.whole && same ? Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? NaN) : NaN;
    const headers = { ...(etag ? { etag } : {}), ...(lastModified ? { 'last-modified': lastModified } : {}) };
    if (from >= bytes.length) return void response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    const body = bytes.subarray(Number.isNaN(from) ? 0 : from);
    const length = file.chunked ? {} : { 'content-length': String(body.length) };
    if (Number.isNaN(from)) response.writeHead(200, { ...headers, ...length, ...file.headers });
    else response.writeHead(206, { ...headers, ...length, 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`, ...file.headers });
    const cut = cuts.shift();
    if (cut !== undefined) return void response.write(body.subarray(0, cut), () => response.socket?.destroy());
    if (holdAfter === undefined) return void response.end(body);
    response.write(body.subarray(0, holdAfter));
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      for (const tell of onHeld.splice(0)) tell();
    });
    response.end(body.subarray(holdAfter));
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files,
    redirects,
    requests,
    held: () => (waiting.length > 0 ? Promise.resolve() : new Promise((resolve) => onHeld.push(resolve))),
    release: () => {
      for (const go of waiting) go();
      waiting = [];
      onHeld = [];
    },
  };
}
