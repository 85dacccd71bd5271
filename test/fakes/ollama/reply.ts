import type { ServerResponse } from 'node:http';
import { goJson } from './go-json.ts';

export const jsonUtf8 = 'application/json; charset=utf-8';
export const ndjson = 'application/x-ndjson';

/** What handlers answer with. */
export interface Reply {
  readonly res: ServerResponse;
  /** One JSON object; `newline` and the plain type are what the /v1 layer writes. */
  json(status: number, value: unknown, options?: { type?: string; newline?: boolean }): void;
  /** The native error form. */
  error(status: number, text: string): void;
  text(status: number, text: string, type?: string): void;
  empty(status: number, headers?: Record<string, string>): void;
  /** A body in pieces: each `write` is one chunk on the wire. */
  stream(type: string, headers?: Record<string, string>): Stream;
  /** An answer has begun. */
  started(): boolean;
}

export interface Stream {
  write(text: string): void;
  end(): void;
}

/** Go's server sends a length where the whole body fits its buffer, else chunks. */
const goBuffer = 2048;

/** `cut`: the answer stops in the middle and the connection drops. */
export function createReply(res: ServerResponse, cut = false): Reply {
  const body = (status: number, type: string, text: string): void => {
    const bytes = Buffer.from(text);
    const length = bytes.length <= goBuffer ? { 'Content-Length': bytes.length } : {};
    res.writeHead(status, { 'Content-Type': type, ...length });
    if (cut) return void res.write(bytes.subarray(0, Math.max(1, Math.floor(bytes.length / 2))), () => res.destroy());
    // Separate calls: given the whole body at its end, Node would add a length by itself.
    res.write(bytes);
    res.end();
  };
  return {
    res,
    json: (status, value, options = {}) => body(status, options.type ?? jsonUtf8, goJson(value) + (options.newline === true ? '\n' : '')),
    error: (status, text) => body(status, jsonUtf8, goJson({ error: text })),
    text: (status, text, type = 'text/plain; charset=utf-8') => body(status, type, text),
    empty: (status, headers = {}) => {
      res.writeHead(status, { ...headers, ...(status === 204 ? {} : { 'Content-Length': '0' }) });
      res.end();
    },
    stream: (type, headers = {}) => {
      res.writeHead(200, { 'Content-Type': type, ...headers });
      let lines = 0;
      return {
        write: (text) => {
          if (res.destroyed) return;
          lines++;
          if (!cut || lines === 1) return void res.write(text);
          if (lines === 2) res.write(text.slice(0, Math.floor(text.length / 2)), () => res.destroy());
        },
        end: () => void res.end(),
      };
    },
    started: () => res.headersSent || res.destroyed,
  };
}

/** Opens something at its first use. */
export function lazily<T>(open: () => T): () => T {
  let opened: { value: T } | null = null;
  return () => (opened ??= { value: open() }).value;
}
