import http from 'node:http';
import https from 'node:https';
import { clearPageHeaders, isOver, passHead, type Call } from './call.ts';
import { breakOff, longestError, settleOnce, staleMs, type Forwarded } from './forwarded.ts';
import { secretIn, withoutSecret } from './keyed-error.ts';
import { areFit, isHopByHop, requestHeaders } from './passed-headers.ts';
import { endStreamWith } from './refuse.ts';
import { createConnections, type Connections } from './wire/connections.ts';
import { exchange } from './wire/exchange.ts';
import { requestHead } from './wire/request-head.ts';

/** Where a request goes. */
export interface Upstream {
  /** Without a path and without a slash at its end. */
  url: string;
  headers: Readonly<Record<string, string>>;
}

export interface Outgoing {
  to: Upstream;
  /** With the query; default: as the client sent it. */
  path?: string;
  /** What was read of the client's request (or became of it); 'stream': it is passed on while it comes. */
  body: Buffer | 'stream';
  /** Headers of the client's request that do not apply any more, in lower case. */
  without?: readonly string[];
  /** The server has the request and answers it: `body` is not needed any more. */
  taken?: () => void;
}

export interface Forwarder {
  forward(call: Call, outgoing: Outgoing): Promise<Forwarded>;
  /** A short JSON answer for Airdock itself; null: none came in `limitMs`. */
  ask(to: Upstream, path: string, options?: { body?: unknown; limitMs?: number }): Promise<{ status: number; value: unknown } | null>;
  close(): void;
}

const askLimitMs = 2_000;
const longestAnswer = 64 * 1024 * 1024;
const nothing = Buffer.alloc(0);

interface Driver {
  request: typeof http.request;
  agent: http.Agent;
  host: string;
  hostname: string;
  port: string;
  /** For whole requests, where nothing has to be encrypted: they are the ones that come by the hundred. */
  wire: Connections | null;
}

