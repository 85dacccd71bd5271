import type { Call, Context } from '../context.ts';
import type { Generation } from '../engine.ts';
import { parseGoJson } from '../go-json.ts';
import { notFound, runnerDied } from '../texts.ts';
import { findModel, list, record, start, text } from './inference.ts';

export interface Failure {
  status: number;
  message: string;
}

/** How the compatibility routes name a failure: the same three kinds in each dialect. */
export function failureType(status: number): string {
  if (status === 404) return 'not_found_error';
  return status === 400 ? 'invalid_request_error' : 'api_error';
}

export type Body = { ok: true; body: Record<string, unknown>; name: string } | { ok: false; error: string };

/** The body of a compatibility route. keep_alive is not among its fields: it is dropped unread. */
export function readBody(call: Call): Body {
  const parsed = parseGoJson(call.body, 'Request');
  return parsed.ok ? { ok: true, body: parsed.value, name: text(parsed.value['model']) } : parsed;
}

export type Answer =
  | { kind: 'done'; content: string; generation: Generation }
  | { kind: 'failed'; failure: Failure }
  /** The runner died when part of the answer had been sent. */
  | { kind: 'broken' }
  | { kind: 'left' };

/** Text of a message, which may come in parts. */
export function messageText(message: unknown): string {
  const { content } = record(message);
  return typeof content === 'string' ? content : list(content).map((part) => text(record(part)['text'])).join('');
}

/** Runs one completion for a compatibility route. */
export async function answer(
  call: Call,
  context: Context,
  request: { name: string; prompt: string; limit: unknown; verb: 'generate' | 'chat'; onToken?: (token: string) => void },
): Promise<Answer> {
  const failed = (status: number, message: string): Answer => ({ kind: 'failed', failure: { status, message } });
  const found = findModel(context, request.name);
  if (!found.ok) return found.why === 'invalid' ? failed(400, 'invalid model name') : failed(404, notFound(request.name));
  const { model } = found;
  if (!model.capabilities.includes('completion')) return failed(400, `${JSON.stringify(request.name)} does not support ${request.verb}`);
  const started = await start(call, context, { model, keepAlive: undefined, options: {} });
  if (!started.ok) return failed(started.status, started.error);
  let content = '';
  const end = await context.engine.generate(started.use.runner, {
    prompt: request.prompt,
    limit: typeof request.limit === 'number' ? request.limit : undefined,
    signal: call.signal,
    onToken: (token) => {
      content += token;
      request.onToken?.(token);
    },
  });
  if (end.kind === 'left') return { kind: 'left' };
  if (end.kind === 'crashed') {
    return call.reply.started() ? { kind: 'broken' } : failed(500, runnerDied(context.version, end.begun));
  }
  return { kind: 'done', content, generation: end.generation };
}

/** Seconds since the epoch, as these dialects count. */
export const seconds = (context: Context): number => Number(context.clock.now() / 1_000_000_000n);

/** `data:` lines of server-sent events, each with the blank line that ends it. */
export const event = (json: string, name?: string): string => `${name === undefined ? '' : `event: ${name}\n`}data: ${json}\n\n`;
