import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { createBarrier } from './barrier.ts';
import { bootServer, type Booted } from './boot.ts';
import type { Call } from './context.ts';
import { applyFault, createFaults } from './faults.ts';
import { gate } from './gate.ts';
import { blobDigestOf, createLibrary } from './models.ts';
import { otherPrograms } from './others.ts';
import { createReply } from './reply.ts';
import { route } from './router.ts';
import type { FakeOllama, FakeOllamaOptions, LoggedRequest, StartedLoad } from './types.ts';

/** Starts a server that behaves like Ollama, on 127.0.0.1. Resolves when it listens; rejects where the port is taken. */
export async function startFakeOllama(options: FakeOllamaOptions = {}): Promise<FakeOllama> {
  const faults = createFaults();
  const library = createLibrary(options.models ?? []);
  const memory = options.memory === undefined ? undefined : { totalBytes: options.memory.totalBytes, otherBytes: options.memory.otherBytes ?? 0 };
  const requests: LoggedRequest[] = [];
  const loadsStarted: StartedLoad[] = [];

  const loadBarrier = createBarrier();
  const boot = (): Booted => bootServer(options, { library, memory, loadsStarted, nextLoadFault: faults.nextLoadFault, loadBarrier });

  let { context, halt } = boot();
  let server: Server | null = null;
  let port = options.port ?? 0;

  const handle = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const gone = new AbortController();
    res.once('close', () => {
      if (!res.writableFinished) gone.abort();
    });
    const path = (req.url ?? '/').split('?')[0] ?? '/';
    const method = req.method ?? 'GET';
    const body = await readBody(req);
    if (body === null) return;
    const current = context;
    requests.push({ method, path, headers: req.headers, body: parseLogged(body), at: Number(current.clock.now() / 1_000_000n) });

    const fault = faults.take(method, path);
    const effect = fault === undefined ? 'proceed' : await applyFault(fault, res, current.clock);
    if (effect === 'handled' || res.destroyed) return;
    const call: Call = { method, path, rest: '', headers: req.headers, body, signal: gone.signal, reply: createReply(res, effect === 'cut') };
    if (!gate(call)) await route(current.version, call)(call, current);
  };

  const listen = async (): Promise<void> => {
    const answering = new WeakMap<Duplex, Promise<void>>();
    const next = createServer({ requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 }, (req, res) => {
      const handled = handle(req, res).catch((error: unknown) => {
        if (res.headersSent || res.destroyed) res.destroy();
        else createReply(res).error(500, String(error));
      });
      answering.set(req.socket, handled);
    });
    // Bytes that are no request (the body of a DELETE sent without a length, for one) get Go's plain answer, after that to the request before them.
    next.on('clientError', (_error, socket) => {
      void (answering.get(socket) ?? Promise.resolve()).then(() => {
        if (!socket.writable) return socket.destroy();
        return socket.end('HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request');
      });
    });
    await new Promise<void>((resolve, reject) => {
      next.once('error', reject);
      next.listen(port, '127.0.0.1', resolve);
    });
    const address = next.address();
    if (typeof address === 'object' && address !== null) port = address.port;
    server = next;
  };

  const goDown = async (): Promise<void> => {
    const old = server;
    server = null;
    if (old === null) return;
    halt();
    const closed = new Promise<void>((resolve) => old.close(() => resolve()));
    old.closeAllConnections();
    await closed;
  };
  const comeUp = async (): Promise<void> => {
    if (server !== null) return;
    ({ context, halt } = boot());
    await listen();
  };

  await listen();
  const others = otherPrograms(() => context);

  return {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    get port() {
      return port;
    },
    close: goDown,
    requests,
    loadsStarted,
    runners: () => context.scheduler.views(),
    loading: () => context.scheduler.loading(),
    queued: () => context.scheduler.queued(),
    until: poll,
    fault: faults.add,
    clearFaults: faults.clear,
    failNextLoad: faults.failNextLoad,
    pauseLoads: loadBarrier.lower,
    crashRunner: (blob) => context.scheduler.crash(blobDigestOf(blob)),
    neverLetGo: (blob) => context.scheduler.holdBack(blobDigestOf(blob), true),
    letGo: (blob) => context.scheduler.holdBack(blobDigestOf(blob), false),
    jamLoads: (on = true) => context.scheduler.jam(on),
    goDown,
    comeUp,
    restart: async ({ downMs = 20 } = {}) => {
      await goDown();
      await new Promise((resolve) => setTimeout(resolve, downMs));
      await comeUp();
    },
    ...others,
    install: (model) => void library.install(model),
    uninstall: (name) => void library.remove(name),
    setOtherBytes: (bytes) => {
      if (memory !== undefined) memory.otherBytes = bytes;
    },
  };
}

/** null where the client left in the middle of its request. */
async function readBody(req: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of req) chunks.push(chunk as Buffer);
  } catch {
    return null;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseLogged(body: string): unknown {
  if (body === '') return undefined;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}

async function poll(condition: () => boolean, timeoutMs = 2000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`the fake server did not get there within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
