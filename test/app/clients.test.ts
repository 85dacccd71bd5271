import path from 'node:path';
import { Ollama } from 'ollama';
import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { writeRandom } from '../llama/helpers.ts';
import { startApp, type App } from './airdock.ts';
import { newPlace, type Test } from './place.ts';
import { until } from './until.ts';

/*
 * The official clients, as people install them, against the whole app and models of its own llama.cpp. One app for all: each
 * test finds a model in memory or has it loaded, as clients do.
 */
const text = 'sample-small';
const vectors = 'meaning';
const spare = 'spare';
const cleanUp: (() => void | Promise<void>)[] = [];
let app: App;
let openai: OpenAI;
let ollama: Ollama;

beforeAll(async () => {
  const test: Test = { onTestFinished: (end) => void cleanUp.push(end) };
  const place = await newPlace(test, { samples: inject('sampleFiles').filter((file) => path.basename(file) === `${text}.gguf`) });
  await place.configure({ models: { directories: [place.root], max_concurrent_loaded: 4 } });
  await writeRandom(place.root, vectors, { 'llama.pooling_type': { type: 'uint32', value: 1 } });
  await writeRandom(place.root, spare);
  app = await startApp(test, place);
  // Without retries: a refusal that only passes at the second try would not be seen.
  openai = new OpenAI({ baseURL: `${app.url}/v1`, apiKey: 'none', maxRetries: 0 });
  ollama = new Ollama({ host: app.url });
});

afterAll(async () => {
  for (const end of cleanUp.reverse()) await end();
});

const hello = [{ role: 'user' as const, content: 'Say hello.' }];
const greedy = { model: text, messages: hello, temperature: 0, max_tokens: 12 };

async function isFree(): Promise<void> {
  await until(app.loaded, (models) => models.every(({ inUse }) => !inUse));
}

/** How a client's call failed: status and what the server said. */
async function failure(call: Promise<unknown>): Promise<{ status: number | undefined; message: string; param?: unknown; type?: unknown }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof OpenAI.APIError) return { status: error.status as number | undefined, message: error.message, param: error.param, type: error.type };
    if (error instanceof Error && error.name === 'ResponseError') return { status: (error as Error & { status_code: number }).status_code, message: error.message };
    throw error;
  }
  throw new Error('it succeeded');
}

