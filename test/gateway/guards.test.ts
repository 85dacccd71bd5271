import { describe, expect, it } from 'vitest';
import { ask, lastAt, startGateway, until, type RunningGateway } from './fixture.ts';

const notes = ({ ports }: RunningGateway): string[] => ports.notes.map(({ text }) => text);
const runner = ({ fake }: RunningGateway, name: string): { keepAliveMs: number; contextLength: number } | undefined => fake.runners().find((one) => one.name === `${name}:latest`);
const chat = (model: string, more: Record<string, unknown> = {}): { path: string; body: Record<string, unknown>; headers: Record<string, string> } => ({
  path: '/api/chat',
  body: { model, messages: [{ role: 'user', content: 'hi' }], ...more },
  headers: { 'user-agent': 'ollama-python/0.4' },
});

describe('keep_alive', () => {
  it('is taken out, no other one is put in, and the activity list tells it once in ten minutes', async () => {
    const running = await startGateway();
    const { port, fake, ports } = running;
    await ask(port, { path: '/api/generate', body: '{"model":"a", "prompt": "x","keep_alive":"24h", "options":{"num_ctx":4096} }', headers: { 'user-agent': 'ollama-python/0.4' } });
    expect(lastAt(fake, '/api/generate').body).toEqual({ model: 'a', prompt: 'x', options: { num_ctx: 4096 } });
    expect(runner(running, 'a')?.keepAliveMs).toBe(300_000);
    await ask(port, chat('a', { keep_alive: -1, options: { num_ctx: 4096 } }));
    expect(notes(running)).toEqual([expect.stringContaining('a: ollama-python asked to decide how long the model stays (keep_alive)')]);
    ports.advance(11 * 60_000);
    await ask(port, chat('a', { keep_alive: -1, options: { num_ctx: 4096 } }));
    expect(notes(running)).toHaveLength(2);
  });

  it('0 after a prompt: the answer comes whole, then the model goes', async () => {
    const running = await startGateway();
    const { port, fake, ports } = running;
    const { text } = await ask(port, chat('a', { keep_alive: 0 }));
    expect(text).toContain('"done":true');
    expect(lastAt(fake, '/api/chat').body).not.toHaveProperty('keep_alive');
    await until(() => fake.runners().length === 0);
    expect(ports.notNeeded).toEqual(['ollama/a:latest']);
  });

  it('0 without a prompt is answered as Ollama answers, whether it is loaded or not, and loads nothing', async () => {
    const running = await startGateway();
    const { port, fake, ports } = running;
    const generate = await ask(port, { path: '/api/generate', body: { model: 'A', keep_alive: '0s' } });
    expect(generate.json).toEqual({ model: 'A', created_at: expect.any(String) as string, response: '', done: true, done_reason: 'unload' });
    const emptyChat = await ask(port, { path: '/api/chat', body: { model: 'b', messages: [], keep_alive: 0 } });
    expect(emptyChat.json).toEqual({ model: 'b', created_at: expect.any(String) as string, message: { role: 'assistant', content: '' }, done: true, done_reason: 'unload' });
    expect(emptyChat.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(ports.notNeeded).toEqual(['ollama/a:latest', 'ollama/b:latest']);
    expect(fake.loadsStarted).toEqual([]);
    expect((await ask(port, { path: '/api/generate', body: { model: 'nope', keep_alive: 0 } })).status).toBe(404);
  });

  it('0 does not take the model from somebody else', async () => {
    const running = await startGateway({ ollama: { tokensPerSecond: 100 } });
    const { port, fake } = running;
    const long = ask(port, chat('a', { options: { num_predict: 40 } }));
    await until(() => fake.runners()[0]?.inUse === 1);
    expect((await ask(port, { path: '/api/generate', body: { model: 'a', keep_alive: 0 } })).json['done_reason']).toBe('unload');
    expect((await long).text).toContain('"done":true');
    expect(runner(running, 'a')).toBeDefined();
  });

  it('unload_requests off: 0 does nothing', async () => {
    const running = await startGateway();
    running.settings.guards.unload_requests = false;
    await ask(running.port, chat('a', { keep_alive: 0 }));
    const unload = await ask(running.port, { path: '/api/generate', body: { model: 'a', keep_alive: 0 } });
    expect(unload.json['done_reason']).toBe('unload');
    expect(running.ports.notNeeded).toEqual([]);
    expect(runner(running, 'a')).toBeDefined();
  });

  it('guard off: it is passed on as it is', async () => {
    const running = await startGateway();
    running.settings.guards.keep_alive = false;
    await ask(running.port, chat('a', { keep_alive: '2h', options: { num_ctx: 4096 } }));
    expect(lastAt(running.fake, '/api/chat').body).toHaveProperty('keep_alive', '2h');
    expect(runner(running, 'a')?.keepAliveMs).toBe(7_200_000);
  });

  it('one that Ollama refuses is refused by Ollama', async () => {
    const { port } = await startGateway();
    expect(await ask(port, chat('a', { keep_alive: '300' }))).toMatchObject({ status: 400, json: { error: 'time: missing unit in duration "300"' } });
  });
});

describe('the context', () => {
  it('in memory is put into a request that names none, so that it is not loaded anew', async () => {
    const running = await startGateway({ ports: { contextLength: 8192 } });
    const { port, fake } = running;
    await ask(port, chat('a', { options: { temperature: 0 } }));
    await ask(port, { path: '/api/generate', body: { model: 'a', prompt: 'x' } });
    expect(lastAt(fake, '/api/chat').body['options']).toEqual({ num_ctx: 8192, temperature: 0 });
    expect(lastAt(fake, '/api/generate').body['options']).toEqual({ num_ctx: 8192 });
    expect(fake.loadsStarted).toHaveLength(1);
  });

  it('takes the place of a smaller one', async () => {
    const running = await startGateway({ ports: { contextLength: 8192 } });
    await ask(running.port, chat('a', { options: { num_ctx: 2048, seed: 1 } }));
    expect(lastAt(running.fake, '/api/chat').body['options']).toEqual({ num_ctx: 8192, seed: 1 });
    expect(running.fake.loadsStarted).toHaveLength(1);
    expect(notes(running)).toEqual([expect.stringContaining('asked for a context of 2,048 tokens; the model has 8,192 tokens in memory')]);
  });

  it('a larger one is planned like a load', async () => {
    const running = await startGateway();
    await ask(running.port, chat('a', { options: { num_ctx: 4096 } }));
    await ask(running.port, chat('a', { options: { num_ctx: 8192 } }));
    expect(running.ports.loads).toEqual(['a:latest', 'a:latest']);
    expect(runner(running, 'a')?.contextLength).toBe(8192);
    expect(lastAt(running.fake, '/api/chat').body['options']).toEqual({ num_ctx: 8192 });
    expect(running.fake.loadsStarted.map(({ contextLength }) => contextLength)).toEqual([4096, 8192]);
  });

  it('a larger one is lowered to what is in memory with larger_context: cap', async () => {
    const running = await startGateway();
    running.settings.guards.larger_context = 'cap';
    await ask(running.port, chat('a', { options: { num_ctx: 8192 } }));
    expect(lastAt(running.fake, '/api/chat').body['options']).toEqual({ num_ctx: 4096 });
    expect(running.fake.loadsStarted).toHaveLength(1);
  });

  it('a model for embeddings is asked without one', async () => {
    const running = await startGateway();
    await ask(running.port, { path: '/api/embed', body: { model: 'embedder', input: 'x' } });
    await ask(running.port, { path: '/api/embed', body: { model: 'embedder', input: 'x', options: { num_ctx: 256 } } });
    expect(lastAt(running.fake, '/api/embed').body['options']).toEqual({});
    expect(running.fake.loadsStarted).toHaveLength(1);
  });

  it('guard off: a request without one is passed on as it is', async () => {
    const running = await startGateway({ ports: { contextLength: 8192 } });
    running.settings.guards.keep_context = false;
    const body = '{"model":"a","messages":[{"role":"user","content":"hi"}]}';
    await ask(running.port, { path: '/api/chat', body });
    expect(lastAt(running.fake, '/api/chat').body).not.toHaveProperty('options');
    expect(notes(running)).toEqual([]);
  });

  it('of an OpenAI request is left alone: it carries none', async () => {
    const running = await startGateway();
    await ask(running.port, { path: '/v1/chat/completions', body: { model: 'a', messages: [{ role: 'user', content: 'hi' }], keep_alive: 0 } });
    expect(lastAt(running.fake, '/v1/chat/completions').body).toHaveProperty('keep_alive', 0);
    expect(running.ports.notNeeded).toEqual([]);
  });
});

describe('a model’s name', () => {
  it('stays as it was written where Ollama understands it', async () => {
    const { port, fake } = await startGateway();
    for (const model of ['a', 'A', 'a:latest', 'library/a', 'registry.ollama.ai/library/a:latest', 'a-alias']) {
      expect((await ask(port, chat(model))).status, model).toBe(200);
      expect(lastAt(fake, '/api/chat').body['model'], model).toBe(model);
    }
    // Two names of the same weights: one load.
    expect(fake.loadsStarted).toHaveLength(1);
  });

  it('is Ollama’s own where the client wrote Airdock’s', async () => {
    const { port, fake } = await startGateway();
    for (const path of ['/api/chat', '/v1/chat/completions']) {
      expect((await ask(port, { ...chat('ollama/a'), path })).status).toBe(200);
      expect(lastAt(fake, path).body['model']).toBe('a:latest');
    }
  });

  it('counts in every way of writing its key that Ollama takes', async () => {
    const { port, fake, ports } = await startGateway();
    const { status } = await ask(port, { path: '/api/chat', body: '{"model":"a","MODEL":"b","Keep_Alive":"9h","messages":[{"role":"user","content":"hi"}]}' });
    expect(status).toBe(200);
    expect(ports.loads).toEqual(['b:latest']);
    expect(JSON.stringify(lastAt(fake, '/api/chat').body)).not.toMatch(/keep_alive/i);
  });
});

describe('requests that cannot name a context', () => {
  it('take the one that Ollama gives them, and no other, as a load that is planned', async () => {
    const { port, ports } = await startGateway();
    ports.serverContexts.set('ollama/a:latest', 4096);
    const messages = [{ role: 'user', content: 'hi' }];
    await ask(port, { path: '/v1/chat/completions', body: { model: 'a', messages } });
    await ask(port, chat('a', { options: { num_ctx: 8192 } }));
    await ask(port, chat('a'));
    await ask(port, { path: '/v1/chat/completions', body: { model: 'b', messages } });
    expect(ports.wishes).toEqual([
      { model: 'ollama/a:latest', contextLength: 4096, exact: true },
      { model: 'ollama/a:latest', contextLength: 8192, exact: false },
      { model: 'ollama/a:latest', contextLength: null, exact: false },
      // What is not known is not asked for.
      { model: 'ollama/b:latest', contextLength: null, exact: true },
    ]);
  });
});

describe('a body that Ollama reads in another way than JSON.parse', () => {
  const generate = (body: string) => ({ path: '/api/generate', body });
  const textAt = async (running: RunningGateway, body: string): Promise<Record<string, unknown>> => {
    expect((await ask(running.port, generate(body))).status, body).toBe(200);
    return lastAt(running.fake, '/api/generate').body;
  };

  it('keys in any case, several of them and with nulls: held is the model that Ollama answers with', async () => {
    const running = await startGateway();
    // The last counts, whatever its case; a null leaves a text as it was. JSON.parse puts the last "model" in the place of the first.
    for (const body of ['{"model":"b","Model":"a","prompt":"x"}', '{"model":"b","Model":"b","model":"a","prompt":"x"}', '{"model":"a","MODEL":null,"prompt":"x"}', '{"mod\\u0065l":"a","prompt":"x"}']) {
      running.ports.wishes.length = 0;
      await ask(running.port, generate(body));
      expect(running.ports.wishes.map(({ model }) => model), body).toEqual(['ollama/a:latest']);
    }
  });

  it('several groups of options are one: a context in the first is seen', async () => {
    const running = await startGateway({ ports: { contextLength: 8192 } });
    for (const body of ['{"model":"a","prompt":"x","options":{"num_ctx":2048},"options":{"seed":1}}', '{"model":"a","prompt":"x","Options":{"num_ctx":2048},"option\\u0073":{"seed":1}}', '{"model":"a","prompt":"x","optionſ":{"num_ctx":2048}}']) {
      running.ports.wishes.length = 0;
      await ask(running.port, generate(body));
      expect(running.ports.wishes.map(({ contextLength }) => contextLength), body).toEqual([2048]);
    }
    expect(notes(running)).toEqual([expect.stringContaining('asked for a context of 2,048 tokens')]);
  });

  it('a prompt before a null is a prompt: the model is not only unloaded', async () => {
    const running = await startGateway();
    expect((await ask(running.port, generate('{"model":"a","prompt":"x","Prompt":null,"keep_alive":0,"stream":false}'))).json['done_reason']).not.toBe('unload');
  });

  it('is not touched where nothing of that kind is in it', async () => {
    const running = await startGateway();
    expect(await textAt(running, '{"model":"a","prompt":"x","options":{"num_ctx":4096,"NUM_CTX":5},"x":"\\u00e9"}')).toEqual({ model: 'a', prompt: 'x', options: { num_ctx: 4096, NUM_CTX: 5 }, x: 'é' });
  });
});

describe('options with which Ollama loads a model anew', () => {
  it('are taken out, wherever they stand, and the activity list tells it', async () => {
    const running = await startGateway();
    await ask(running.port, chat('a', { options: { num_ctx: 4096, num_gpu: 0, num_thread: 2, seed: 7, use_mmap: null } }));
    expect(lastAt(running.fake, '/api/chat').body['options']).toEqual({ num_ctx: 4096, seed: 7, use_mmap: null });
    await ask(running.port, { path: '/api/generate', body: '{"model":"a","prompt":"x","options":{"num_ctx":4096,"num_gpu":0},"options":{"num_batch":128,"num_gpu":1}}' });
    expect(lastAt(running.fake, '/api/generate').body['options']).toEqual({});
    expect(notes(running)).toEqual([
      expect.stringContaining('a: ollama-python asked for num_gpu and num_thread, with which Ollama loads a model anew; Airdock took that out of the request'),
      expect.stringContaining('a: a program asked for num_gpu and num_batch'),
    ]);
  });

  it('guard off: they are passed on as they are, and the activity list tells it', async () => {
    const running = await startGateway();
    running.settings.guards.load_options = false;
    await ask(running.port, chat('a', { options: { num_ctx: 4096, num_gpu: 0 } }));
    expect(lastAt(running.fake, '/api/chat').body['options']).toEqual({ num_ctx: 4096, num_gpu: 0 });
    expect(notes(running)).toEqual([expect.stringContaining('asked for num_gpu, with which Ollama loads a model anew, unplanned; Airdock passed that on')]);
  });
});
