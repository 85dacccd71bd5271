import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { problem, type Problem } from '../../contract/index.ts';
import type { CatalogModel, Inference, InferenceDone, InferenceRequest } from '../../main/providers/provider.ts';
import { ask, open, startGateway, until, type RunningGateway } from './fixture.ts';

function modelOf(name: string, capability: 'completion' | 'embedding'): CatalogModel {
  return {
    id: `llama.cpp/${name}`, provider: 'llama.cpp', providerName: name, weights: `gguf:/${name}`, sizeBytes: 1000, estimate: { ram: 1000, vram: {} }, contextLength: 4096,
    maxContextLength: 8192, family: 'llama', parameterSize: '1B', quantization: 'F16', capabilities: [capability], sample: false, settings: '', problem: null,
  };
}

const done: InferenceDone = { ok: true, finish: 'stop', promptTokens: 5, completionTokens: 2, promptMs: 10, completionMs: 20 };
const crashed = problem('generate-failed', 'own gave no answer: the model left memory in the middle of it.');

/** An engine whose answers the test writes. */
class Engine implements Inference {
  requests: InferenceRequest[] = [];
  embedded: string[][] = [];
  script: (request: InferenceRequest) => Promise<InferenceDone | { ok: false; problem: Problem }> = (request) => {
    for (const piece of ['Hel', 'lo.']) request.onText(piece);
    return Promise.resolve(done);
  };

  generate(request: InferenceRequest): ReturnType<Inference['generate']> {
    this.requests.push(request);
    return this.script(request);
  }

  embed({ inputs }: Parameters<Inference['embed']>[0]): ReturnType<Inference['embed']> {
    this.embedded.push([...inputs]);
    return Promise.resolve({ ok: true, vectors: inputs.map(() => [0.6, 0.8]), promptTokens: 3 });
  }
}

async function start(): Promise<RunningGateway & { engine: Engine }> {
  const engine = new Engine();
  const embedded = { models: [modelOf('own', 'completion'), modelOf('vectors', 'embedding')], backend: { kind: 'embedded' as const, inference: engine } };
  return { ...(await startGateway({ ports: { embedded } })), engine };
}

const messages = [{ role: 'user', content: 'hi' }];
const chat = (more: object = {}) => ({ path: '/api/chat', body: { model: 'own', messages, ...more } });
const openai = (more: object = {}) => ({ path: '/v1/chat/completions', body: { model: 'own', messages, ...more } });

const lines = (text: string): Record<string, unknown>[] => text.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);

function events(text: string): unknown[] {
  return text.trimEnd().split('\n\n').map((event) => {
    const data = event.replace(/^data: /, '');
    return data === '[DONE]' ? data : JSON.parse(data);
  });
}

