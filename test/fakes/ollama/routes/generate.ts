import type { Call, Context, Handler, Route } from '../context.ts';
import type { Generation } from '../engine.ts';
import { goJson } from '../go-json.ts';
import type { Installed } from '../models.ts';
import { lazily, ndjson } from '../reply.ts';
import { notFound, runnerDied } from '../texts.ts';
import { bind, createdAt, findModel, limitOf, list, noVision, record, start, text } from './inference.ts';

/** What tells /api/generate and /api/chat apart. */
interface Dialect {
  /** Word in "does not support …". */
  verb: 'generate' | 'chat';
  /** Go's name of the request, which shows in errors about its fields. */
  request: string;
  /** Nothing to answer: the call only loads, or unloads where its keep_alive is 0. */
  isEmpty(body: Record<string, unknown>): boolean;
  prompt(body: Record<string, unknown>): string;
  images(body: Record<string, unknown>): unknown[];
  /** The fields that carry text. */
  content(text: string): Record<string, unknown>;
  /** Fields of the last line that the other dialect does not have. */
  last(generation: Generation): Record<string, unknown>;
  missing(name: string): { status: number; error: string };
}

const generate: Dialect = {
  verb: 'generate',
  request: 'GenerateRequest',
  isEmpty: (body) => text(body['prompt']) === '',
  prompt: (body) => text(body['prompt']),
  images: (body) => list(body['images']),
  content: (content) => ({ response: content }),
  last: ({ tokens, promptTokens }) => ({ context: Array.from({ length: promptTokens + tokens }, (_, index) => (index * 37) % 49152) }),
  missing: (name) => ({ status: 404, error: notFound(name) }),
};

const chat: Dialect = {
  verb: 'chat',
  request: 'ChatRequest',
  isEmpty: (body) => list(body['messages']).length === 0,
  prompt: (body) => list(body['messages']).map((message) => text(record(message)['content'])).join('\n'),
  images: (body) => list(body['messages']).flatMap((message) => list(record(message)['images'])),
  content: (content) => ({ message: { role: 'assistant', content } }),
  last: () => ({}),
  missing: (name) => (name === '' ? { status: 400, error: 'model is required' } : { status: 404, error: notFound(name) }),
};

/** Refusals that come before a runner is asked for. */
function refuse(dialect: Dialect, name: string, model: Installed, body: Record<string, unknown>): string | null {
  if (list(body['tools']).length > 0 && !model.capabilities.includes('tools')) {
    return `registry.ollama.ai/library/${model.label} does not support tools`;
  }
  const think = body['think'];
  if (think !== undefined && think !== null && think !== false && !model.capabilities.includes('thinking')) {
    return `${JSON.stringify(name)} does not support thinking`;
  }
  return model.capabilities.includes('completion') ? null : `${JSON.stringify(name)} does not support ${dialect.verb}`;
}

function handler(dialect: Dialect): Handler {
  return async (call: Call, context: Context) => {
    const { reply } = call;
    const bound = bind(call, dialect.request);
    if (!bound.ok) return reply.error(400, bound.error);
    const { body, keepAlive } = bound;
    const name = text(body['model']);
    const found = findModel(context, name);
    if (!found.ok) {
      if (found.why === 'invalid') return reply.error(400, 'invalid model name');
      const { status, error } = dialect.missing(name);
      return reply.error(status, error);
    }
    const { model } = found;
    const single = (reason: 'load' | 'unload'): void =>
      reply.json(200, { model: name, created_at: createdAt(context), ...dialect.content(''), done: true, done_reason: reason });

    // Before any look at capabilities, so that this also unloads models that cannot generate.
    if (dialect.isEmpty(body) && keepAlive === 0n) {
      context.scheduler.expire(model.blobDigest);
      return single('unload');
    }
    const refusal = refuse(dialect, name, model, body);
    if (refusal !== null) return reply.error(400, refusal);

    const began = process.hrtime.bigint();
    const started = await start(call, context, { model, keepAlive, options: body['options'] });
    if (!started.ok) return reply.error(started.status, started.error);
    if (dialect.isEmpty(body)) return single('load');
    if (context.version === '0.33' && dialect.images(body).length > 0 && !model.capabilities.includes('vision')) return reply.error(400, noVision);

    const line = (content: string, rest: Record<string, unknown>): Record<string, unknown> => ({
      model: name,
      created_at: createdAt(context),
      ...dialect.content(content),
      ...rest,
    });
    // Headers go out with the first token: what fails before it still has a status of its own.
    const streaming = body['stream'] !== false;
    const open = lazily(() => reply.stream(ndjson));
    const whole: string[] = [];
    const end = await context.engine.generate(started.use.runner, {
      prompt: dialect.prompt(body),
      limit: limitOf(body['options']),
      signal: call.signal,
      onToken: (token) => {
        whole.push(token);
        if (streaming) open().write(`${goJson(line(token, { done: false }))}\n`);
      },
    });
    if (end.kind === 'left') return;
    if (end.kind === 'crashed') {
      const error = runnerDied(context.version, end.begun);
      if (!streaming || !end.begun) return reply.error(500, error);
      open().write(`${goJson({ error })}\n`);
      return open().end();
    }
    const { generation } = end;
    const last = line(streaming ? '' : whole.join(''), {
      done: true,
      done_reason: generation.reason,
      ...dialect.last(generation),
      total_duration: Number(process.hrtime.bigint() - began),
      load_duration: started.loadNs,
      prompt_eval_count: generation.promptTokens,
      prompt_eval_duration: generation.promptNs,
      eval_count: generation.tokens,
      eval_duration: generation.evalNs,
    });
    if (!streaming) return reply.json(200, last);
    open().write(`${goJson(last)}\n`);
    open().end();
  };
}

export const generateRoutes: Route[] = [
  { method: 'POST', path: '/api/generate', handle: handler(generate) },
  { method: 'POST', path: '/api/chat', handle: handler(chat) },
];
