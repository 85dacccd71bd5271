import type { Call, Context, Handler, Route } from '../context.ts';
import { goJson } from '../go-json.ts';
import type { Installed } from '../models.ts';
import { lazily } from '../reply.ts';
import { notFound } from '../texts.ts';
import { answer, event, failureType, messageText, readBody, seconds, type Failure } from './answer.ts';
import { embedTexts, readInputs } from './embed.ts';
import { findModel, list, record, text } from './inference.ts';
import { shownName } from './show.ts';

/** What the dialect's own writer sends: no charset, a newline at the end. */
export const plain = { type: 'application/json', newline: true };

export const errorBody = ({ status, message }: Failure): Record<string, unknown> => ({
  error: { message, type: failureType(status), param: null, code: null },
});

/** Failures found while reading the body bypass that writer. */
const reject = (call: Call, message: string): void => call.reply.json(400, errorBody({ status: 400, message }));
const fail = (call: Call, failure: Failure): void => call.reply.json(failure.status, errorBody(failure), plain);

const serial = (): number => Math.floor(Math.random() * 900) + 100;

const entry = (model: Installed): Record<string, unknown> => ({
  id: model.label,
  object: 'model',
  created: Math.floor(Date.parse(model.modifiedAt) / 1000),
  owned_by: model.name.namespace,
});

const models: Handler = (call, context) => {
  const data = context.library.list().map(entry);
  call.reply.json(200, { object: 'list', data }, plain);
};

const oneModel: Handler = (call, context) => {
  const found = findModel(context, call.rest);
  if (!found.ok) return fail(call, { status: 404, message: notFound(shownName(context.version === '0.33', call.rest)) });
  const { model } = found;
  call.reply.json(200, { ...entry(model), id: call.rest }, plain);
};

/** The two completion routes differ in where the text sits. */
interface Form {
  prefix: string;
  object: string;
  chunkObject: string;
  verb: 'generate' | 'chat';
  whole(content: string, reason: string): Record<string, unknown>;
  piece(context: Context, content: string, index: number): Record<string, unknown>;
  final(context: Context, reason: string): Record<string, unknown>;
  /** Order of the fields around the choices in a streamed line. */
  chunk(head: Record<string, unknown>, model: string, choices: unknown[]): Record<string, unknown>;
}

const chatForm: Form = {
  prefix: 'chatcmpl',
  object: 'chat.completion',
  chunkObject: 'chat.completion.chunk',
  verb: 'chat',
  whole: (content, reason) => ({ index: 0, message: { role: 'assistant', content }, finish_reason: reason }),
  // Newer servers name the role once, older ones in every piece.
  piece: ({ version }, content, index) => ({
    index: 0,
    delta: version === '0.33' && index > 0 ? { content } : { role: 'assistant', content },
    finish_reason: null,
  }),
  final: ({ version }, reason) => ({ index: 0, delta: version === '0.33' ? {} : { role: 'assistant', content: '' }, finish_reason: reason }),
  chunk: (head, model, choices) => ({ ...head, model, system_fingerprint: 'fp_ollama', choices }),
};

const textForm: Form = {
  prefix: 'cmpl',
  object: 'text_completion',
  chunkObject: 'text_completion',
  verb: 'generate',
  whole: (content, reason) => ({ text: content, index: 0, finish_reason: reason }),
  piece: (_context, content) => ({ text: content, index: 0, finish_reason: null }),
  final: (_context, reason) => ({ text: '', index: 0, finish_reason: reason }),
  chunk: (head, model, choices) => ({ ...head, choices, model, system_fingerprint: 'fp_ollama' }),
};

async function complete(call: Call, context: Context, form: Form, body: Record<string, unknown>, prompt: string): Promise<void> {
  const name = text(body['model']);
  const head = { id: `${form.prefix}-${serial()}` };
  const streaming = body['stream'] === true;
  const line = (choices: unknown[], more: Record<string, unknown> = {}, model = name): string =>
    event(goJson({ ...form.chunk({ ...head, object: form.chunkObject, created: seconds(context) }, model, choices), ...more }));
  let index = 0;
  const open = lazily(() => call.reply.stream('text/event-stream'));
  const done = await answer(call, context, {
    name,
    prompt,
    limit: body['max_tokens'] ?? body['max_completion_tokens'],
    verb: form.verb,
    onToken: (token) => {
      if (streaming) open().write(line([form.piece(context, token, index++)]));
    },
  });
  if (done.kind === 'left') return;
  if (done.kind === 'failed') return fail(call, done.failure);
  const out = streaming ? open() : null;
  if (done.kind === 'broken') {
    // A runner that dies in mid-answer leaves an empty piece without a model, and no terminator.
    out?.write(line([form.piece(context, '', index)], {}, ''));
    return out?.end();
  }
  const { generation } = done;
  const usage = {
    prompt_tokens: generation.promptTokens,
    completion_tokens: generation.tokens,
    total_tokens: generation.promptTokens + generation.tokens,
  };
  if (out === null) {
    const choices = [form.whole(done.content, generation.reason)];
    const whole = { ...head, object: form.object, created: seconds(context), model: name, system_fingerprint: 'fp_ollama', choices, usage };
    return call.reply.json(200, whole, plain);
  }
  const withUsage = record(body['stream_options'])['include_usage'] === true;
  // The end, the usage and the terminator leave the server in one piece.
  out.write(`${line([form.final(context, generation.reason)])}${withUsage ? line([], { usage }) : ''}data: [DONE]\n\n`);
  out.end();
}

const chatCompletions: Handler = async (call, context) => {
  const read = readBody(call);
  if (!read.ok) return reject(call, read.error);
  const messages = list(read.body['messages']);
  if (messages.length === 0) return reject(call, "[] is too short - 'messages'");
  await complete(call, context, chatForm, read.body, messages.map(messageText).join('\n'));
};

const completions: Handler = async (call, context) => {
  const read = readBody(call);
  if (!read.ok) return reject(call, read.error);
  await complete(call, context, textForm, read.body, text(read.body['prompt']));
};

const embeddings: Handler = async (call, context) => {
  const read = readBody(call);
  if (!read.ok) return reject(call, read.error);
  const inputs = readInputs(read.body['input']);
  if (!inputs.ok || inputs.inputs.length === 0) return reject(call, 'invalid input');
  const found = findModel(context, read.name);
  if (!found.ok) return fail(call, { status: 404, message: `model ${JSON.stringify(read.name)} not found, try pulling it first` });
  const done = await embedTexts(call, context, { model: found.model, keepAlive: undefined, options: {}, inputs: inputs.inputs });
  if (!done.ok) return fail(call, { status: done.status, message: done.error });
  const data = done.vectors.map((embedding, index) => ({ object: 'embedding', embedding, index }));
  call.reply.json(200, { object: 'list', data, model: read.name, usage: { prompt_tokens: done.tokens, total_tokens: done.tokens } }, plain);
};

export const openaiRoutes: Route[] = [
  { method: 'GET', path: '/v1/models', handle: models },
  { method: 'GET', path: '/v1/models/', handle: oneModel },
  { method: 'POST', path: '/v1/chat/completions', handle: chatCompletions },
  { method: 'POST', path: '/v1/completions', handle: completions },
  { method: 'POST', path: '/v1/embeddings', handle: embeddings },
];
