import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { apiPrefix, problem, sessionInputSchema, type Health, type OperationHandlers, type Outcome } from '../../contract/index.ts';
import { dockerAddresses, inUrl, lanAddresses, type Interfaces } from './addresses.ts';
import { createAdmission, tooMany, type Admitted } from './admission.ts';
import { createAttempts } from './attempts.ts';
import { authenticate, cookieName, showsKey } from './authenticate.ts';
import { isAppPath } from './app-requests.ts';
import { callOperation, isOperation } from './call-operation.ts';
import { createCallers, nameOf } from './callers.ts';
import { openEventStream, type ChangeSource } from './event-stream.ts';
import { refuseForeignPage, type Allowed } from './guard.ts';
import { listenOnAll, loopbackOf } from './listen.ts';
import { readJsonBody } from './read-body.ts';
import { sendJson, sendProblem, sendProblemAndHangUp, setSecurityHeaders } from './respond.ts';
import { createSessions } from './sessions.ts';
import { serveStatic } from './static-files.ts';

/**
 * Answers a request and returns true, or leaves it to the others. Host and Origin have been checked; so has the key where the request comes
 * from another device and its path is one of the gateway's (`isAppPath`), and what a page needs to read the answer is set. `rawHeaders` hold
 * what a server behind may see (passed-on.ts).
 */
export type Route = (request: IncomingMessage, response: ServerResponse, path: string) => boolean | Promise<boolean>;

export interface WebServerOptions {
  handlers: OperationHandlers;
  changes: ChangeSource;
  /** The token that scripts show (main/data). */
  token: string;
  /** The key for apps as it is now (main/data). */
  appsKey: () => string;
  /** What the settings let in beside this computer's own names and pages, as they are now. */
  allowed?: () => Allowed;
  /** Listens on all interfaces too, for those who show a key or are signed in. */
  lan?: boolean;
  /** Listens on Docker's bridges too, and knows the names that containers have for this computer. */
  docker?: boolean;
  /** Default: those of the system. */
  interfaces?: Interfaces;
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
  /** The same for another device: one code, in an address for each of this computer's networks. Empty where other devices are not let in. */
  createPairingUrls(): string[];
  /** Where other devices (with `lan`) and containers (with `docker`) find this server at present. */
  addresses(): string[];
  /** Whether the request shows the key for apps, or the token. */
  hasKey(headers: IncomingHttpHeaders): boolean;
  /** Lets others share the port: tried in order, before the API and the dashboard. Returns its own undoing. */
  attach(route: Route): () => void;
  /** Programs that called in the last `withinMs` or still read events, by name. Browsers are not among them. */
  callers(withinMs: number): string[];
  /** Ends event streams and idle connections at once, and what is still being answered after `graceMs` (default 1000). */
  close(graceMs?: number): Promise<void>;
}

