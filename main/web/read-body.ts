import type { IncomingMessage } from 'node:http';

const BODY_MS = 30_000;

export type Body = { kind: 'json'; value: unknown } | { kind: 'too-large' | 'too-slow' | 'not-json' | 'gone' };

/** Reads a JSON body of at most `maxBytes`; an empty one is `{}`. */
export function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (body: Body): void => {
      clearTimeout(timer);
      request.off('data', onData);
      resolve(body);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > maxBytes) finish({ kind: 'too-large' });
      else chunks.push(chunk);
    };
    const timer = setTimeout(() => finish({ kind: 'too-slow' }), BODY_MS);
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) return finish({ kind: 'too-large' });
    request.on('data', onData);
    request.once('end', () => finish(parse(Buffer.concat(chunks))));
    request.once('close', () => finish({ kind: 'gone' }));
    request.once('error', () => finish({ kind: 'gone' }));
  });
}

function parse(bytes: Buffer): Body {
  if (bytes.length === 0) return { kind: 'json', value: {} };
  try {
    return { kind: 'json', value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    return { kind: 'not-json' };
  }
}
