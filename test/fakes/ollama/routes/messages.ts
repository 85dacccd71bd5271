import { randomBytes } from 'node:crypto';
import type { Handler, Route } from '../context.ts';
import { countTokens } from '../engine.ts';
import { goJson } from '../go-json.ts';
import type { Stream } from '../reply.ts';
import { answer, event, failureType, messageText, readBody, type Failure } from './answer.ts';
import { list } from './inference.ts';
import { plain } from './openai.ts';

const id = (prefix: string): string => `${prefix}_${randomBytes(12).toString('hex')}`;

const errorBody = ({ status, message }: Failure): Record<string, unknown> => ({
  type: 'error',
  error: { type: status === 503 ? 'overloaded_error' : failureType(status), message },
  request_id: id('req'),
});

/** Anthropic's dialect: one object, or typed events. */
const messages: Handler = async (call, context) => {
  const read = readBody(call);
  if (!read.ok) return call.reply.json(400, errorBody({ status: 400, message: read.error }));
  const { body, name } = read;
  const prompt = list(body['messages']).map(messageText).join('\n');
  const head = { id: id('msg'), type: 'message', role: 'assistant', model: name };
  const streaming = body['stream'] === true;
  const out: { stream: Stream | null } = { stream: null };
  const tell = (type: string, fields: Record<string, unknown>): void => out.stream?.write(event(goJson({ type, ...fields }), type));

  const open = (): void => {
    if (!streaming || out.stream !== null) return;
    out.stream = call.reply.stream('text/event-stream', { 'Cache-Control': 'no-cache' });
    tell('message_start', { message: { ...head, content: [], usage: { input_tokens: countTokens(prompt), output_tokens: 0 } } });
    tell('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
  };
  const done = await answer(call, context, {
    name,
    prompt,
    limit: body['max_tokens'],
    verb: 'chat',
    onToken: (token) => {
      open();
      tell('content_block_delta', { index: 0, delta: { type: 'text_delta', text: token } });
    },
  });
  if (done.kind === 'left') return;
  if (done.kind === 'failed') return call.reply.json(done.failure.status, errorBody(done.failure), plain);
  // A runner that dies in mid-answer shows in nothing but the missing end.
  if (done.kind === 'broken') return out.stream?.end();
  const { generation, content } = done;
  const reason = generation.reason === 'length' ? 'max_tokens' : 'end_turn';
  const usage = { input_tokens: generation.promptTokens, output_tokens: generation.tokens };
  if (!streaming) return call.reply.json(200, { ...head, content: [{ type: 'text', text: content }], stop_reason: reason, usage }, plain);
  open();
  tell('content_block_stop', { index: 0 });
  tell('message_delta', { delta: { stop_reason: reason }, usage });
  tell('message_stop', {});
  out.stream?.end();
};

export const messagesRoutes: Route[] = [{ method: 'POST', path: '/v1/messages', handle: messages, since: '0.24' }];