/** The contract over HTTP (contract/http.ts), the dashboard, and a port for the gateway to share: for this computer, and by the settings' word for others. */
export function createWebServer(options: WebServerOptions): WebServer {
  const { handlers, changes, token, appsKey, staticDir, version, instance, lan = false, docker = false, interfaces, onFault = () => undefined, now = Date.now } = options;
  const sessions = createSessions(now);
  const callers = createCallers(now);
  const routes: Route[] = [];
  const streams = new Set<{ close(): void }>();
  const attempts = createAttempts(now);
  const secrets = (): string[] => [appsKey(), token];
  const allowed = options.allowed ?? (() => ({ hosts: [], origins: [] }));
  const admit = createAdmission({ port: () => port, instance, secrets, allowed, lan, docker, attempts });
  let port = options.port;
  let servers: Server[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '';
    const mark = url.indexOf('?');
    const path = mark === -1 ? url : url.slice(0, mark);
    const query = mark === -1 ? '' : url.slice(mark + 1);
    // Answers of servers behind are passed on with their own headers; the pages of a browser are somewhere else.
    if (!isAppPath(path)) setSecurityHeaders(response);
    const admitted = admit(request, response, path);
    if (admitted === null) return;
    for (const route of routes) {
      const taken = route(request, response, path);
      if (taken === true || (await taken)) return;
    }
    if (path !== apiPrefix && !path.startsWith(`${apiPrefix}/`)) return serveStatic(request, response, staticDir, path);
    await answerApi(request, response, { name: path.slice(apiPrefix.length + 1), query: new URLSearchParams(query), admitted });
  }

  async function answerApi(request: IncomingMessage, response: ServerResponse, { name, query, admitted }: { name: string; query: URLSearchParams; admitted: Admitted }): Promise<void> {
    if (name === 'health') {
      const health: Health = { name: 'airdock', version, instance };
      return allow(request, response, ['GET', 'HEAD']) ? sendJson(response, 200, health) : undefined;
    }
    if (name === 'session') return allow(request, response, ['POST']) ? signIn(request, response, admitted) : undefined;

    const caller = authenticate(request.headers, { token, sessions, port });
    if (caller === null) {
      if (admitted.far && request.headers.authorization !== undefined) attempts.failed(admitted.peer);
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

  async function signIn(request: IncomingMessage, response: ServerResponse, { far, peer }: Admitted): Promise<void> {
    const wait = far ? attempts.waitSeconds(peer) : 0;
    if (wait > 0) return sendProblemAndHangUp(request, response, 429, tooMany(wait));
    const foreign = refuseForeignPage(request.headers, { changes: false });
    if (foreign) return sendProblem(response, 403, foreign);
    const body = await readJsonBody(request, 4096);
    if (body.kind === 'gone') return;
    if (body.kind === 'too-large' || body.kind === 'too-slow') return sendProblemAndHangUp(request, response, 413, problem('bad-request', 'A sign-in is a short JSON body.'));
    const input = sessionInputSchema.safeParse(body.kind === 'json' ? body.value : null);
    if (!input.success) return sendProblem(response, 400, problem('bad-request', 'A sign-in is a JSON body with a "code".'));
    const session = sessions.exchange(input.data.code);
    if (session === null) {
      if (far) attempts.failed(peer);
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

  function createOne(): Server {
    const begin = (request: IncomingMessage, response: ServerResponse): void => {
      answer(request, response).catch((error: unknown) => {
        onFault(error);
        if (response.headersSent) response.destroy();
        else sendProblem(response, 500, problem('internal', 'Airdock failed at this request.', 'The details are in Airdock’s own output.'));
      });
    };
    const server = createServer((request, response) => {
      // Sent behind a request that is still being answered: until its turn has come, nothing would tell it that its client has gone.
      if (response.socket === null) response.once('socket', () => begin(request, response));
      else begin(request, response);
    });
    // A load may take many minutes; headers and bodies have limits of their own.
    server.requestTimeout = 0;
    return server;
  }

  const own = loopbackOf(options.host) ?? '127.0.0.1';
  const elsewhere = (): string[] => (servers.length === 0 ? [] : lan ? lanAddresses(interfaces) : docker ? dockerAddresses(interfaces) : []);
  const signInAt = (address: string, code: string): string => `${urlOf(address, port)}/#code=${code}`;

  return {
    async listen() {
      const listening = await listenOnAll(createOne, { host: options.host, port: options.port, lan, docker, interfaces });
      if (!listening.ok) return listening;
      ({ servers, port } = listening.value);
      for (const server of servers) server.on('error', onFault);
      return { ok: true, value: { url: urlOf(own, port), port } };
    },
    createLoginUrl: () => signInAt(own, sessions.newCode()),
    createPairingUrls() {
      const addresses = lan ? elsewhere() : [];
      if (addresses.length === 0) return [];
      const code = sessions.newCode();
      return addresses.map((address) => signInAt(address, code));
    },
    addresses: () => elsewhere().map((address) => urlOf(address, port)),
    hasKey: (headers) => showsKey(headers, secrets()),
    attach(route) {
      routes.push(route);
      return () => void routes.splice(routes.indexOf(route), 1);
    },
    callers: (withinMs) => callers.recent(withinMs),
    async close(graceMs = 1000) {
      for (const opened of streams) opened.close();
      await Promise.all(servers.map((server) => closeOne(server, graceMs)));
    },
  };
}

function closeOne(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve();
    const hard = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(hard);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function urlOf(host: string, port: number): string {
  return `http://${inUrl(host)}:${port}`;
}

function allow(request: IncomingMessage, response: ServerResponse, methods: string[]): boolean {
  if (methods.includes(request.method ?? '')) return true;
  sendProblem(response, 405, problem('bad-request', `${request.method} is not possible here.`), { allow: methods.join(', ') });
  return false;
}