/** Passes requests on over kept-alive connections, without any limit of time, and answers back as they come. */
export function createForwarder(): Forwarder {
  // As many connections as there are requests: what waits here would wait for nothing.
  const agents = { 'http:': new http.Agent({ keepAlive: true, maxFreeSockets: 256 }), 'https:': new https.Agent({ keepAlive: true, maxFreeSockets: 256 }) };
  const drivers = new Map<string, Driver>();

  function driverOf(url: string): Driver {
    let driver = drivers.get(url);
    if (driver) return driver;
    const { protocol, host, hostname, port } = new URL(url);
    const secure = protocol === 'https:';
    const bare = hostname.replace(/^\[|\]$/g, '');
    const wire = secure ? null : createConnections({ host: bare, port: Number(port || 80) });
    driver = { request: secure ? https.request : http.request, agent: agents[secure ? 'https:' : 'http:'], host, hostname: bare, port, wire };
    drivers.set(url, driver);
    return driver;
  }

  function forward(call: Call, outgoing: Outgoing): Promise<Forwarded> {
    const { to, path, without = [], taken } = outgoing;
    let { body } = outgoing;
    const { request, response } = call;
    const driver = driverOf(to.url);
    const headers = requestHeaders(request.rawHeaders, driver.host, { extra: to.headers, without });
    const secret = secretIn(to.headers);
    // What is answered to a key may have to be read before it is passed back.
    if (driver.wire !== null && secret === null && body !== 'stream' && request.method === 'POST') {
      const head = areFit(to.headers) ? requestHead(request.method, path ?? request.url ?? '/', headers, body.length) : null;
      if (head === null) return Promise.resolve({ kind: 'unreachable', detail: 'HTTP does not allow such a header or path' });
      const asked = exchange(call, driver.wire, { head, body, taken });
      outgoing.body = nothing;
      return asked;
    }
    if (body !== 'stream') headers.push('Content-Length', String(body.length));
    else if (request.headers['content-length'] !== undefined) headers.push('Content-Length', request.headers['content-length']);

    return new Promise((resolve) => {
      if (isOver(call)) return resolve({ kind: 'gone' });
      let sent: http.ClientRequest;
      const { settle, settled } = settleOnce(response, resolve, () => sent.destroy());

      const attempt = (again: boolean): void => {
        let answered = false;
        const began = performance.now();
        sent = driver.request({ host: driver.hostname, port: driver.port, method: request.method, path: path ?? request.url, headers, agent: again ? false : driver.agent });
        sent.on('error', (error: NodeJS.ErrnoException) => {
          if (answered || settled()) return;
          const stale = sent.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE') && performance.now() - began < staleMs;
          if (stale && !again && body !== 'stream') return attempt(true);
          settle({ kind: 'unreachable', detail: error.code ?? error.message });
        });
        // An end without an answer or an error, as after a switch to another protocol that nobody asked for.
        const mine = sent;
        mine.on('close', () => {
          if (!answered && sent === mine) settle({ kind: 'unreachable', detail: 'no answer that HTTP knows' });
        });
        sent.on('response', (incoming) => {
          answered = true;
          if (taken) {
            outgoing.body = body = nothing;
            taken();
          }
          incoming.on('end', () => settle({ kind: 'answered', status: incoming.statusCode ?? 0 }));
          incoming.on('error', () => {
            if (settled()) return;
            settle({ kind: 'broken' });
            breakOff(response);
          });
          try {
            passBack(call, incoming, secret);
          } catch (error) {
            // A status or words that no answer may have. Thrown from here, they would end the process; what was taken over of them goes.
            response.statusMessage = '';
            clearPageHeaders(response);
            settle({ kind: 'unreachable', detail: error instanceof Error ? error.message : String(error) });
            sent.destroy();
          }
        });
        if (body === 'stream') request.pipe(sent);
        else sent.end(body.length > 0 ? body : undefined);
      };
      attempt(false);
    });
  }

  function ask(to: Upstream, path: string, { body, limitMs = askLimitMs }: { body?: unknown; limitMs?: number } = {}): Promise<{ status: number; value: unknown } | null> {
    const driver = driverOf(to.url);
    const bytes = body === undefined ? null : Buffer.from(JSON.stringify(body));
    const headers = { ...to.headers, ...(bytes ? { 'content-type': 'application/json', 'content-length': bytes.length } : {}) };
    return new Promise((resolve) => {
      const sent = driver.request({ host: driver.hostname, port: driver.port, method: bytes ? 'POST' : 'GET', path, headers, agent: driver.agent });
      const done = (answer: { status: number; value: unknown } | null): void => {
        clearTimeout(limit);
        resolve(answer);
        if (answer === null) sent.destroy();
      };
      const limit = setTimeout(() => done(null), limitMs);
      sent.on('error', () => done(null));
      sent.on('response', (incoming) => {
        collect(incoming, longestAnswer).then(
          (text) => done({ status: incoming.statusCode ?? 0, value: JSON.parse(text.toString('utf8')) as unknown }),
          () => done(null),
        ).catch(() => done(null));
      });
      sent.end(bytes ?? undefined);
    });
  }

  return {
    forward,
    ask,
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
      for (const { wire } of drivers.values()) wire?.close();
    },
  };
}

/** Status, headers and bytes as they come. The pipe keeps to the client's pace, and each piece stays one. `secret`: what the server was shown, and no client gets. */
function passBack(call: Call, incoming: http.IncomingMessage, secret: string | null): void {
  const { response } = call;
  const status = incoming.statusCode ?? 502;
  if (response.headersSent) {
    // The stream was begun while its client waited: what is not part of it can only be its last event.
    if (status < 300) return void incoming.pipe(response);
    void collect(incoming, longestError).then(
      (error) => endStreamWith(call, (secret === null ? error.toString('utf8') : error.toString('utf8').replaceAll(secret, '***')).trim().replaceAll('\n', ' ')),
      () => breakOff(response),
    );
    return;
  }
  const raw = incoming.rawHeaders;
  const headers: string[] = [];
  for (let i = 0; i < raw.length; i += 2) if (!isHopByHop(raw[i]!)) headers.push(raw[i]!, raw[i + 1]!);
  if (secret !== null && status >= 400) {
    void collect(incoming, longestError)
      .then((error) => withoutSecret(error, headers, secret, longestError))
      .then(
        (clean) => {
          if (response.destroyed) return;
          passHead(response, status, incoming.statusMessage, [...clean.headers, 'Content-Length', String(clean.body.length)]);
          response.end(clean.body);
        },
        () => breakOff(response),
      );
    return;
  }
  passHead(response, status, incoming.statusMessage, headers);
  incoming.pipe(response);
  // Headers that come long before the first piece of the body are not kept back for it.
  setImmediate(() => {
    if (!incoming.readableDidRead && !response.writableEnded && !response.destroyed) response.flushHeaders();
  });
}

async function collect(incoming: http.IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += (chunk as Buffer).length;
    if (size > maxBytes) throw new RangeError('The answer is too large.');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
