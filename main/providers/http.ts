import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { withoutKey } from './key.ts';

/** Why there is no usable answer. `refused`: nobody is there · `lost`: the connection broke off · `garbage`: no HTTP. */
export type HttpFailure =
  | { kind: 'refused'; detail: string }
  | { kind: 'timeout'; afterMs: number }
  | { kind: 'lost'; detail: string }
  | { kind: 'aborted' }
  | { kind: 'too-large' }
  | { kind: 'garbage'; detail: string }
  | { kind: 'status'; status: number; message: string | null };

export type HttpResult =
  | { ok: true; body: string; dateMs: number | null; sentAt: number; receivedAt: number }
  | { ok: false; failure: HttpFailure };

export interface HttpRequest {
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
  /** Whole request, from the call to the last byte; Infinity: none. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** A connection of its own: dropping it is how a server is told to stop. */
  ownConnection?: boolean;
}

export interface HttpAddress {
  protocol: 'http:' | 'https:';
  /** Without brackets. */
  hostname: string;
  port: number;
  /** Path prefix without a trailing slash; '' for none. */
  prefix: string;
}

export interface JsonHttp {
  request(request: HttpRequest): Promise<HttpResult>;
  /** Called when the server closes a kept-alive connection. Where it sets no idle timeout (Ollama), that means that it ended. */
  onServerClosed(listener: () => void): void;
  close(): void;
}

const maxBodyBytes = 16 * 1024 * 1024;
const goneCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'EADDRNOTAVAIL']);

/**
 * JSON over HTTP, for requests of Airdock's own, with deadlines that Node's `fetch` cannot give: it gives up on headers after 300 s, and a model load may take longer.
 * Answers are read whole, up to 16 MiB. Never rejects.
 */
export function createJsonHttp(host: HttpAddress, now: () => number, more: Readonly<Record<string, string>> = {}): JsonHttp {
  const driver = host.protocol === 'https:' ? https : http;
  const key = keyIn(more);
  const agent = new driver.Agent({ keepAlive: true, maxSockets: 6, maxFreeSockets: 2 });
  const idle = new Set<Socket>();
  const watched = new WeakSet<Socket>();
  const listeners: (() => void)[] = [];
  let closed = false;

  agent.on('free', (freed: unknown) => {
    const socket = freed as Socket;
    if (socket.destroyed) return;
    idle.add(socket);
    if (watched.has(socket)) return;
    watched.add(socket);
    socket.once('close', () => {
      if (idle.delete(socket) && !closed) for (const listener of listeners) listener();
    });
  });

  function once(request: HttpRequest): Promise<HttpResult & { reused?: boolean }> {
    return new Promise((resolve) => {
      const sentAt = now();
      const payload = request.body === undefined ? null : JSON.stringify(request.body);
      const headers: http.OutgoingHttpHeaders = { accept: 'application/json', ...more };
      if (payload !== null) Object.assign(headers, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) });
      const { signal, timeoutMs } = request;
      if (signal?.aborted) return resolve({ ok: false, failure: { kind: 'aborted' } });

      const req = driver.request({
        hostname: host.hostname,
        port: host.port,
        method: request.method,
        path: `${host.prefix}${request.path}`,
        headers,
        agent: request.ownConnection ? false : agent,
      });
      let deadline: NodeJS.Timeout | undefined;
      let settled = false;
      const onAbort = () => fail({ kind: 'aborted' });
      const settle = (result: HttpResult & { reused?: boolean }) => {
        if (settled) return;
        settled = true;
        clearTimeout(deadline);
        signal?.removeEventListener('abort', onAbort);
        resolve(result);
      };
      const fail = (failure: HttpFailure) => {
        settle({ ok: false, failure, reused: req.reusedSocket });
        req.destroy();
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      if (Number.isFinite(timeoutMs)) deadline = setTimeout(() => fail({ kind: 'timeout', afterMs: timeoutMs }), timeoutMs);

      req.on('socket', (socket: Socket) => idle.delete(socket));
      req.on('error', (error: NodeJS.ErrnoException) => {
        const refused = goneCodes.has(error.code ?? '');
        fail({ kind: refused ? 'refused' : error.code?.startsWith('HPE_') ? 'garbage' : 'lost', detail: error.code ?? error.message });
      });
      req.on('response', (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > maxBodyBytes) fail({ kind: 'too-large' });
          else chunks.push(chunk);
        });
        response.on('error', (error: NodeJS.ErrnoException) => fail({ kind: 'lost', detail: error.code ?? error.message }));
        response.on('close', () => fail({ kind: 'lost', detail: 'half an answer' }));
        response.on('end', () => {
          if (!response.complete) return fail({ kind: 'lost', detail: 'half an answer' });
          const body = Buffer.concat(chunks).toString('utf8');
          const status = response.statusCode ?? 0;
          if (status < 200 || status > 299) return settle({ ok: false, failure: { kind: 'status', status, message: wordsIn(body, key) } });
          const date = Date.parse(response.headers.date ?? '');
          settle({ ok: true, body, dateMs: Number.isNaN(date) ? null : date, sentAt, receivedAt: now() });
        });
      });
      req.end(payload ?? undefined);
    });
  }

  return {
    async request(request) {
      const result = await once(request);
      // A kept-alive connection that the server had closed meanwhile says nothing about the server that runs now.
      if (!result.ok && result.failure.kind === 'lost' && result.reused === true) return once(request);
      return result;
    },
    onServerClosed: (listener) => void listeners.push(listener),
    close() {
      closed = true;
      agent.destroy();
    },
  };
}

/** The key that such headers show. */
export function keyIn({ authorization }: Readonly<Record<string, string>>): string | null {
  return authorization?.replace(/^Bearer /, '') ?? null;
}

/** As `errorText`, without the key that it may repeat. */
export function wordsIn(body: string, key: string | null): string | null {
  const text = errorText(body);
  return text === null ? null : withoutKey(text, key);
}

/** The words in `{"error": …}`, as native routes and /v1 write it. */
export function errorText(body: string): string | null {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null || !('error' in parsed)) return null;
    const { error } = parsed;
    if (typeof error === 'string') return error;
    return typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string' ? error.message : null;
  } catch {
    return null;
  }
}
