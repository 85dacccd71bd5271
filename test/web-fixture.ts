import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import path from 'node:path';
import { mkdirSync, writeFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { defaultConfig, problem, type OperationHandlers } from '../contract/index.ts';
import { lanAddresses } from '../main/web/addresses.ts';
import type { ChangeListener } from '../main/web/event-stream.ts';
import { createWebServer, type WebServer, type WebServerOptions } from '../main/web/server.ts';
import { loadedModelFixture, snapshotFixture } from './snapshot-fixture.ts';
import { tempDir } from './temp-dir.ts';

export const webToken = 'a-token-of-43-characters-that-only-tests-use';
export const webKey = 'a-key-for-apps-of-43-characters-for-tests-12';

/** Handlers that do nothing but answer validly; tests override what they look at. */
export function handlersFixture(change: Partial<OperationHandlers> = {}): OperationHandlers {
  const done = async (): Promise<{ ok: true; value: { text: string } }> => ({ ok: true, value: { text: 'done' } });
  const unknown = async (): Promise<{ ok: false; problem: ReturnType<typeof problem> }> => ({ ok: false, problem: problem('unknown-model', 'There is no such model.') });
  return {
    snapshot: async () => snapshotFixture(),
    plan: unknown,
    load: async () => ({ ok: true, value: { model: loadedModelFixture(), already: false, unloaded: [], tookMs: 5 } }),
    cancelLoad: done, unload: done,
    unloadIdle: async () => ({ ok: true, value: { unloaded: [] } }),
    pin: done, endRunner: done, freeze: done, pause: done, freeMemory: done, reloadLost: done, dismissAdvice: done, keyChanged: done,
    why: unknown, recommend: unknown,
    activity: async () => ({ entries: [] }),
    history: async () => ({ everyMs: 5_000, samples: [] }),
    configGet: async () => ({ config: defaultConfig, path: '/config.json', problem: null, warnings: [] }),
    configSet: async () => ({ ok: true, value: { config: defaultConfig } }),
    addFolder: done, removeFolder: done,
    signInLink: async () => ({ ok: true, value: { url: 'http://127.0.0.1:1/#code=x' } }),
    pairingLinks: async () => ({ ok: true, value: { urls: ['http://192.0.2.2:1/#code=x'], minutes: 10 } }),
    appsKey: async () => ({ ok: true, value: { key: webKey, file: '/data/key' } }),
    newAppsKey: async () => ({ ok: true, value: { key: webKey, file: '/data/key' } }),
    makeSamples: done, cancelSamples: done, checkDownload: unknown, pullModel: unknown, resumePull: unknown, cancelPull: done, importModel: unknown, deleteModel: done, modelDetails: unknown, diskUsage: unknown, checkUpdate: unknown,
    acquire: async ({ ttlMs }) => ({ ok: true, value: { id: 'lease-1', model: 'ollama/llama3.2:latest', ttlMs } }),
    renew: done, release: done,
    generate: async ({ prompt }) => ({ ok: true, value: { text: `echo ${prompt}`, tokens: 1 } }),
    ...change,
  };
}

/** A source of changes by hand. */
export function changesFixture(): ChangeListener & { subscribe(listener: ChangeListener): () => void; count(): number } {
  const listeners = new Set<ChangeListener>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    count: () => listeners.size,
    state: (state) => listeners.forEach((listener) => listener.state(state)),
    models: (models) => listeners.forEach((listener) => listener.models(models)),
    activity: (entries) => listeners.forEach((listener) => listener.activity(entries)),
  };
}

export interface RunningWeb {
  server: WebServer;
  changes: ReturnType<typeof changesFixture>;
  faults: unknown[];
  port: number;
  url: string;
  dir: string;
}

/** A web server on a free port that is closed with the test. */
export async function startWeb(change: Partial<WebServerOptions> = {}): Promise<RunningWeb> {
  const changes = changesFixture();
  const faults: unknown[] = [];
  const dir = path.join(await tempDir(), 'renderer');
  mkdirSync(path.join(dir, 'assets'), { recursive: true });
  writeFileSync(path.join(dir, 'index.html'), '<!doctype html><title>Airdock</title>');
  writeFileSync(path.join(dir, 'assets', 'index-B1gHaSh0.js'), 'export {};');
  const server = createWebServer({
    handlers: handlersFixture(), changes, token: webToken, appsKey: () => webKey, staticDir: dir, host: '127.0.0.1', port: 0, version: '1.2.3', instance: 'i-1',
    onFault: (error) => faults.push(error), ...change,
  });
  const listening = await server.listen();
  if (!listening.ok) throw new Error(listening.problem.message);
  onTestFinished(() => server.close(100));
  return { server, changes, faults, dir, ...listening.value };
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  json(): unknown;
}

export interface Asking {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Of this computer; default: 127.0.0.1. */
  address?: string;
}

/** The server's gateway in tests: tells what it was asked for. */
export const appRoute = (web: RunningWeb): void =>
  void web.server.attach((request, response, target) => {
    if (!/^\/(api|v1)\/|^\/metrics$/.test(target)) return false;
    response.end(`${request.method} ${target}`);
    return true;
  });

/** Addresses by which this computer reaches itself as another device would; empty where it is in no network. */
export const outerAddresses = (): string[] => lanAddresses();

export const bearer = { authorization: `Bearer ${webToken}` };

/** One request over a connection of its own, with exactly these headers. */
export function ask(port: number, { method = 'GET', path: target, headers = {}, body, address = '127.0.0.1' }: Asking): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: address, port, method, path: target, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: (): unknown => JSON.parse(text) }));
    });
    request.on('error', reject);
    request.end(body);
  });
}
