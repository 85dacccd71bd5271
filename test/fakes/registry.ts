import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface Registry {
  /** host:port, as it stands before a model's name. */
  host: string;
  /** Puts a model there, in place of the one of that name: weights and a small configuration. Returns the digest of its manifest. */
  put(name: string, weights: Uint8Array): string;
  /** A manifest as it is, sizes and all, with nothing behind it. */
  putManifest(name: string, text: string): void;
  requests: { path: string; range: string | undefined; bytes: number }[];
  /** From now on no body comes faster; null: as fast as it can. */
  setBytesPerSecond(bytes: number | null): void;
  close(): Promise<void>;
}

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** A registry of models on loopback that speaks the plain registry protocol over HTTP, as far as Ollama asks for it. */
export async function startRegistry(): Promise<Registry> {
  const blobs = new Map<string, Uint8Array>();
  const manifests = new Map<string, string>();
  const requests: Registry['requests'] = [];
  let bytesPerSecond: number | null = null;
  const ended = new AbortController();

  async function send(response: ServerResponse, body: Uint8Array, entry: { bytes: number }): Promise<void> {
    const step = 64 * 1024;
    const gone = once(response, 'close');
    for (let at = 0; at < body.length && !response.destroyed; at += step) {
      const piece = body.subarray(at, at + step);
      entry.bytes += piece.length;
      if (!response.write(piece)) await Promise.race([once(response, 'drain', { signal: ended.signal }), gone]).catch(() => undefined);
      if (bytesPerSecond !== null) await delay((piece.length * 1000) / bytesPerSecond, undefined, { signal: ended.signal }).catch(() => undefined);
    }
    response.end();
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    const { range } = request.headers;
    const entry = { path, range, bytes: 0 };
    requests.push(entry);
    const manifest = manifests.get(/^\/v2\/(.+\/manifests\/.+)$/.exec(path)?.[1] ?? '');
    if (manifest !== undefined) return void response.writeHead(200, { 'content-type': 'application/vnd.docker.distribution.manifest.v2+json' }).end(manifest);
    const blob = blobs.get(/\/blobs\/(sha256:[0-9a-f]{64})$/.exec(path)?.[1] ?? '');
    // Ollama wants to be sent on to another host for the bytes themselves.
    if (blob && request.method === 'GET' && path.startsWith('/v2/')) return void response.writeHead(307, { location: `http://localhost:${port()}/bytes/${path.split('/').slice(-2).join('/')}` }).end();
    if (!blob) return void response.writeHead(404, { 'content-type': 'application/json' }).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
    const from = Number(first ?? 0);
    const to = last ? Math.min(Number(last), blob.length - 1) : blob.length - 1;
    const headers = { 'content-length': String(to - from + 1), 'accept-ranges': 'bytes' };
    response.writeHead(first === undefined ? 200 : 206, first === undefined ? headers : { ...headers, 'content-range': `bytes ${from}-${to}/${blob.length}` });
    if (request.method === 'HEAD') return void response.end();
    await send(response, blob.subarray(from, to + 1), entry);
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = (): number => (server.address() as AddressInfo).port;
  return {
    host: `127.0.0.1:${port()}`,
    requests,
    put(name, weights) {
      const layer = (mediaType: string, bytes: Uint8Array): { mediaType: string; digest: string; size: number } => {
        const digest = `sha256:${sha256(bytes)}`;
        blobs.set(digest, bytes);
        return { mediaType, digest, size: bytes.length };
      };
      const model = layer('application/vnd.ollama.image.model', weights);
      const about = { model_format: 'gguf', model_family: 'llama', model_families: ['llama'], model_type: '1M', file_type: 'F16', architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [model.digest] } };
      const config = layer('application/vnd.docker.container.image.v1+json', Buffer.from(JSON.stringify(about)));
      const text = JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.docker.distribution.manifest.v2+json', config, layers: [model] });
      const [called = '', tag = 'latest'] = name.split(':');
      manifests.set(`${called}/manifests/${tag}`, text);
      return sha256(text);
    },
    putManifest: (name, text) => void manifests.set(`${name}/manifests/latest`, text),
    setBytesPerSecond: (bytes) => void (bytesPerSecond = bytes),
    async close() {
      ended.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
