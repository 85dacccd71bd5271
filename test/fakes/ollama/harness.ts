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

export async function call(fake: FakeOllama, method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
  const began = performance.now();
  const response = await fetch(fake.url + path, { method, body: body === undefined ? null : JSON.stringify(body), signal: signal ?? null });
  const text = await response.text();
  const json = text.startsWith('{') && !text.includes('}\n{') ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: response.status, body: json, text, ms: performance.now() - began };
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
