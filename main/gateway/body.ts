import type { IncomingMessage } from 'node:http';

export type Body = { kind: 'read'; bytes: Buffer } | { kind: 'too-large' } | { kind: 'gone' };

/** Reads a request's body once, up to `maxBytes`. The client has as much time for it as it needs. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  return new Promise((resolve) => {
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) return resolve({ kind: 'too-large' });
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (body: Body): void => {
      request.off('data', onData);
      request.off('end', onEnd);
      request.off('close', onGone);
      resolve(body);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > maxBytes) return finish({ kind: 'too-large' });
      chunks.push(chunk);
    };
    const onEnd = (): void => finish({ kind: 'read', bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size) });
    const onGone = (): void => finish({ kind: 'gone' });
    request.on('data', onData);
    request.on('end', onEnd);
    request.on('close', onGone);
    // A connection that breaks is told by `close`; unheard, its error would end the process.
    request.on('error', () => undefined);
  });
}
