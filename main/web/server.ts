import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { apiPrefix, problem, sessionInputSchema, type Health, type OperationHandlers, type Outcome } from '../../contract/index.ts';
import { authenticate, cookieName } from './authenticate.ts';
import { callOperation, isOperation } from './call-operation.ts';
import { createCallers, nameOf } from './callers.ts';
import { openEventStream, type ChangeSource } from './event-stream.ts';
import { refuseForeign, refuseForeignPage } from './guard.ts';
import { listenProblem } from './listen-problem.ts';
import { readJsonBody } from './read-body.ts';
import { sendJson, sendProblem, sendProblemAndHangUp, setSecurityHeaders } from './respond.ts';
import { createSessions } from './sessions.ts';
import { serveStatic } from './static-files.ts';

/** Answers a request and returns true, or leaves it to the others. Host and Origin have been checked, nothing else. */
export type Route = (request: IncomingMessage, response: ServerResponse, path: string) => boolean | Promise<boolean>;

export interface WebServerOptions {
  handlers: OperationHandlers;
  changes: ChangeSource;
  /** The token that scripts show (main/data). */
  token: string;
  /** The built dashboard. */
  staticDir: string;
  /** A name of this computer's loopback; anything else is refused. */
  host: string;
  /** 0: any free port. */
  port: number;
  version: string;
  /** The lock's instance: tells whoever asks which Airdock this is. */
  instance: string;
  /** Told of faults in handlers; what the client gets has no details. */
  onFault?: (error: unknown) => void;
  now?: () => number;
  heartbeatMs?: number;
  stalledMs?: number;
}

export interface WebServer {
  /** Begins to listen; fails with `already-running` or `bad-config` where the port is taken, and never moves to another one. */
  listen(): Promise<Outcome<{ url: string; port: number }>>;
  /** The dashboard's address with a single-use code in its fragment, which browsers do not send to servers. Only after `listen`. */
  createLoginUrl(): string;
  /** Lets others share the port: tried in order, before the API and the dashboard. Returns its own undoing. */
  attach(route: Route): () => void;
  /** Programs that called in the last `withinMs` or still read events, by name. Browsers are not among them. */
  callers(withinMs: number): string[];
  /** Ends event streams and idle connections at once, and what is still being answered after `graceMs` (default 1000). */
  close(graceMs?: number): Promise<void>;
}

const hosts: Readonly<Record<string, string>> = { '127.0.0.1': '127.0.0.1', localhost: '127.0.0.1', '::1': '::1', '[::1]': '::1' };