describe('the client of OpenAI', () => {
  it('finds the models', async () => {
    const ids = [];
    for await (const { id, object } of openai.models.list()) ids.push([id, object]);
    expect(ids.sort()).toEqual([vectors, text, spare].map((id) => [id, 'model']));
    expect(await openai.models.retrieve(text)).toMatchObject({ id: text, object: 'model' });
    expect(await failure(openai.models.retrieve('nope'))).toMatchObject({ status: 404 });
  });

  it('gets an answer as a whole, and the same one in pieces, from a model that is loaded for it', async () => {
    const before = Math.floor(Date.now() / 1000);
    const whole = await openai.chat.completions.create({ ...greedy, user: 'somebody', store: false, metadata: { a: 'b' } });
    expect(whole).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-\w{10,}$/) as string,
      object: 'chat.completion',
      model: text,
      system_fingerprint: expect.any(String) as string,
      choices: [{ index: 0, finish_reason: 'length', message: { role: 'assistant' } }],
    });
    expect(whole.created).toBeGreaterThanOrEqual(before);
    expect(whole.created).toBeLessThanOrEqual(Date.now() / 1000);
    const { usage } = whole;
    expect(usage).toMatchObject({ completion_tokens: 12, total_tokens: (usage?.prompt_tokens ?? 0) + 12 });
    expect(usage?.prompt_tokens).toBeGreaterThan(3);

    const chunks = [];
    for await (const chunk of await openai.chat.completions.create({ ...greedy, stream: true, stream_options: { include_usage: true } })) chunks.push(chunk);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(chunks[0]?.choices).toMatchObject([{ delta: { role: 'assistant', content: '' }, finish_reason: null }]);
    const pieces = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').filter((piece) => piece !== '');
    expect(pieces.length).toBeGreaterThan(6);
    expect(pieces.join('')).toBe(whole.choices[0]?.message.content);
    expect(chunks.at(-2)?.choices).toMatchObject([{ delta: {}, finish_reason: 'length' }]);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage });
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
  });

  it('gets no usage in a stream that it did not ask for', async () => {
    const chunks = [];
    for await (const chunk of await openai.chat.completions.create({ ...greedy, max_tokens: 2, stream: true })) chunks.push(chunk);
    expect(chunks.every((chunk) => chunk.choices.length === 1 && !('usage' in chunk))).toBe(true);
  });

  it('sees the answer end at a stop sequence, and gets the same one for the same seed', async () => {
    const drawn = { ...greedy, temperature: 1.5, top_p: 0.99, seed: 11, max_tokens: 24 };
    const ask = async (more: object = {}): Promise<OpenAI.ChatCompletion.Choice> => (await openai.chat.completions.create({ ...drawn, ...more })).choices[0]!;
    const { message } = await ask();
    const said = message.content ?? '';
    expect((await ask()).message.content).toBe(said);
    expect((await ask({ seed: 12 })).message.content).not.toBe(said);
    const stop = said.slice(9, 13);
    const cut = { finish_reason: 'stop', message: { content: said.slice(0, said.indexOf(stop)) } };
    expect(await ask({ stop })).toMatchObject(cut);
    expect(await ask({ stop: ['never this', stop] })).toMatchObject(cut);
    expect(await ask({ max_tokens: undefined, max_completion_tokens: 3 })).toMatchObject({ finish_reason: 'length' });
  });

  it('parses an answer in the form that a schema demands', async () => {
    const Weather = z.object({ place: z.enum(['Bonn', 'Kiel']), rain: z.boolean(), days: z.array(z.enum(['Mon', 'Tue'])).min(1).max(3) });
    const parsed = await openai.chat.completions.parse({ model: text, messages: hello, seed: 3, max_tokens: 200, response_format: zodResponseFormat(Weather, 'weather') });
    expect(Weather.parse(parsed.choices[0]?.message.parsed)).toEqual(parsed.choices[0]?.message.parsed);
    expect(parsed.choices[0]?.finish_reason).toBe('stop');
    const unfollowable = { type: 'json_schema' as const, json_schema: { name: 'x', schema: { type: 'string', pattern: '^a' } } };
    expect(await failure(openai.chat.completions.create({ ...greedy, response_format: unfollowable }))).toMatchObject({ status: 400, message: expect.stringContaining('"pattern"') as string });
  });

  it('follows a stream with its own helper', async () => {
    const stream = openai.chat.completions.stream(greedy);
    const heard: string[] = [];
    stream.on('content', (delta) => void heard.push(delta));
    const final = await stream.finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe(heard.join(''));
    expect(final.choices[0]?.finish_reason).toBe('length');
  });

  it('has a text continued', async () => {
    const asked = { model: text, prompt: 'Once upon', temperature: 0, max_tokens: 8 };
    const whole = await openai.completions.create(asked);
    expect(whole).toMatchObject({ id: expect.stringMatching(/^cmpl-/) as string, object: 'text_completion', choices: [{ index: 0, finish_reason: 'length' }], usage: { completion_tokens: 8 } });
    let streamed = '';
    for await (const { choices } of await openai.completions.create({ ...asked, stream: true })) streamed += choices[0]?.text ?? '';
    expect(streamed).toBe(whole.choices[0]?.text);
  });

  it('gets embeddings, in either encoding', async () => {
    const packed = await openai.embeddings.create({ model: vectors, input: ['ba de', 'fi go'] });
    expect(packed).toMatchObject({ object: 'list', model: vectors, data: [{ index: 0, object: 'embedding' }, { index: 1 }] });
    expect(packed.usage.prompt_tokens).toBeGreaterThan(4);
    const plain = await openai.embeddings.create({ model: vectors, input: 'ba de', encoding_format: 'float', dimensions: 256 });
    const [one, same] = [plain.data[0]?.embedding ?? [], packed.data[0]?.embedding ?? []];
    expect(one).toHaveLength(256);
    expect(one.every((each, at) => Math.abs(each - (same[at] ?? NaN)) < 1e-6)).toBe(true);
    expect(await failure(openai.embeddings.create({ model: vectors, input: 'ba', dimensions: 64 }))).toMatchObject({ status: 400, param: 'dimensions' });
    expect(await failure(openai.embeddings.create({ model: vectors, input: [1, 2] }))).toMatchObject({ status: 400, param: 'input' });
    expect(await failure(openai.embeddings.create({ model: text, input: 'ba' }))).toMatchObject({ status: 400, param: 'model' });
  });

  it('is told what is not supported, as its own error', async () => {
    const tool = { type: 'function' as const, function: { name: 'f', parameters: {} } };
    const image = [{ role: 'user' as const, content: [{ type: 'image_url' as const, image_url: { url: 'data:,' } }] }];
    expect(await failure(openai.chat.completions.create({ ...greedy, tools: [tool] }))).toMatchObject({ status: 400, type: 'invalid_request_error', param: 'tools' });
    expect(await failure(openai.chat.completions.create({ ...greedy, messages: image }))).toMatchObject({ status: 400, param: 'messages[0].content[0].type' });
    expect(await failure(openai.responses.create({ model: text, input: 'hi' }))).toMatchObject({ status: 400, message: expect.stringContaining('/v1/chat/completions') as string });
    expect(await failure(openai.chat.completions.create({ ...greedy, model: 'nope' }))).toMatchObject({ status: 404, type: 'not_found_error' });
    expect(await failure(openai.chat.completions.create({ ...greedy, model: vectors }))).toMatchObject({ status: 400, param: 'model' });
  });

  it('leaves in the middle, and the model is free', async () => {
    const stream = await openai.chat.completions.create({ ...greedy, max_tokens: 4000, stream: true });
    for await (const { choices } of stream) if (choices[0]?.delta.content) break;
    await isFree();
  });
});

