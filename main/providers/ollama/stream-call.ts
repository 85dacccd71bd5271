import http from 'node:http';
import https from 'node:https';
import { keyIn, wordsIn } from '../http.ts';
import type { HttpFailure } from '../http.ts';
import type { OllamaHost } from './host.ts';

export interface StreamCall {
  method: 'POST' | 'DELETE';
  path: string;
  body: unknown;
  signal: AbortSignal;
  /** Ms without a byte after which nothing more is expected; Infinity: never. */
  silenceMs: number;
  /** Each line of the answer as it comes. False: enough is known, and the connection is dropped. */
  onLine?(line: unknown): boolean | void;
}

/** No line that Ollama writes comes near this. */
const longestLine = 1024 * 1024;

/** One request on a connection of its own whose answer is lines of JSON, over minutes or hours. Dropping the connection is what stops a pull. Never rejects. */
export function callStream(host: OllamaHost, headers: Readonly<Record<string, string>>, { method, path, body, signal, silenceMs, onLine }: StreamCall): Promise<{ ok: true } | { ok: false; failure: HttpFailure }> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ ok: false, failure: { kind: 'aborted' } });
    const payload = JSON.stringify(body);
    const key = keyIn(headers);
    const driver = host.protocol === 'https:' ? https : http;
    const request = driver.request({
      hostname: host.hostname,
      port: host.port,
      method,
      path: `${host.prefix}${path}`,
      agent: false,
      // Node sends no length with a DELETE unless told to, and Ollama then takes the body for the next request.
      headers: { accept: 'application/x-ndjson', 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload), ...headers },
    });
    let settled = false;
    const settle = (result: { ok: true } | { ok: false; failure: HttpFailure }): void => {
      if (settled) return;
      settled = true;
      signal.removeEventListener('abort', onAbort);
      resolve(result);
      request.destroy();
    };
    const fail = (failure: HttpFailure): void => settle({ ok: false, failure });
    const onAbort = (): void => fail({ kind: 'aborted' });
    signal.addEventListener('abort', onAbort, { once: true });
    if (Number.isFinite(silenceMs)) request.setTimeout(silenceMs, () => fail({ kind: 'timeout', afterMs: silenceMs }));
    request.on('error', (error: NodeJS.ErrnoException) => {
      const refused = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'].includes(error.code ?? '');
      fail({ kind: refused ? 'refused' : error.code?.startsWith('HPE_') ? 'garbage' : 'lost', detail: error.code ?? error.message });
    });
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      const good = status >= 200 && status <= 299;
      let rest = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        rest += chunk;
        if (rest.length > longestLine) return fail({ kind: 'too-large' });
        if (!good) return;
        const lines = rest.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (!take(line)) return;
      });
      response.on('error', (error: NodeJS.ErrnoException) => fail({ kind: 'lost', detail: error.code ?? error.message }));
      response.on('close', () => fail({ kind: 'lost', detail: 'half an answer' }));
      response.on('end', () => {
        if (!good) return fail({ kind: 'status', status, message: wordsIn(rest, key) });
        if (!response.complete) return fail({ kind: 'lost', detail: 'half an answer' });
        if (take(rest)) settle({ ok: true });
      });
    });
    request.end(payload);

    /** False: it is over. */
    function take(line: string): boolean {
      if (settled) return false;
      if (line.trim() === '') return true;
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch {
        fail({ kind: 'garbage', detail: 'not JSON' });
        return false;
      }
      // What fails after the headers were sent comes as a line.
      const error = wordsIn(line, key);
      if (error !== null) {
        fail({ kind: 'status', status: 500, message: error });
        return false;
      }
      if (onLine?.(value) !== false) return true;
      settle({ ok: true });
      return false;
    }
  });
}
