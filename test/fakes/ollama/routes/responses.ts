import type { Handler, Route } from '../context.ts';
import { answer, messageText, readBody, seconds } from './answer.ts';
import { list } from './inference.ts';
import { errorBody, plain } from './openai.ts';

const serial = (): number => Math.floor(Math.random() * 900_000) + 100_000;

/** The Responses dialect, whole answers only. */
const responses: Handler = async (call, context) => {
  const read = readBody(call);
  if (!read.ok) return call.reply.json(400, errorBody({ status: 400, message: read.error }));
  const { body, name } = read;
  const { input } = body;
  const createdAt = seconds(context);
  const prompt = typeof input === 'string' ? input : list(input).map(messageText).join('\n');
  const done = await answer(call, context, { name, prompt, limit: body['max_output_tokens'], verb: 'chat' });
  if (done.kind === 'left' || done.kind === 'broken') return;
  if (done.kind === 'failed') return call.reply.json(done.failure.status, errorBody(done.failure), plain);
  const { promptTokens, tokens } = done.generation;
  call.reply.json(
    200,
    {
      id: `resp_${serial()}`,
      object: 'response',
      created_at: createdAt,
      completed_at: seconds(context),
      status: 'completed',
      incomplete_details: null,
      model: name,
      previous_response_id: null,
      instructions: null,
      output: [
        {
          id: `msg_${serial()}`,
          type: 'message',
          status: 'completed',
          role: 'assistant',
          content: [{ type: 'output_text', text: done.content, annotations: [], logprobs: [] }],
        },
      ],
      error: null,
      tools: [],
      tool_choice: 'auto',
      truncation: 'disabled',
      parallel_tool_calls: true,
      text: { format: { type: 'text' } },
      top_p: 1,
      presence_penalty: 0,
      frequency_penalty: 0,
      top_logprobs: 0,
      temperature: typeof body['temperature'] === 'number' ? body['temperature'] : 1,
      reasoning: null,
      usage: {
        input_tokens: promptTokens,
        output_tokens: tokens,
        total_tokens: promptTokens + tokens,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens_details: { reasoning_tokens: 0 },
      },
      max_output_tokens: body['max_output_tokens'] ?? null,
      max_tool_calls: null,
      store: false,
      background: false,
      service_tier: 'default',
      metadata: {},
      safety_identifier: null,
      prompt_cache_key: null,
    },
    plain,
  );
};

export const responsesRoutes: Route[] = [{ method: 'POST', path: '/v1/responses', handle: responses, since: '0.24' }];
