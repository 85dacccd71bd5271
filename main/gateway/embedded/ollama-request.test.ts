import { describe, expect, it } from 'vitest';
import type { CatalogModel } from '../../providers/provider.ts';
import { readChat, readGenerate } from './ollama-request.ts';

const model = { capabilities: ['completion'] } as CatalogModel;
const embedder = { capabilities: ['embedding'] } as CatalogModel;
const generate = (body: object, of = model) => readGenerate({ model: 'm', prompt: 'p', ...body }, 'm', of);
const chat = (body: object, of = model) => readChat({ model: 'm', messages: [{ role: 'user', content: 'c' }], ...body }, 'm', of);

const work = { maxTokens: null, stop: [], sampling: {}, json: null, stream: true };

/** What a request that is answered asks of the engine. */
function workOf(read: ReturnType<typeof generate>): unknown {
  if (!read.ok) throw new Error(read.message);
  return read.value.kind === 'text' ? read.value.work : read.value.kind;
}
const wrong = (read: ReturnType<typeof generate>): string => (read.ok ? 'fine' : read.message);

describe('/api/generate', () => {
  it.each([
    [{}, { input: { kind: 'prompt', prompt: 'p', template: true } }],
    [{ system: 's', stream: false }, { input: { kind: 'prompt', prompt: 'p', template: true, system: 's' }, stream: false }],
    // A raw prompt is all that the model gets.
    [{ system: 's', raw: true }, { input: { kind: 'prompt', prompt: 'p', template: false } }],
    [{ format: 'json' }, { json: 'any' }],
    [{ format: '' }, { json: null }],
    [{ format: { type: 'object' } }, { json: { type: 'object' } }],
    // As Go reads it: names in any case, null as nothing, unknown fields not at all.
    [{ Prompt: 'q', STREAM: false, template: null, options: null, think: false, images: [], suffix: '', whatever: 1 }, { input: { kind: 'prompt', prompt: 'q', template: true }, stream: false }],
  ])('%j', (body, asked) => {
    expect(workOf(generate(body))).toEqual({ ...work, input: { kind: 'prompt', prompt: 'p', template: true }, ...asked });
  });

  it.each([{ prompt: '' }, { prompt: null }, { prompt: '', system: 's', options: { temperature: 'hot' } }])('without a prompt loads: %j', (body) => {
    expect(workOf(generate(body))).toBe('load');
  });

  it.each([
    [{ images: ['x'] }, '"m" does not support vision'],
    [{ think: 'high' }, '"m" does not support thinking'],
    [{ suffix: 's' }, '"m" does not support insert'],
    [{ logprobs: true }, '"m" does not support logprobs'],
    [{ template: '{{ .Prompt }}' }, expect.stringContaining('"template"')],
    [{ context: [1, 2] }, expect.stringContaining('/api/chat')],
    [{ format: 'xml' }, expect.stringContaining('invalid format "xml"')],
    [{ format: ['json'] }, expect.stringContaining('invalid format ["json"]')],
    [{ stream: 'yes' }, '"stream" must be true or false.'],
    [{ options: [] }, '"options" must be an object.'],
    [{ keep_alive: '-5' }, 'time: missing unit in duration "-5"'],
    [{ keep_alive: '5 minutes' }, 'time: invalid duration "5 minutes"'],
    [{ keep_alive: [] }, "Unsupported type: 'object'"],
  ])('refuses %j', (body, told) => expect(wrong(generate(body))).toEqual(told));

  it('of a model for embeddings is refused, also where it only loads', () => {
    expect(wrong(generate({ prompt: '' }, embedder))).toBe('"m" does not support generate');
    expect(wrong(chat({ messages: [] }, embedder))).toBe('"m" does not support chat');
  });
});

describe('/api/chat', () => {
  it('takes the messages as they are', () => {
    const messages = [{ role: 'System', content: 's' }, { role: 'user', content: 'u', images: [] }, { role: 'assistant', content: null, tool_calls: [] }];
    const asked = [{ role: 'system', content: 's' }, { role: 'user', content: 'u' }, { role: 'assistant', content: '' }];
    expect(workOf(chat({ messages }))).toEqual({ ...work, input: { kind: 'chat', messages: asked } });
  });

  it.each([[{ messages: [] }], [{ messages: null }], [{ messages: undefined }]])('without messages loads: %j', (body) => expect(workOf(chat(body))).toBe('load'));

  it.each([
    [{ tools: [{}] }, '"m" does not support tools'],
    [{ messages: [{ role: 'tool', content: '5' }] }, '"m" does not support tools'],
    [{ messages: [{ role: 'assistant', content: '', tool_calls: [{}] }] }, '"m" does not support tools'],
    [{ messages: [{ role: 'user', content: 'x', images: ['y'] }] }, '"m" does not support vision'],
    [{ messages: [{ role: 'chief', content: 'x' }] }, expect.stringContaining('invalid role "chief"')],
    [{ messages: [{ role: 'user', content: ['x'] }] }, '"messages[0].content" must be a text.'],
    [{ messages: ['x'] }, '"messages[0]" must be a message.'],
  ])('refuses %j', (body, told) => expect(wrong(chat(body))).toEqual(told));
});

describe('options', () => {
  it('become the engine’s, in its measure', () => {
    const options = { temperature: 0.5, top_p: 0.9, top_k: 40.7, min_p: 0.1, seed: -1, repeat_penalty: 1.1, presence_penalty: 0.2, frequency_penalty: 0.3, num_predict: 7.9, stop: ['a', 'b'] };
    expect(workOf(chat({ options }))).toMatchObject({
      maxTokens: 7,
      stop: ['a', 'b'],
      sampling: { temperature: 0.5, topP: 0.9, topK: 40, minP: 0.1, seed: -1, repeatPenalty: 1.1, presencePenalty: 0.2, frequencyPenalty: 0.3 },
    });
  });

  it.each([-1, -2, null])('num_predict %j is no limit', (limit) => expect(workOf(chat({ options: { num_predict: limit } }))).toMatchObject({ maxTokens: null }));

  it('that say how the model lies in memory, or nothing, are left to the settings', () => {
    const options = { num_ctx: 9, num_gpu: 1, num_thread: 3, mirostat: 2, made_up: {}, typical_p: 1, repeat_last_n: 12, temperature: null };
    expect(workOf(chat({ options }))).toMatchObject({ sampling: {} });
  });

  it('switch penalties off together by a window of none', () => {
    expect(workOf(chat({ options: { repeat_penalty: 1.5, temperature: 1, repeat_last_n: 0 } }))).toMatchObject({ sampling: { temperature: 1 } });
    expect(workOf(chat({ options: { repeat_penalty: 1.5, repeat_last_n: 64 } }))).toMatchObject({ sampling: { repeatPenalty: 1.5 } });
  });

  it.each([
    [{ temperature: '1' }, 'option "temperature" must be of type float32'],
    [{ seed: true }, 'option "seed" must be of type integer'],
    [{ num_predict: '5' }, 'option "num_predict" must be of type integer'],
    [{ temperature: Infinity }, 'option "temperature" must be of type float32'],
    [{ stop: 'x' }, 'option "stop" must be of type array'],
    [{ stop: [1] }, 'option "stop" must be of an array of strings'],
    [{ typical_p: 0.5 }, expect.stringContaining('"typical_p"')],
    [{ repeat_penalty: 1.1, repeat_last_n: 128 }, expect.stringContaining('"repeat_last_n"')],
  ])('%j is refused', (options, told) => expect(wrong(generate({ options }))).toEqual(told));
});
