import { request, type IncomingMessage } from 'node:http';
import { afterEach } from 'vitest';
import { startFakeOllama, type FakeOllama, type FakeOllamaOptions } from './index.ts';

export interface Answer {
  status: number;
  body: Record<string, unknown>;
  text: string;
  ms: number;
}

export interface PsEntry {
  name: string;
  expires_at: string;
  context_length: number;
  size: number;
  size_vram: number;
}

/** Starts fakes that are closed after the test, with two unrelated models, an alias, and an embedding model on them. */
export function fakes(): (options?: FakeOllamaOptions) => Promise<FakeOllama> {
  const running: FakeOllama[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((fake) => fake.close()));
  });
  return async (options = {}) => {
    const models = [
      { name: 'a', blob: 'blob-a', loadMs: 20 },
      { name: 'a-alias', blob: 'blob-a', loadMs: 20 },
      { name: 'b', blob: 'blob-b', loadMs: 20 },
      { name: 'c', blob: 'blob-c', loadMs: 20 },
      { name: 'embedder', blob: 'blob-e', loadMs: 20, contextLength: 512, capabilities: ['embedding'], family: 'bert' },
    ];
    const fake = await startFakeOllama({ models, ...options });
    running.push(fake);
    return fake;
  };
}

/** One request on a connection of its own. Rejects where the answer does not come whole. */
export async function call(fake: FakeOllama, method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
  const began = performance.now();
  const response = await open(fake, method, path, body, signal);
  const text = await textOf(response);
  const json = text.startsWith('{') && !text.includes('}\n{') ? parsed(text) : {};
  return { status: response.statusCode ?? 0, body: json, text, ms: performance.now() - began };
}

/** Resolves when the headers are there. */
export function open(fake: FakeOllama, method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    const sent = request({ host: '127.0.0.1', port: fake.port, method, path, headers, agent: false, ...(signal ? { signal } : {}) }, resolve);
    sent.on('error', reject);
    sent.end(text);
  });
}

export async function textOf(response: IncomingMessage, onPiece?: (text: string) => void): Promise<string> {
  let text = '';
  for await (const piece of response.setEncoding('utf8')) {
    text += piece as string;
    onPiece?.(piece as string);
  }
  return text;
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

export const generate = (fake: FakeOllama, body: Record<string, unknown>, signal?: AbortSignal): Promise<Answer> =>
  call(fake, 'POST', '/api/generate', body, signal);

/** A request that answers about `tokens / 500` seconds. */
export const answerFor = (fake: FakeOllama, model: string, tokens: number, more: Record<string, unknown> = {}): Promise<Answer> =>
  generate(fake, { model, prompt: 'hello', options: { num_predict: tokens }, ...more });

export async function ps(fake: FakeOllama): Promise<PsEntry[]> {
  const { body } = await call(fake, 'GET', '/api/ps');
  return body['models'] as PsEntry[];
}

export const names = (entries: PsEntry[]): string[] => entries.map((entry) => entry.name.replace(':latest', '')).sort();
export const expiry = (entry: PsEntry | undefined): number => Date.parse(entry?.expires_at ?? '');
export const inUse = (fake: FakeOllama, blob: string): number => fake.runners().find((runner) => runner.blob === blob)?.inUse ?? 0;
/** For the absence of events only: what is expected to happen is waited for with `until`. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