describe('the client of Ollama', () => {
  const options = { temperature: 0, num_predict: 10, seed: 1 };

  it('finds the models, and what is in memory', async () => {
    await ollama.generate({ model: text, prompt: '' });
    const { models } = await ollama.list();
    expect(models.map(({ name }) => name).sort()).toEqual([vectors, text, spare]);
    expect((await ollama.ps()).models).toContainEqual(expect.objectContaining({ name: text, size_vram: expect.any(Number) as number }));
    expect(await ollama.show({ model: text })).toMatchObject({ details: { format: 'gguf', family: 'llama' }, capabilities: ['completion'] });
    expect((await ollama.version()).version).toMatch(/^\d+\.\d+/);
  });

  it('chats, as a whole and in pieces', async () => {
    const asked = { model: text, messages: [{ role: 'system', content: 'Be brief.' }, ...hello], options };
    const whole = await ollama.chat(asked);
    expect(whole).toMatchObject({ model: text, done: true, done_reason: 'length', eval_count: 10, message: { role: 'assistant' } });
    expect(whole.prompt_eval_count).toBeGreaterThan(5);
    expect(whole.total_duration).toBeGreaterThanOrEqual(whole.prompt_eval_duration + whole.eval_duration);
    expect(whole.eval_duration).toBeGreaterThan(1e6);
    let streamed = '';
    let last;
    for await (const part of await ollama.chat({ ...asked, stream: true })) {
      streamed += part.message.content;
      expect(Date.parse(part.created_at as unknown as string)).toBeGreaterThan(0);
      last = part;
    }
    expect(streamed).toBe(whole.message.content);
    expect(last).toMatchObject({ done: true, done_reason: 'length', eval_count: 10, prompt_eval_count: whole.prompt_eval_count });
  });

  it('has text generated, also with a stop sequence, raw, or in a form', async () => {
    const asked = { model: text, prompt: 'Once upon', options };
    const whole = await ollama.generate(asked);
    expect(whole).toMatchObject({ done_reason: 'length', eval_count: 10 });
    let streamed = '';
    for await (const part of await ollama.generate({ ...asked, stream: true })) streamed += part.response;
    expect(streamed).toBe(whole.response);
    expect(await ollama.generate({ ...asked, raw: true })).toMatchObject({ done_reason: 'length' });
    const said = whole.response ?? '';
    const stop = said.slice(4, 7);
    expect(await ollama.generate({ ...asked, options: { ...options, stop: [stop] } })).toMatchObject({ response: said.slice(0, said.indexOf(stop)), done_reason: 'stop' });
    const format = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] };
    const formed = await ollama.generate({ ...asked, format, options: { seed: 1, num_predict: 60 } });
    expect(JSON.parse(formed.response ?? '')).toEqual({ ok: expect.any(Boolean) as boolean });
    expect((await ollama.generate({ ...asked, format: 'json', options: { ...options, num_predict: 3 } })).response).toMatch(/^\{/);
  });

  it('has a model loaded by an empty request, and unloaded by another', async () => {
    // One that no other program has just used: it would stay for that.
    expect(await ollama.chat({ model: spare, messages: [] })).toMatchObject({ done_reason: 'load', message: { content: '' } });
    expect(await ollama.generate({ model: spare, prompt: '' })).toMatchObject({ done_reason: 'load', response: '' });
    expect((await app.loaded()).map(({ name }) => name)).toContain(spare);
    expect(await ollama.generate({ model: spare, prompt: '', keep_alive: 0 })).toMatchObject({ done_reason: 'unload' });
    await until(app.loaded, (models) => models.every(({ name }) => name !== spare));
  });

  it('gets embeddings of one text and of several, of any length', async () => {
    const one = await ollama.embed({ model: vectors, input: 'ba de' });
    expect(one.embeddings.map((vector) => vector.length)).toEqual([256]);
    expect(one.prompt_eval_count).toBeGreaterThan(2);
    const several = await ollama.embed({ model: vectors, input: ['ba de', 'fi go'], dimensions: 16 });
    expect(several.embeddings.map((vector) => vector.length)).toEqual([16, 16]);
    expect(Math.hypot(...several.embeddings[1]!)).toBeCloseTo(1, 5);
    expect((await ollama.embeddings({ model: vectors, prompt: 'ba de' })).embedding).toEqual(one.embeddings[0]);
    expect(await failure(ollama.embed({ model: text, input: 'ba' }))).toEqual({ status: 400, message: `"${text}" does not support embeddings` });
  });

  it('is told what is not supported, in the words of Ollama', async () => {
    const chat = { model: text, messages: hello };
    const tool = { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object', properties: {} } } };
    expect(await failure(ollama.chat({ ...chat, tools: [tool] }))).toEqual({ status: 400, message: `"${text}" does not support tools` });
    expect(await failure(ollama.chat({ ...chat, think: true }))).toEqual({ status: 400, message: `"${text}" does not support thinking` });
    expect(await failure(ollama.chat({ ...chat, messages: [{ role: 'user', content: 'x', images: ['iVBORw0KGgo='] }] }))).toEqual({ status: 400, message: `"${text}" does not support vision` });
    expect(await failure(ollama.generate({ model: vectors, prompt: 'x' }))).toEqual({ status: 400, message: `"${vectors}" does not support generate` });
    expect(await failure(ollama.chat({ ...chat, model: 'nope' }))).toMatchObject({ status: 404 });
  });

  it('aborts a stream, and the model is free', async () => {
    const stream = await ollama.generate({ model: text, prompt: 'Once', stream: true, options: { num_predict: 4000 } });
    const heard = (async () => {
      for await (const part of stream) if (part.response !== '') ollama.abort();
    })();
    await expect(heard).rejects.toThrow('aborted');
    await isFree();
  });
});
