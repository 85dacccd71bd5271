import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { defaultConfig, type Config } from '../../contract/index.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../../main/gateway/gateway.ts';
import { setSecurityHeaders } from '../../main/web/respond.ts';
import { startFakeOllama, type FakeOllama, type FakeOllamaOptions } from '../fakes/ollama/index.ts';
import { createMemoryPorts, type MemoryPorts, type MemoryPortsOptions } from './memory-ports.ts';

export interface RunningGateway {
  port: number;
  url: string;
  gateway: Gateway;
  ports: MemoryPorts;
  fake: FakeOllama;
  settings: Config['gateway'];
}

export interface GatewayFixture {
  ollama?: FakeOllamaOptions;
  ports?: Omit<MemoryPortsOptions, 'fake'>;
  options?: Partial<GatewayOptions>;
}

const models = [
  { name: 'a', blob: 'blob-a', loadMs: 10 },
  { name: 'a-alias', blob: 'blob-a', loadMs: 10 },
  { name: 'b', blob: 'blob-b', loadMs: 10 },
  { name: 'c', blob: 'blob-c', loadMs: 10 },
  { name: 'embedder', blob: 'blob-e', loadMs: 10, contextLength: 512, capabilities: ['embedding'], family: 'bert' },
];

/** A gateway on a port of its own, as the web server would attach it, in front of a fake Ollama. */
export async function startGateway({ ollama, ports: wishes, options }: GatewayFixture = {}): Promise<RunningGateway> {
  const fake = await startFakeOllama({ models, ...ollama });
  onTestFinished(() => fake.close());
  const ports = await createMemoryPorts({ fake, ...wishes });
  fake.requests.length = 0;
  const settings: Config['gateway'] = structuredClone(defaultConfig.gateway);
  const gateway = createGateway(ports, () => settings, { version: '1.2.3', tickMs: 10, ...options });
  const server = createServer((request, response) => {
    setSecurityHeaders(response);
    void (async () => {
      if (await gateway.route(request, response, (request.url ?? '').split('?')[0]!)) return;
      response.writeHead(404, { 'content-type': 'text/html' }).end('the dashboard');
    })();
  });
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    gateway.close();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}`, gateway, ports, fake, settings };
}

export interface Asked {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
  json: Record<string, unknown>;
}

export interface Asking {
  method?: string;
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Resolves with the headers of the answer. */
export function open(port: number, { method, path, body, headers = {}, signal }: Asking): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const bytes = body === undefined ? null : Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    const length = bytes && !('transfer-encoding' in headers) ? { 'content-length': String(bytes.length) } : {};
    const all = { ...(bytes ? { 'content-type': 'application/json' } : {}), ...length, ...headers };
    const sent = httpRequest({ host: '127.0.0.1', port, method: method ?? (bytes ? 'POST' : 'GET'), path, headers: all, agent: false, ...(signal ? { signal } : {}) }, resolve);
    sent.on('error', reject);
    sent.end(bytes ?? undefined);
  });
}

export async function ask(port: number, asking: Asking): Promise<Asked> {
  const response = await open(port, asking);
  let text = '';
  for await (const piece of response.setEncoding('utf8')) text += piece as string;
  return { status: response.statusCode ?? 0, headers: response.headers, text, json: parsed(text) };
}

/** The last request that reached the fake on this route. */
export function lastAt(fake: FakeOllama, path: string): { body: Record<string, unknown>; headers: Record<string, string | string[] | undefined> } {
  const found = fake.requests.filter((request) => request.path === path).at(-1);
  if (!found) throw new Error(`nothing was passed on to ${path}`);
  return { body: found.body as Record<string, unknown>, headers: found.headers };
}

export async function until(condition: () => boolean, timeoutMs = 5_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`did not come true within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