describe('Ollama’s language', () => {
  it('streams by itself, one object for each piece and one for the end', async () => {
    const { port } = await start();
    const answer = await ask(port, chat());
    expect(answer.headers['content-type']).toBe('application/x-ndjson');
    const head = { model: 'own', created_at: expect.stringMatching(/^\d{4}-.*Z$/) as string };
    const counts = { total_duration: expect.any(Number) as number, load_duration: expect.any(Number) as number, prompt_eval_count: 5, prompt_eval_duration: 10_000_000, eval_count: 2, eval_duration: 20_000_000 };
    expect(lines(answer.text)).toEqual([
      { ...head, message: { role: 'assistant', content: 'Hel' }, done: false },
      { ...head, message: { role: 'assistant', content: 'lo.' }, done: false },
      { ...head, message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop', ...counts },
    ]);
    const whole = await ask(port, { path: '/api/generate', body: { model: 'own', prompt: 'hi', stream: false } });
    expect(whole.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(whole.json).toEqual({ ...head, response: 'Hello.', done: true, done_reason: 'stop', ...counts });
  });

  it('tells a failure by its status, and once the answer has begun by a last line', async () => {
    const { port, engine, ports } = await start();
    engine.script = () => Promise.resolve({ ok: false, problem: crashed });
    expect(await ask(port, chat())).toMatchObject({ status: 500, json: { error: crashed.message } });
    engine.script = (request) => {
      request.onText('Hel');
      return Promise.resolve({ ok: false, problem: crashed });
    };
    const broken = await ask(port, chat());
    expect(broken.status).toBe(200);
    expect(lines(broken.text)).toMatchObject([{ message: { content: 'Hel' } }, { error: crashed.message }]);
    // What was not streamed has not begun.
    expect(await ask(port, chat({ stream: false }))).toMatchObject({ status: 500, json: { error: crashed.message } });
    expect(ports.held()).toBe(0);
  });

  it('lets keep_alive 0 unload the model after the answer, and refuses what is none', async () => {
    const { port, ports, engine } = await start();
    expect((await ask(port, chat({ keep_alive: 0 }))).status).toBe(200);
    await until(() => ports.notNeeded.length === 1);
    expect(await ask(port, chat({ keep_alive: '300' }))).toMatchObject({ status: 400, json: { error: 'time: missing unit in duration "300"' } });
    expect(await ask(port, chat({ keep_alive: 'abc' }))).toMatchObject({ status: 400, json: { error: 'time: invalid duration "abc"' } });
    expect(await ask(port, chat({ keep_alive: true }))).toMatchObject({ status: 400, json: { error: 'Unsupported type: \'bool\'' } });
    expect(engine.requests).toHaveLength(1);
  });

  it('only loads where there is nothing to answer', async () => {
    const { port, engine, ports } = await start();
    const head = { model: 'own', created_at: expect.any(String) as string };
    expect((await ask(port, { path: '/api/generate', body: { model: 'own' } })).json).toEqual({ ...head, response: '', done: true, done_reason: 'load' });
    expect((await ask(port, chat({ messages: [] }))).json).toEqual({ ...head, message: { role: 'assistant', content: '' }, done: true, done_reason: 'load' });
    expect((await ask(port, { path: '/api/embed', body: { model: 'own' } })).json).toEqual({ model: 'own', embeddings: [] });
    expect((await ask(port, { path: '/api/embeddings', body: { model: 'vectors' } })).json).toEqual({ embedding: [] });
    expect(ports.loads).toEqual(['own', 'vectors']);
    expect([engine.requests, engine.embedded]).toEqual([[], []]);
  });
});

describe('OpenAI’s language', () => {
  it('streams the role, the pieces, the reason of the end, the counts if asked, and that it is done', async () => {
    const { port } = await start();
    const answer = await ask(port, openai({ stream: true, stream_options: { include_usage: true } }));
    expect(answer.headers['content-type']).toBe('text/event-stream');
    const head = { id: expect.stringMatching(/^chatcmpl-/) as string, object: 'chat.completion.chunk', created: expect.any(Number) as number, model: 'own', system_fingerprint: 'fp_llama_cpp' };
    const choice = (delta: object, finish_reason: string | null) => ({ ...head, choices: [{ index: 0, delta, logprobs: null, finish_reason }], usage: null });
    expect(events(answer.text)).toEqual([
      choice({ role: 'assistant', content: '' }, null),
      choice({ content: 'Hel' }, null),
      choice({ content: 'lo.' }, null),
      choice({}, 'stop'),
      { ...head, choices: [], usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 } },
      '[DONE]',
    ]);
  });

  it('streams an empty answer too', async () => {
    const { port, engine } = await start();
    engine.script = () => Promise.resolve({ ...done, completionTokens: 0 });
    const { text } = await ask(port, openai({ stream: true }));
    expect(events(text)).toMatchObject([{ choices: [{ delta: { role: 'assistant' } }] }, { choices: [{ finish_reason: 'stop' }] }, '[DONE]']);
    // Nobody asked for the counts.
    expect(text).not.toContain('usage');
    expect((await ask(port, openai())).json).toMatchObject({ choices: [{ message: { role: 'assistant', content: '', refusal: null }, finish_reason: 'stop' }] });
  });

  it('tells a failure by its status, and once the answer has begun by a last event', async () => {
    const { port, engine } = await start();
    engine.script = () => Promise.resolve({ ok: false, problem: problem('bad-request', 'No such grammar.') });
    expect(await ask(port, openai({ stream: true }))).toMatchObject({ status: 400, json: { error: { message: 'No such grammar.', type: 'invalid_request_error' } } });
    engine.script = (request) => {
      request.onText('Hel');
      return Promise.resolve({ ok: false, problem: crashed });
    };
    const broken = await ask(port, openai({ stream: true }));
    expect(broken.status).toBe(200);
    expect(events(broken.text).at(-1)).toMatchObject({ error: { message: crashed.message, type: 'api_error' } });
    expect(broken.text).not.toContain('[DONE]');
  });

  it('makes embeddings in both encodings', async () => {
    const { port, engine } = await start();
    const plain = await ask(port, { path: '/v1/embeddings', body: { model: 'vectors', input: ['a', 'b'] } });
    expect(plain.json).toEqual({
      object: 'list',
      data: [0, 1].map((index) => ({ object: 'embedding', index, embedding: [0.6, 0.8] })),
      model: 'vectors',
      usage: { prompt_tokens: 3, total_tokens: 3 },
    });
    const packed = await ask(port, { path: '/v1/embeddings', body: { model: 'vectors', input: 'a', encoding_format: 'base64', dimensions: 2 } });
    expect(packed.json).toMatchObject({ data: [{ embedding: Buffer.from(new Float32Array([0.6, 0.8]).buffer).toString('base64') }] });
    expect(engine.embedded).toEqual([['a', 'b'], ['a']]);
    expect(await ask(port, { path: '/v1/embeddings', body: { model: 'vectors', input: 'a', dimensions: 1 } })).toMatchObject({ status: 400, json: { error: { param: 'dimensions' } } });
  });
});

describe('a request that cannot be answered', () => {
  it.each([
    ['/v1/responses', { input: 'hi' }, { error: { type: 'invalid_request_error', message: expect.stringContaining('/v1/chat/completions') as string } }],
    ['/v1/messages', { messages, max_tokens: 4 }, { type: 'error', error: { type: 'invalid_request_error', message: expect.stringContaining('/v1/chat/completions') as string } }],
    ['/v1/chat/completions', { messages, tools: [{ type: 'function' }] }, { error: { type: 'invalid_request_error', param: 'tools', code: 'unsupported_parameter' } }],
    ['/v1/chat/completions', { messages: 'hi' }, { error: { type: 'invalid_request_error', param: 'messages', code: 'invalid_value' } }],
    ['/v1/embeddings', { input: 'hi', stream: true }, { error: { param: 'stream' } }],
    ['/api/chat', { messages, tools: [{}] }, { error: '"own" does not support tools' }],
    ['/api/generate', { prompt: 3 }, { error: '"prompt" must be a text.' }],
    ['/api/embed', { input: 'hi' }, { error: '"own" does not support embeddings' }],
  ])('is refused before its model is loaded: %s %j', async (path, body, told) => {
    const { port, ports, engine } = await start();
    const answer = await ask(port, { path, body: { model: 'own', ...body } });
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject(told);
    expect([ports.loads, engine.requests]).toEqual([[], []]);
  });

  it('of a form is refused too', async () => {
    const { port } = await start();
    const form = '--x\r\ncontent-disposition: form-data; name="model"\r\n\r\nown\r\n--x--\r\n';
    expect(await ask(port, { path: '/v1/audio/transcriptions', body: form, headers: { 'content-type': 'multipart/form-data; boundary=x' } })).toMatchObject({ status: 400, json: { error: { type: 'invalid_request_error' } } });
  });
});

describe('a client', () => {
  it.each([['which streams', true], ['which waits for the whole', false]])('%s and goes ends the work, and the model is given back', async (_name, stream) => {
    const { port, engine, ports } = await start();
    const cancelled = new Promise<void>((resolve) => {
      engine.script = (request) =>
        new Promise((settle) => {
          request.onText('Hel');
          request.signal.addEventListener('abort', () => {
            request.onText('too late');
            settle({ ...done, finish: 'cancelled' });
            resolve();
          });
        });
    });
    const leave = new AbortController();
    const asked = open(port, { ...chat({ stream }), signal: leave.signal });
    asked.catch(() => undefined);
    await until(() => engine.requests.length === 1);
    expect(ports.held()).toBe(1);
    if (stream) (await asked).once('error', () => undefined);
    leave.abort();
    await cancelled;
    await until(() => ports.held() === 0);
    expect(ports.faults).toEqual([]);
  });

  it.each([['Ollama’s', chat()], ['OpenAI’s', openai({ stream: true })]])('that reads slowly (%s) neither holds the model nor misses a word', async (_name, asking) => {
    const { port, engine, ports } = await start();
    const pieces = Array.from({ length: 60_000 }, (_, at) => `word ${at}, `);
    let finished = false;
    engine.script = (request) => {
      for (const piece of pieces) request.onText(piece);
      finished = true;
      return Promise.resolve(done);
    };
    const response: IncomingMessage = await open(port, asking);
    response.pause();
    await until(() => finished && ports.held() === 0);
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk as string;
    const said = asking.path === '/api/chat' ? lines(text).map((line) => (line['message'] as { content: string }).content) : events(text).map((event) => (event as { choices?: { delta: { content?: string } }[] }).choices?.[0]?.delta.content ?? '');
    expect(said.join('')).toBe(pieces.join(''));
    // What came while the client did not read went out as one piece, not as one for each word.
    expect(said.length).toBeLessThan(pieces.length / 4);
  });
});

it('who stands behind another at a model that answers one at a time is shown as waiting, and keeps its place however long that takes', async () => {
  const { port, engine, gateway, ports, settings } = await start();
  const turns: { begin: () => void; end: () => void }[] = [];
  engine.script = (request) =>
    new Promise((resolve) => {
      turns.push({ begin: () => request.onTurn?.(), end: () => resolve(done) });
      // As the real engine does where nobody is before it.
      if (turns.length === 1) request.onTurn?.();
    });
  const first = ask(port, chat({ stream: false }));
  await until(() => turns.length === 1);
  const second = ask(port, chat({ stream: false }));
  const states = (): string[] => gateway.requests().requests.map(({ state, answeringSince }) => `${state} ${answeringSince === null ? '-' : 'since'}`);
  await until(() => states().join() === 'answering since,waiting -');
  // It holds its model: no limit of the line is for it, and it takes no place there.
  settings.queue_limit = 1;
  ports.advance(settings.wait_limit_seconds * 1000 + 1);
  expect((await ask(port, { path: '/api/chat', body: { model: 'a', messages } })).status).toBe(200);
  turns[0]!.end();
  expect((await first).status).toBe(200);
  turns[1]!.begin();
  expect(states()).toEqual(['answering since']);
  turns[1]!.end();
  expect((await second).status).toBe(200);
  expect(states()).toEqual([]);
});
