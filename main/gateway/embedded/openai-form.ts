import { randomBytes } from 'node:crypto';
import type { TextDone, TextForm } from './answer-text.ts';

/** Says which engine answers; OpenAI's clients compare it where they compare seeded answers. */
const fingerprint = 'fp_llama_cpp';

export interface OpenAiOptions {
  model: string;
  /** The last event of a stream tells the counts. */
  includeUsage: boolean;
}

/** OpenAI's answers to /v1/chat/completions: events of which the first has the role, the last the reason of the end; or one object. */
export function chatForm({ model, includeUsage }: OpenAiOptions): TextForm {
  const head = heading('chatcmpl', model);
  const event = events({ ...head, object: 'chat.completion.chunk' }, includeUsage);
  const delta = (value: object, finish_reason: string | null): string => event([{ index: 0, delta: value, logprobs: null, finish_reason }]);
  return {
    streamType: 'text/event-stream',
    begin: () => delta({ role: 'assistant', content: '' }, null),
    piece: (text) => delta({ content: text }, null),
    end: (done) => delta({}, done.finish) + ending(event, done, includeUsage),
    failed: () => null,
    whole: (text, done) => {
      const message = { role: 'assistant', content: text, refusal: null };
      return { ...head, object: 'chat.completion', choices: [{ index: 0, message, logprobs: null, finish_reason: done.finish }], usage: usageOf(done) };
    },
  };
}

/** The same for /v1/completions, which knows neither roles nor deltas. */
export function completionForm({ model, includeUsage }: OpenAiOptions): TextForm {
  const head = { ...heading('cmpl', model), object: 'text_completion' };
  const event = events(head, includeUsage);
  const choice = (text: string, finish_reason: string | null): object => ({ index: 0, text, logprobs: null, finish_reason });
  return {
    streamType: 'text/event-stream',
    begin: () => '',
    piece: (text) => event([choice(text, null)]),
    end: (done) => event([choice('', done.finish)]) + ending(event, done, includeUsage),
    failed: () => null,
    whole: (text, done) => ({ ...head, choices: [choice(text, done.finish)], usage: usageOf(done) }),
  };
}

type WriteEvent = (choices: readonly object[], usage?: object | null) => string;

function heading(prefix: string, model: string): { id: string; created: number; model: string; system_fingerprint: string } {
  return { id: `${prefix}-${randomBytes(12).toString('hex')}`, created: Math.floor(Date.now() / 1000), model, system_fingerprint: fingerprint };
}

/** Who asks for usage gets it in each event, as null until the last. */
function events(head: object, includeUsage: boolean): WriteEvent {
  return (choices, usage = null) => `data: ${JSON.stringify({ ...head, choices, ...(includeUsage ? { usage } : {}) })}\n\n`;
}

function ending(event: WriteEvent, done: TextDone, includeUsage: boolean): string {
  return `${includeUsage ? event([], usageOf(done)) : ''}data: [DONE]\n\n`;
}

function usageOf({ promptTokens, completionTokens }: TextDone): object {
  return { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens: promptTokens + completionTokens };
}
