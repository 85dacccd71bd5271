import { createOllamaProvider } from '../../main/providers/ollama/index.ts';
import type { OllamaProviderOptions } from '../../main/providers/ollama/index.ts';
import type { CatalogModel, LoadOutcome, ObservedModel, Provider, ProviderReport } from '../../main/providers/provider.ts';
import { startFakeOllama } from '../fakes/ollama/index.ts';
import type { FakeOllama, FakeOllamaOptions, FakeVersion } from '../fakes/ollama/index.ts';

/** A server to run the contract against, and the other programs that use it. */
export interface Subject {
  url: string;
  /** Three completion models with weights of their own. */
  names: [string, string, string];
  other: OtherProgram;
  fake: FakeOllama | null;
  close(): Promise<void>;
}

/** Talks to the server directly, as any other client. */
export interface OtherProgram {
  load(name: string, keepAlive?: string | number): Promise<void>;
  /** A request that answers some tokens. */
  ask(name: string, tokens: number, keepAlive?: string | number): Promise<void>;
  /** A streamed answer: `begun` with its first token, `ended` with the number of its tokens. */
  stream(name: string, tokens: number): { begun: Promise<void>; ended: Promise<number> };
  unload(name: string): Promise<void>;
  copy(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
  listed(): Promise<{ name: string; expires_at: string; context_length?: number }[]>;
}

/** Every test's context size: small, so that real models load fast. */
export const contextLength = 1024;

export async function fakeSubject(version: FakeVersion, options: FakeOllamaOptions = {}): Promise<Subject & { fake: FakeOllama }> {
  const models = ['one', 'two', 'three'].map((name) => ({ name, blob: name, loadMs: 60 }));
  const fake = await startFakeOllama({ version, models, tokensPerSecond: 200, ...options });
  const subject = { url: fake.url, other: otherProgram(() => fake.url), fake, close: () => fake.close() };
  return { ...subject, names: ['one:latest', 'two:latest', 'three:latest'] };
}

/** The three smallest completion models of a real server. */
export async function realSubject(host: string): Promise<Subject> {
  const provider = providerFor(host);
  const { models, status } = await provider.poll({ catalog: true, signal: never });
  await provider.stop();
  const byWeights = new Map((models ?? []).filter((model) => model.capabilities.includes('completion')).map((model) => [model.weights, model]));
  const [one, two, three] = [...byWeights.values()].sort((a, b) => a.sizeBytes - b.sizeBytes).map((model) => model.providerName);
  if (one === undefined || two === undefined || three === undefined) throw new Error(`${host} has not three completion models (${status.problem?.message ?? status.status})`);
  const url = status.url ?? '';
  return { url, names: [one, two, three], other: otherProgram(() => url), fake: null, close: () => Promise.resolve() };
}

export const never = new AbortController().signal;

export function providerFor(host: string, options: Partial<OllamaProviderOptions> = {}): Provider {
  return createOllamaProvider({ host, memory: 'auto', ownRamBytes: null, contextLengthFor: () => contextLength, now: Date.now, env: {}, ...options });
}

export async function list(provider: Provider): Promise<CatalogModel[]> {
  const { models, status } = await provider.poll({ catalog: true, signal: never });
  if (models === null) throw new Error(`no models: ${status.problem?.message ?? status.status}`);
  return models;
}

export async function modelOf(provider: Provider, name: string): Promise<CatalogModel> {
  const model = (await list(provider)).find(({ providerName }) => providerName === name);
  if (model === undefined) throw new Error(`${name} is not listed`);
  return model;
}

export function look(provider: Provider): Promise<ProviderReport> {
  return provider.poll({ catalog: false, signal: never });
}

export async function seen(provider: Provider, weights: string): Promise<ObservedModel | undefined> {
  return (await look(provider)).loaded?.find((model) => model.weights === weights);
}

export function load(provider: Provider, model: CatalogModel, options: { signal?: AbortSignal; keepAliveMs?: number; contextLength?: number | null } = {}): Promise<LoadOutcome> {
  return provider.load({ model, contextLength: model.contextLength, keepAliveMs: 360_000, signal: never, onProgress: () => {}, ...options });
}

export async function until<T>(probe: () => Promise<T> | T, holds: (value: T) => boolean, timeoutMs = 10_000): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (holds(value)) return value;
    if (Date.now() > end) throw new Error(`not within ${timeoutMs} ms: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function otherProgram(url: () => string): OtherProgram {
  const send = async (method: string, path: string, body: object): Promise<string> => {
    const response = await fetch(url() + path, { method, body: JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text;
  };
  const keep = (keepAlive?: string | number) => (keepAlive === undefined ? {} : { keep_alive: keepAlive });
  const options = { num_ctx: contextLength };
  return {
    load: async (model, keepAlive) => void (await send('POST', '/api/generate', { model, stream: false, options, ...keep(keepAlive) })),
    ask: async (model, tokens, keepAlive) => {
      const body = { model, prompt: 'Count to a thousand.', stream: false, options: { ...options, num_predict: tokens, stop: [] }, ...keep(keepAlive) };
      await send('POST', '/api/generate', body);
    },
    stream: (model, tokens) => {
      const body = JSON.stringify({ model, prompt: 'Count to a thousand.', options: { ...options, num_predict: tokens } });
      const answer = fetch(`${url()}/api/generate`, { method: 'POST', body });
      let begin = () => {};
      const begun = new Promise<void>((resolve) => (begin = resolve));
      const read = async () => {
        const lines: string[] = [];
        for await (const chunk of (await answer).body ?? []) {
          begin();
          lines.push(Buffer.from(chunk as Uint8Array).toString());
        }
        const last = lines.join('').trim().split('\n').at(-1) ?? '';
        return (JSON.parse(last) as { eval_count?: number }).eval_count ?? 0;
      };
      return { begun, ended: read() };
    },
    unload: async (model) => void (await send('POST', '/api/generate', { model, keep_alive: 0, stream: false })),
    copy: async (source, destination) => void (await send('POST', '/api/copy', { source, destination })),
    remove: async (model) => void (await send('DELETE', '/api/delete', { model })),
    listed: async () => ((await (await fetch(`${url()}/api/ps`)).json()) as { models: { name: string; expires_at: string; context_length?: number }[] }).models,
  };
}
