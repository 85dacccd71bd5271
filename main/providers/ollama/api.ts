import { Ollama } from 'ollama/browser';
import type { z } from 'zod';
import type { HttpFailure, HttpRequest, HttpResult, JsonHttp } from '../http.ts';
import { answerSchema, psSchema, showSchema, tagsSchema, versionSchema } from './wire.ts';
import type { Answer, RunningModel, ShownModel, TaggedModel } from './wire.ts';

export type ApiResult<T> =
  | { ok: true; value: T; dateMs: number | null; sentAt: number; receivedAt: number }
  | { ok: false; failure: HttpFailure };

/** `ps` waits for MLX loads and sick runners, so it gets long; `version` touches nothing in Ollama and tells whether it lives. */
export const defaultLimits = { version: 2_500, ps: 15_000, tags: 15_000, show: 10_000, unload: 15_000, touch: 15_000 };

export type TimeLimits = typeof defaultLimits;

export interface LoadCall {
  name: string;
  /** Embedding-only models are loaded through their own route and without `num_ctx`, which would change their batch size. */
  embedding: boolean;
  contextLength: number | null;
  /** Ms; Infinity: for ever; null: leave the runner's own. */
  keepAliveMs: number | null;
  /** Default: that of a touch. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface OllamaApi {
  version(signal: AbortSignal): Promise<ApiResult<string>>;
  ps(signal?: AbortSignal): Promise<ApiResult<RunningModel[]>>;
  tags(signal: AbortSignal): Promise<ApiResult<TaggedModel[]>>;
  show(name: string, signal: AbortSignal): Promise<ApiResult<ShownModel>>;
  /** Loads by an empty prompt, or moves the expiry of what is loaded. Dropping the connection (signal, time limit) cancels a load. */
  load(call: LoadCall): Promise<ApiResult<Answer>>;
  unload(name: string, signal?: AbortSignal): Promise<ApiResult<Answer>>;
  generate(call: { name: string; prompt: string; maxTokens: number; contextLength: number | null; signal: AbortSignal }): Promise<ApiResult<Answer>>;
}

/**
 * Ollama's routes, typed. The catalogue goes through the `ollama` client; loads and everything that must be dropped or timed by its own
 * connection goes around it (its only `abort` is for streams that have begun to answer, so it cannot cancel a load).
 */
export function createOllamaApi(http: JsonHttp, limits: Partial<TimeLimits> = {}): OllamaApi {
  const timeLimits = { ...defaultLimits, ...limits };

  /** The client on this module's connections: one deadline, one size limit and one reading of failures for every route. */
  async function viaClient<T extends z.ZodType>(
    schema: T,
    timeoutMs: number,
    signal: AbortSignal,
    call: (client: Ollama) => Promise<unknown>,
  ): Promise<ApiResult<z.output<T>>> {
    const exchange: { result: HttpResult } = { result: { ok: false, failure: { kind: 'aborted' } } };
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
      const path = new URL(input instanceof Request ? input.url : input).pathname;
      exchange.result = await http.request({ method: init?.method === 'POST' ? 'POST' : 'GET', path, body, timeoutMs, signal });
      // Thrown here because the client prints error answers that it cannot parse to the console.
      if (!exchange.result.ok) throw new Error('no usable answer');
      return new Response(exchange.result.body);
    };
    try {
      const value = await call(new Ollama({ host: 'http://127.0.0.1', fetch }));
      return exchange.result.ok ? validate(exchange.result, value, schema) : exchange.result;
    } catch {
      return exchange.result.ok ? garbled(exchange.result.body) : exchange.result;
    }
  }

  async function direct<T extends z.ZodType>(schema: T, request: HttpRequest): Promise<ApiResult<z.output<T>>> {
    return parse(await http.request(request), schema);
  }

  async function post(path: string, call: { body: object; timeoutMs: number; signal?: AbortSignal | undefined }): Promise<ApiResult<Answer>> {
    const result = await direct(answerSchema, { method: 'POST', path, ownConnection: true, ...call });
    // A failure after the headers were sent comes as a 200 whose body says error.
    const error = result.ok ? result.value.error : null;
    return typeof error === 'string' ? { ok: false, failure: { kind: 'status', status: 500, message: error } } : result;
  }

  return {
    async version(signal) {
      const result = await viaClient(versionSchema, timeLimits.version, signal, (client) => client.version());
      return result.ok ? { ...result, value: result.value.version } : result;
    },
    async ps(signal) {
      const result = await direct(psSchema, { method: 'GET', path: '/api/ps', timeoutMs: timeLimits.ps, signal });
      return result.ok ? { ...result, value: result.value.models ?? [] } : result;
    },
    async tags(signal) {
      const result = await viaClient(tagsSchema, timeLimits.tags, signal, (client) => client.list());
      return result.ok ? { ...result, value: result.value.models ?? [] } : result;
    },
    show: (name, signal) => viaClient(showSchema, timeLimits.show, signal, (client) => client.show({ model: name })),
    load({ name, embedding, contextLength, keepAliveMs, timeoutMs = timeLimits.touch, signal }) {
      const keepAlive = keepAliveMs === null ? {} : { keep_alive: Number.isFinite(keepAliveMs) ? keepAliveMs / 1000 : -1 };
      if (embedding) return post('/api/embed', { body: { model: name, ...keepAlive }, timeoutMs, signal });
      const options = contextLength === null ? {} : { options: { num_ctx: contextLength } };
      return post('/api/generate', { body: { model: name, stream: false, ...keepAlive, ...options }, timeoutMs, signal });
    },
    unload(name, signal) {
      return post('/api/generate', { body: { model: name, keep_alive: 0, stream: false }, timeoutMs: timeLimits.unload, signal });
    },
    generate({ name, prompt, maxTokens, contextLength, signal }) {
      const options = { num_predict: maxTokens, ...(contextLength === null ? {} : { num_ctx: contextLength }) };
      return post('/api/generate', { body: { model: name, prompt, stream: false, options }, timeoutMs: Infinity, signal });
    },
  };
}

type Answered = Extract<HttpResult, { ok: true }>;

function parse<T extends z.ZodType>(result: HttpResult, schema: T): ApiResult<z.output<T>> {
  if (!result.ok) return result;
  try {
    return validate(result, JSON.parse(lastLine(result.body)), schema);
  } catch {
    return garbled(result.body);
  }
}

/** The client's types lag behind the servers' answers, and other programs may sit on the port: nothing is believed unseen. */
function validate<T extends z.ZodType>(answered: Answered, value: unknown, schema: T): ApiResult<z.output<T>> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) return { ok: false, failure: { kind: 'garbage', detail: 'JSON of another shape' } };
  const { dateMs, sentAt, receivedAt } = answered;
  return { ok: true, value: parsed.data, dateMs, sentAt, receivedAt };
}

function garbled(body: string): { ok: false; failure: HttpFailure } {
  return { ok: false, failure: { kind: 'garbage', detail: /^\s*</.test(body) ? 'a web page' : 'not JSON' } };
}

/** A stream that was not asked for ends with its outcome on the last line. */
function lastLine(body: string): string {
  const trimmed = body.trim();
  return trimmed.includes('}\n{') ? trimmed.slice(trimmed.lastIndexOf('\n') + 1) : trimmed;
}