/** The contract over HTTP (contract/http.ts) and the dashboard, for this computer only. */
export function createWebServer(options: WebServerOptions): WebServer {
  const { handlers, changes, token, staticDir, version, instance, onFault = () => undefined, now = Date.now } = options;
  const sessions = createSessions(now);
  const callers = createCallers(now);
  const routes: Route[] = [];
  const streams = new Set<{ close(): void }>();
  let port = options.port;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    setSecurityHeaders(response);
    const [path = '', query = ''] = (request.url ?? '').split('?', 2);
    const refusal = refuseForeign(request.headers, port) ?? (path.startsWith('/') ? null : problem('bad-request', 'The address must begin with /.'));
    if (refusal) return sendProblem(response, refusal.code === 'forbidden' ? 403 : 400, refusal);
    for (const route of routes) if (await route(request, response, path)) return;
    if (path !== apiPrefix && !path.startsWith(`${apiPrefix}/`)) return serveStatic(request, response, staticDir, path);
    await answerApi(request, response, path.slice(apiPrefix.length + 1), new URLSearchParams(query));
  }

  async function answerApi(request: IncomingMessage, response: ServerResponse, name: string, query: URLSearchParams): Promise<void> {
    if (name === 'health') {
      const health: Health = { name: 'airdock', version, instance };
      return allow(request, response, ['GET', 'HEAD']) ? sendJson(response, 200, health) : undefined;
    }
    if (name === 'session') return allow(request, response, ['POST']) ? signIn(request, response) : undefined;

    const caller = authenticate(request.headers, { token, sessions, port });
    if (caller === null) {
      const hint = 'Scripts send "Authorization: Bearer …" with the file "token" of the data folder. For the dashboard, open the address that Airdock shows at its start.';
      return sendProblem(response, 401, problem('unauthorized', 'This request shows no valid token and no valid sign-in.', hint), { 'www-authenticate': 'Bearer' });
    }
    const foreign = caller === 'cookie' ? refuseForeignPage(request.headers, { changes: request.method === 'POST' }) : null;
    if (foreign) return sendProblem(response, 403, foreign);
    const program = caller === 'token' ? nameOf(request, caller) : null;
    if (program !== null) callers.used(program);
    if (name === 'events') return allow(request, response, ['GET']) ? stream(response, program) : undefined;
    if (!isOperation(name)) return sendProblem(response, 404, problem('not-found', `There is no operation ${JSON.stringify(name.slice(0, 100))}.`));
    await callOperation(request, response, { name, caller, query, handlers, onFault });
  }

  async function signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const foreign = refuseForeignPage(request.headers, { changes: false });
    if (foreign) return sendProblem(response, 403, foreign);
    const body = await readJsonBody(request, 4096);
    if (body.kind === 'gone') return;
    if (body.kind === 'too-large' || body.kind === 'too-slow') return sendProblemAndHangUp(request, response, 413, problem('bad-request', 'A sign-in is a short JSON body.'));
    const input = sessionInputSchema.safeParse(body.kind === 'json' ? body.value : null);
    if (!input.success) return sendProblem(response, 400, problem('bad-request', 'A sign-in is a JSON body with a "code".'));
    const session = sessions.exchange(input.data.code);
    if (session === null) {
      return sendProblem(response, 401, problem('unauthorized', 'This sign-in link was used already or is too old.', 'Ask Airdock for a new one; each works once, for ten minutes.'));
    }
    // Only the API's path: other servers of this computer do not get to see it unless they are asked for that very path.
    const cookie = `${cookieName(port)}=${session.id}; HttpOnly; SameSite=Strict; Path=${apiPrefix}; Max-Age=${session.maxAgeSeconds}`;
    sendJson(response, 200, { ok: true }, { 'set-cookie': cookie });
  }

  function stream(response: ServerResponse, program: string | null): void {
    const context = { signal: new AbortController().signal, caller: 'events' };
    const opened = openEventStream(response, {
      snapshot: () => handlers.snapshot({}, context),
      changes,
      heartbeatMs: options.heartbeatMs ?? 15_000,
      stalledMs: options.stalledMs ?? 60_000,
    });
    streams.add(opened);
    const ended = program === null ? null : callers.using(program);
    response.once('close', () => {
      streams.delete(opened);
      ended?.();
    });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      onFault(error);
      if (response.headersSent) response.destroy();
      else sendProblem(response, 500, problem('internal', 'Airdock failed at this request.', 'The details are in Airdock’s own output.'));
    });
  });
  // A load may take many minutes; headers and bodies have limits of their own.
  server.requestTimeout = 0;

  return {
    listen: () =>
      new Promise((resolve) => {
        const host = hosts[options.host];
        if (host === undefined) {
          const hint = 'Set gateway.host to 127.0.0.1.';
          return resolve({ ok: false, problem: problem('bad-config', `Airdock answers on this computer only, not on ${options.host}.`, hint) });
        }
        server.once('error', (error: NodeJS.ErrnoException) => void listenProblem(error, host, options.port).then((cause) => resolve({ ok: false, problem: cause })));
        server.listen({ host, port: options.port, exclusive: true }, () => {
          server.removeAllListeners('error');
          server.on('error', onFault);
          port = (server.address() as AddressInfo).port;
          resolve({ ok: true, value: { url: urlOf(host, port), port } });
        });
      }),
    createLoginUrl: () => `${urlOf(hosts[options.host] ?? '127.0.0.1', port)}/#code=${sessions.newCode()}`,
    attach(route) {
      routes.push(route);
      return () => void routes.splice(routes.indexOf(route), 1);
    },
    callers: (withinMs) => callers.recent(withinMs),
    close: (graceMs = 1000) =>
      new Promise((resolve) => {
        if (!server.listening) return resolve();
        const hard = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(hard);
          resolve();
        });
        for (const opened of streams) opened.close();
        server.closeIdleConnections();
      }),
  };
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function allow(request: IncomingMessage, response: ServerResponse, methods: string[]): boolean {
  if (methods.includes(request.method ?? '')) return true;
  sendProblem(response, 405, problem('bad-request', `${request.method} is not possible here.`), { allow: methods.join(', ') });
  return false;
}
