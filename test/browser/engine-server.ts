import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import {
  apiPrefix,
  type Config,
  defaultConfig,
  type LiveState,
  type MemorySample,
  type OperationName,
  type OperationOutput,
  operations,
  type ServerEvent,
  serverEventSchema,
  type Snapshot,
} from '../../contract/index.ts';

/** The policy under which the page is served for real. */
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";
const types: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

export interface Call {
  operation: OperationName;
  input: unknown;
}

type Answers = { [N in OperationName]?: (input: never) => OperationOutput<N> | Promise<OperationOutput<N>> };

export interface EngineServer {
  readonly url: string;
  /** What the page asked for, in order, without the questions it asks by itself. */
  readonly calls: readonly Call[];
  /** What was wrong with what the page sent. */
  readonly faults: readonly string[];
  /** Answers to operations, by name; what is not named succeeds with words that nobody reads. */
  answers: Answers;
  /** Every code that signs in, and whether a request without a session is turned away. */
  guard: { code: string; on: boolean };
  config: Config;
  snapshot: Snapshot;
  history: MemorySample[];
  /** Changes the state and tells the page. */
  change(patch: Partial<LiveState>): void;
  emit(event: ServerEvent): void;
  /** Stops listening and drops every connection, as a dead process would. */
  down(): Promise<void>;
  up(): Promise<void>;
}

/** A hand-driven engine behind the contract's HTTP form: the tests say what is true, the page shows it. */
export async function createEngineServer({ folder, snapshot }: { folder: string; snapshot: Snapshot }): Promise<EngineServer> {
  const calls: Call[] = [];
  const faults: string[] = [];
  const streams = new Set<ServerResponse>();
  let server: Server | null = null;
  let port = 0;

  function emit(event: ServerEvent) {
    const line = `data: ${JSON.stringify(serverEventSchema.parse(event))}\n\n`;
    for (const stream of streams) stream.write(line);
  }

  function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers }).end(JSON.stringify(body));
  }

  async function body(request: IncomingMessage): Promise<unknown> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  }

  async function answer(name: string, request: IncomingMessage, response: ServerResponse) {
    if (!(name in operations)) {
      faults.push(`no operation ${name}`);
      return json(response, 404, { problem: { code: 'not-found', message: `There is no operation ${name}.` } });
    }
    const operation = name as OperationName;
    const parsed = operations[operation].input.strict().safeParse(await body(request));
    if (!parsed.success) faults.push(`${operation}: ${parsed.error.message}`);
    if (operation !== 'configGet' && operation !== 'history') calls.push({ operation, input: parsed.data });
    const given = engine.answers[operation] as ((input: unknown) => unknown) | undefined;
    const result = given === undefined ? { ok: true, value: { text: 'Done.' } } : await given(parsed.data);
    const output: { parse(value: unknown): unknown } = operations[operation].output;
    if (operation === 'configGet' && given === undefined) {
      return json(response, 200, { config: engine.config, path: '/home/me/.config/airdock/config.json', problem: null, warnings: [] });
    }
    if (operation === 'modelDetails' && given === undefined) return json(response, 200, { ok: false, problem: { code: 'unknown-model', message: 'Nothing is told of it.' } });
    if (operation === 'diskUsage' && given === undefined) return json(response, 200, { ok: true, value: { models: [], totalBytes: 0, unusedBytes: 0, neverBytes: 0, places: [] } });
    if (operation === 'history' && given === undefined) return json(response, 200, { everyMs: 5_000, samples: engine.history });
    json(response, 200, output.parse(result));
  }

  async function handle(request: IncomingMessage, response: ServerResponse) {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (!pathname.startsWith(`${apiPrefix}/`)) return file(pathname, response);
    const name = pathname.slice(apiPrefix.length + 1);
    if (name === 'session') {
      const { code } = (await body(request)) as { code: string };
      if (code !== engine.guard.code) return json(response, 401, { problem: { code: 'unauthorized', message: 'That code was used already.' } });
      return json(response, 200, {}, { 'set-cookie': 'airdock=yes; HttpOnly; SameSite=Strict; Path=/' });
    }
    if (engine.guard.on && request.headers.cookie !== 'airdock=yes') {
      return json(response, 401, { problem: { code: 'unauthorized', message: 'Not signed in.' } });
    }
    if (name !== 'events') return answer(name, request, response);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    streams.add(response);
    response.on('close', () => streams.delete(response));
    response.write(`data: ${JSON.stringify(serverEventSchema.parse({ type: 'snapshot', snapshot: engine.snapshot }))}\n\n`);
  }

  async function file(pathname: string, response: ServerResponse) {
    const name = pathname === '/' ? 'index.html' : pathname.slice(1);
    const content = await readFile(path.join(folder, name)).catch(() => null);
    if (content === null) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': types[path.extname(name)] ?? 'application/octet-stream', 'content-security-policy': policy }).end(content);
  }

  async function up() {
    const listening = createServer((request, response) => {
      handle(request, response).catch((error: unknown) => {
        faults.push(String(error));
        response.destroy();
      });
    });
    await new Promise<void>((resolve) => listening.listen(port, '127.0.0.1', resolve));
    port = (listening.address() as AddressInfo).port;
    server = listening;
  }

  const engine: EngineServer = {
    get url() {
      return `http://127.0.0.1:${port}/`;
    },
    calls,
    faults,
    answers: {},
    guard: { code: 'right-code', on: false },
    config: defaultConfig,
    snapshot,
    history: [],
    change(patch) {
      engine.snapshot = { ...engine.snapshot, state: { ...engine.snapshot.state, ...patch, at: Date.now() } };
      emit({ type: 'state', state: engine.snapshot.state });
    },
    emit,
    async down() {
      const closing = server;
      server = null;
      if (closing === null) return;
      closing.closeAllConnections();
      await new Promise<void>((resolve) => closing.close(() => resolve()));
    },
    up,
  };
  await up();
  return engine;
}
