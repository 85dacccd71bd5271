import { describe, expect, it } from 'vitest';
import { answerFor, call, fakes, generate, names, pause, ps } from './harness.ts';

const start = fakes();

describe('load', () => {
  it('is absent from /api/ps until it is done, and /api/ps answers meanwhile', async () => {
    const fake = await start({ models: [{ name: 'a', blob: 'a', loadMs: 60 }] });
    const resume = fake.pauseLoads();
    const load = generate(fake, { model: 'a' });
    await fake.until(() => fake.loading() !== null);
    expect(await ps(fake)).toEqual([]);
    resume();
    const answer = await load;
    expect(answer.ms).toBeGreaterThanOrEqual(55);
    expect(answer.body).toEqual({ model: 'a', created_at: expect.any(String) as string, response: '', done: true, done_reason: 'load' });
    expect(names(await ps(fake))).toEqual(['a']);
  });

  it('happens one at a time, in the order of the requests', async () => {
    const fake = await start();
    const resume = fake.pauseLoads();
    const loads = [generate(fake, { model: 'b' })];
    await fake.until(() => fake.loading() === 'b:latest');
    loads.push(generate(fake, { model: 'c' }));
    await fake.until(() => fake.queued() === 1);
    loads.push(generate(fake, { model: 'a' }));
    await fake.until(() => fake.queued() === 2);
    expect(fake.loadsStarted).toHaveLength(1);
    resume();
    await Promise.all(loads);
    expect(fake.loadsStarted.map((each) => each.name)).toEqual(['b:latest', 'c:latest', 'a:latest']);
  });

  it('does not hold up requests to what is loaded', async () => {
    const fake = await start();
    await generate(fake, { model: 'a' });
    const resume = fake.pauseLoads();
    const slow = generate(fake, { model: 'b' });
    await fake.until(() => fake.loading() === 'b:latest');
    expect((await answerFor(fake, 'a', 1)).status).toBe(200);
    resume();
    expect((await slow).status).toBe(200);
  });

  it('is shared by those who wait for the same model', async () => {
    const fake = await start();
    const answers = await Promise.all([generate(fake, { model: 'a' }), generate(fake, { model: 'a-alias' }), generate(fake, { model: 'a' })]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    expect(fake.loadsStarted).toHaveLength(1);
  });

  it('is cancelled when the client that triggered it leaves; the next one starts it again', async () => {
    const fake = await start();
    const resume = fake.pauseLoads();
    const leaver = new AbortController();
    const first = expect(generate(fake, { model: 'a' }, leaver.signal)).rejects.toThrow();
    await fake.until(() => fake.loading() !== null);
    const second = generate(fake, { model: 'a' });
    await fake.until(() => fake.queued() === 1);
    leaver.abort();
    await first;
    await fake.until(() => fake.loadsStarted.length === 2);
    resume();
    expect((await second).body['done_reason']).toBe('load');
  });

  it('is not started for a client that left while it waited', async () => {
    const fake = await start();
    const resume = fake.pauseLoads();
    const leaver = new AbortController();
    const first = generate(fake, { model: 'a' });
    await fake.until(() => fake.loading() !== null);
    const second = expect(generate(fake, { model: 'b' }, leaver.signal)).rejects.toThrow();
    await fake.until(() => fake.queued() === 1);
    leaver.abort();
    await second;
    // The server learns of it a moment after the client.
    await pause(20);
    resume();
    await first;
    await generate(fake, { model: 'c' });
    expect(fake.loadsStarted.map((each) => each.name)).toEqual(['a:latest', 'c:latest']);
  });

  it('is refused with 503 where the queue is full', async () => {
    const fake = await start({ maxQueue: 1 });
    const resume = fake.pauseLoads();
    const first = generate(fake, { model: 'a' });
    await fake.until(() => fake.loading() !== null);
    const second = generate(fake, { model: 'b' });
    await fake.until(() => fake.queued() === 1);
    expect(await generate(fake, { model: 'c' })).toMatchObject({
      status: 503,
      body: { error: 'server busy, please try again.  maximum pending requests exceeded' },
    });
    resume();
    await Promise.all([first, second]);
  });
});

describe('num_ctx', () => {
  const withContext = (numCtx: number): Record<string, unknown> => ({ options: { num_ctx: numCtx } });

  it('is capped to the trained context, and costs memory', async () => {
    const fake = await start({ models: [{ name: 'a', blob: 'a', loadMs: 5, ramBytes: 1000, ramBytesPerToken: 2 }] });
    await generate(fake, { model: 'a', ...withContext(1_000_000) });
    expect(await ps(fake)).toMatchObject([{ context_length: 8192, size: 1000 + 4096 * 2 }]);
  });

  it('of another size reloads, and keep_alive falls back to the default', async () => {
    const fake = await start();
    await generate(fake, { model: 'a', keep_alive: '1h', ...withContext(8192) });
    await generate(fake, { model: 'a' });
    expect(fake.loadsStarted.map((each) => each.contextLength)).toEqual([8192, 4096]);
    expect(fake.runners()).toMatchObject([{ keepAliveMs: 300_000, contextLength: 4096 }]);
  });

  it('named equal to what is in force does not reload', async () => {
    const fake = await start();
    await generate(fake, { model: 'a' });
    await generate(fake, { model: 'a', ...withContext(4096) });
    await generate(fake, { model: 'a' });
    expect(fake.loadsStarted).toHaveLength(1);
  });

  it('beyond the cap is the same runner on newer servers and another one on older', async () => {
    for (const [version, loads] of [['0.33', 1], ['0.24', 2]] as const) {
      const fake = await start({ version });
      await generate(fake, { model: 'a', ...withContext(100_000) });
      await generate(fake, { model: 'a', ...withContext(8192) });
      expect(fake.loadsStarted, version).toHaveLength(loads);
    }
  });

  it('named for an embedding model makes another runner, even where the context stays', async () => {
    const fake = await start();
    await call(fake, 'POST', '/api/embed', { model: 'embedder' });
    expect(await ps(fake)).toMatchObject([{ context_length: 512 }]);
    await call(fake, 'POST', '/api/embed', { model: 'embedder' });
    expect(fake.loadsStarted).toHaveLength(1);
    await call(fake, 'POST', '/api/embed', { model: 'embedder', ...withContext(512) });
    expect(fake.loadsStarted).toHaveLength(2);
  });

  it('waits for a busy runner before it reloads', async () => {
    const fake = await start();
    await generate(fake, { model: 'a' });
    const { end } = await fake.hold('a');
    const reload = generate(fake, { model: 'a', ...withContext(2048) });
    await fake.until(() => fake.runners()[0]?.keepAliveMs === 0);
    expect(fake.loadsStarted).toHaveLength(1);
    end();
    await reload;
    expect(fake.runners()).toMatchObject([{ contextLength: 2048 }]);
  });

  it('that is no number is refused', async () => {
    const fake = await start();
    const answer = await generate(fake, { model: 'a', options: { num_ctx: 'x' } });
    expect(answer).toMatchObject({ status: 500, body: { error: 'option "num_ctx" must be of type integer' } });
  });
});

describe('embedding models', () => {
  it('cannot generate or chat, load through /api/embed, and embed', async () => {
    const fake = await start();
    expect(await generate(fake, { model: 'embedder' })).toMatchObject({ status: 400, body: { error: '"embedder" does not support generate' } });
    expect(await call(fake, 'POST', '/api/chat', { model: 'embedder', messages: [] })).toMatchObject({
      status: 400,
      body: { error: '"embedder" does not support chat' },
    });
    expect((await call(fake, 'POST', '/api/embed', { model: 'embedder' })).body).toEqual({ model: 'embedder', embeddings: [] });
    const { body } = await call(fake, 'POST', '/api/embed', { model: 'embedder', input: ['x', 'y'] });
    expect(body['embeddings']).toHaveLength(2);
  });

  it('any model loads through /api/embed without input, also where text gets 501', async () => {
    const fake = await start();
    expect((await call(fake, 'POST', '/api/embed', { model: 'a', input: [] })).status).toBe(200);
    expect((await call(fake, 'POST', '/api/embed', { model: 'a', input: 'x' })).status).toBe(501);
    expect(await call(fake, 'POST', '/api/embed', { model: 'zzz' })).toMatchObject({
      status: 404,
      body: { error: 'model "zzz" not found, try pulling it first' },
    });
  });
});
