import type { IncomingMessage } from 'node:http';

export type Body = { kind: 'read'; bytes: Buffer } | { kind: 'too-large' } | { kind: 'gone' };

/** Reads a request's body once, up to `maxBytes`. The client has as much time for it as it needs. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  return new Promise((resolve) => {
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) return resolve({ kind: 'too-large' });
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= maxBytes) return void chunks.push(chunk);
      request.off('data', onData);
      resolve({ kind: 'too-large' });
    };
    request.on('data', onData);
    request.on('end', () => resolve({ kind: 'read', bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size) }));
    // After the end, or once it is too large, this resolves nothing any more.
    request.on('close', () => resolve({ kind: 'gone' }));
    // A connection that breaks is told by `close`; unheard, its error would end the process.
    request.on('error', () => undefined);
  });
}
