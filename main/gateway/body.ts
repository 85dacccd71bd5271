import type { IncomingMessage } from 'node:http';
import type { BodyShare } from './body-room.ts';

/** no-room: the bodies of others take what all may have together. */
export type Body = { kind: 'read'; bytes: Buffer } | { kind: 'too-large' } | { kind: 'no-room' } | { kind: 'gone' };

/** A connection that breaks is told by `close`; unheard, its error would end the process. */
const heard = (): void => undefined;

/** Reads a request's body once, up to `maxBytes`, as far as `share` has room for it. The client has as much time for it as it needs. */
export function readBody(request: IncomingMessage, maxBytes: number, share: BodyShare): Promise<Body> {
  return new Promise((resolve) => {
    const told = Number(request.headers['content-length'] ?? 0);
    if (told > maxBytes) return resolve({ kind: 'too-large' });
    if (!share.grow(told)) return resolve({ kind: 'no-room' });
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = (body: Body): void => {
      // What listens stays with the request until its answer has ended, and would keep the body as long.
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      resolve(body);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > maxBytes) return stop({ kind: 'too-large' });
      // Without its length told, a body takes room as it comes.
      if (size > told && !share.grow(chunk.length)) return stop({ kind: 'no-room' });
      chunks.push(chunk);
    };
    const onEnd = (): void => stop({ kind: 'read', bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size) });
    const onClose = (): void => stop({ kind: 'gone' });
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', heard);
  });
}
