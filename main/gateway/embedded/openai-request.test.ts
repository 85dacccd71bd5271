import { describe, expect, it } from 'vitest';
import { readChatCompletion, readCompletion } from './openai-request.ts';

const messages = [{ role: 'user', content: 'c' }];
const chat = (body: object) => readChatCompletion({ model: 'm', messages, ...body });
const completion = (body: object) => readCompletion({ model: 'm', prompt: 'p', ...body });
const work = { input: { kind: 'chat', messages }, maxTokens: null, stop: [], sampling: {}, json: null, stream: false };

function valueOf(read: ReturnType<typeof chat>) {
  if (!read.ok) throw new Error(read.message);
  return read.value;
}

describe('/v1/chat/completions', () => {
  it.each([
    [{}, {}],
    [{ stream: true, max_tokens: 5 }, { stream: true, maxTokens: 5 }],
    [{ max_tokens: 5, max_completion_tokens: 7 }, { maxTokens: 7 }],
    [{ max_tokens: -1 }, { maxTokens: null }],
    [{ stop: 'a' }, { stop: ['a'] }],
    [{ stop: ['a', 'b'] }, { stop: ['a', 'b'] }],
    [{ temperature: 0, top_p: 0.5, seed: 3, frequency_penalty: -1, presence_penalty: 2 }, { sampling: { temperature: 0, topP: 0.5, seed: 3, frequencyPenalty: -1, presencePenalty: 2 } }],
    [{ response_format: { type: 'text' } }, {}],
    [{ response_format: { type: 'json_object' } }, { json: 'any' }],
    [{ response_format: { type: 'json_schema', json_schema: { name: 'x', strict: true, schema: { type: 'object' } } } }, { json: { type: 'object' } }],
    // What changes nothing is not in the way, and null is nothing.
    [{ user: 'u', store: true, metadata: {}, service_tier: 'auto', parallel_tool_calls: true, made_up: 1 }, {}],
    [{ n: 1, logprobs: false, top_logprobs: 0, logit_bias: {}, tools: [], tool_choice: 'none', functions: [], function_call: 'none', modalities: ['text'], reasoning_effort: 'none' }, {}],
    [{ n: null, tools: null, stop: null, temperature: null, max_tokens: null, response_format: null, stream: null, audio: null, stream_options: null }, {}],
  ])('%j', (body, asked) => expect(valueOf(chat(body))).toEqual({ work: { ...work, ...asked }, includeUsage: false }));

  it('tells the counts where they are asked for', () => expect(valueOf(chat({ stream: true, stream_options: { include_usage: true } })).includeUsage).toBe(true));

  it('takes messages of every role that is text, in parts too', () => {
    const said = [
      { role: 'developer', content: 'd', name: 'n' },
      { role: 'system', content: [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }] },
      { role: 'assistant', content: null, tool_calls: [], function_call: null },
      { role: 'assistant', content: [{ type: 'refusal', refusal: 'no' }] },
      { role: 'user', content: '' },
    ];
    const taken = [['system', 'd'], ['system', 'a\nb'], ['assistant', ''], ['assistant', 'no'], ['user', '']].map(([role, content]) => ({ role, content }));
    expect(valueOf(chat({ messages: said })).work.input).toEqual({ kind: 'chat', messages: taken });
  });

  it.each([
    [{ n: 2 }, 'n'],
    [{ logprobs: true }, 'logprobs'],
    [{ top_logprobs: 3 }, 'top_logprobs'],
    [{ logit_bias: { 5: 1 } }, 'logit_bias'],
    [{ tools: [{ type: 'function' }] }, 'tools'],
    [{ tool_choice: 'auto' }, 'tool_choice'],
    [{ Tools: [{}] }, 'tools'],
    [{ functions: [{}] }, 'functions'],
    [{ modalities: ['text', 'audio'] }, 'modalities'],
    [{ audio: { voice: 'x' } }, 'audio'],
    [{ reasoning_effort: 'high' }, 'reasoning_effort'],
    [{ response_format: { type: 'grammar' } }, 'response_format.type'],
    [{ messages: [{ role: 'tool', content: 'x', tool_call_id: '1' }] }, 'messages[0].role'],
    [{ messages: [...messages, { role: 'assistant', tool_calls: [{}] }] }, 'messages[1].tool_calls'],
    [{ messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }, { type: 'image_url', image_url: {} }] }] }, 'messages[0].content[1].type'],
    [{ messages: [{ role: 'user', content: [{ type: 'input_audio' }] }] }, 'messages[0].content[0].type'],
  ])('refuses what it does not support: %j', (body, param) => expect(chat(body)).toMatchObject({ ok: false, param, code: 'unsupported_parameter' }));

  it.each([
    [{ messages: [] }, 'messages'],
    [{ messages: undefined }, 'messages'],
    [{ messages: [{ content: 'x' }] }, 'messages[0].role'],
    [{ messages: [{ role: 'king', content: 'x' }] }, 'messages[0].role'],
    [{ messages: [{ role: 'user' }] }, 'messages[0].content'],
    [{ messages: [{ role: 'user', content: [] }] }, 'messages[0].content'],
    [{ messages: [{ role: 'user', content: ['x'] }] }, 'messages[0].content[0]'],
    [{ messages: [{ role: 'user', content: [{ type: 'text', text: 5 }] }] }, 'messages[0].content[0].text'],
    [{ temperature: 2.5 }, 'temperature'],
    [{ temperature: '1' }, 'temperature'],
    [{ top_p: -0.1 }, 'top_p'],
    [{ max_tokens: 1.5 }, 'max_tokens'],
    [{ seed: 'x' }, 'seed'],
    [{ stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop'],
    [{ stop: 5 }, 'stop'],
    [{ stream: 'true' }, 'stream'],
    [{ stream_options: { include_usage: 1 } }, 'stream_options.include_usage'],
    [{ response_format: 'json' }, 'response_format'],
    [{ response_format: { type: 'json_schema' } }, 'response_format.json_schema'],
    [{ response_format: { type: 'json_schema', json_schema: { name: 'x' } } }, 'response_format.json_schema.schema'],
  ])('refuses what is wrong: %j', (body, param) => {
    const read = chat(body);
    expect(read).toMatchObject({ ok: false, param, code: 'invalid_value' });
    expect(read.ok ? '' : read.message).toMatch(/^"[^"]+" must .*\.$/);
  });
});

describe('/v1/completions', () => {
  it.each([
    [{}, 'p'],
    [{ prompt: ['q'], suffix: '', echo: false, best_of: 1 }, 'q'],
  ])('continues the text as it is: %j', (body, prompt) => {
    expect(valueOf(completion(body)).work).toEqual({ ...work, input: { kind: 'prompt', prompt, template: false } });
  });

  it.each([
    [{ prompt: ['a', 'b'] }, 'prompt'],
    [{ prompt: [1, 2] }, 'prompt'],
    [{ prompt: [[1, 2]] }, 'prompt'],
    [{ prompt: undefined }, 'prompt'],
    [{ prompt: [] }, 'prompt'],
    [{ suffix: 's' }, 'suffix'],
    [{ echo: true }, 'echo'],
    [{ best_of: 3 }, 'best_of'],
    [{ logprobs: 0 }, 'logprobs'],
  ])('refuses %j', (body, param) => expect(completion(body)).toMatchObject({ ok: false, param }));
});
