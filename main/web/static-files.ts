import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { problem } from '../../contract/index.ts';
import { sendProblem } from './respond.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** Vite puts a hash of the content into the names of what it builds. */
const HASHED = /^\/assets\/.*-[\w-]{8,}\.\w+$/;

/** Serves the files below a folder, and nothing else on this computer: names with a type that is known, links resolved. */
export async function serveStatic(request: IncomingMessage, response: ServerResponse, dir: string, urlPath: string): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return sendProblem(response, 405, problem('bad-request', `${request.method} is not possible here.`), { allow: 'GET, HEAD' });
  }
  const file = await findFile(dir, urlPath);
  if (!file) return sendProblem(response, 404, problem('not-found', 'There is nothing at this address.', urlPath === '/' ? 'The dashboard has not been built: npm run build.' : undefined));
  const etag = `"${file.size.toString(36)}-${Math.round(file.mtimeMs).toString(36)}"`;
  response.setHeader('etag', etag);
  response.setHeader('cache-control', cacheControlOf(urlPath));
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, { 'content-type': file.type, 'content-length': file.size });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  // The reader may leave in the middle; then there is nobody to tell.
  await pipeline(createReadStream(file.path, { end: Math.max(0, file.size - 1) }), response).catch(() => response.destroy());
}

export function cacheControlOf(urlPath: string): string {
  return HASHED.test(urlPath) ? 'public, max-age=31536000, immutable' : 'no-cache';
}

export interface FoundFile {
  path: string;
  type: string;
  size: number;
  mtimeMs: number;
}

/** The file below a folder that an address stands for; null where there is none that may be served. */
export async function findFile(dir: string, urlPath: string): Promise<FoundFile | null> {
  try {
    const name = decodeURIComponent(urlPath === '/' ? '/index.html' : urlPath);
    const type = types[path.extname(name).toLowerCase()];
    if (type === undefined || /[\0\\]/.test(name) || name.split('/').some((part) => part.startsWith('.'))) return null;
    const root = await realpath(dir);
    const file = await realpath(path.join(root, name));
    if (!file.startsWith(root + path.sep)) return null;
    const found = await stat(file);
    return found.isFile() ? { path: file, type, size: found.size, mtimeMs: found.mtimeMs } : null;
  } catch {
    return null;
  }
}
