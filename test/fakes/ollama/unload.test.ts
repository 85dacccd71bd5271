import { describe, expect, it } from 'vitest';
import { answerFor, call, fakes, generate, inUse, names, pause, ps } from './harness.ts';

const start = fakes();

describe('unload', () => {
  it('answers at once and happens afterwards', async () => {
    const fake = await start({ version: '0.24', unloadMs: 500 });
    await generate(fake, { model: 'a' });
    const answer = await generate(fake, { model: 'a', keep_alive: 0 });
    expect(answer.body).toMatchObject({ done: true, done_reason: 'unload', response: '' });
    expect(fake.runners()).toHaveLength(1);
    await fake.until(() => fake.runners().length === 0);
    expect(await ps(fake)).toEqual([]);
  });

  it('is waited for by /api/ps of newer servers', async () => {
    const fake = await start({ version: '0.33', unloadMs: 40 });
    await generate(fake, { model: 'a' });
    await generate(fake, { model: 'a', keep_alive: 0 });
    expect(await ps(fake)).toEqual([]);
  });

  it('of a busy model lets the answer finish, and tells the moment of the call as its expiry', async () => {
    const fake = await start();
    await generate(fake, { model: 'a' });
    const answer = answerFor(fake, 'a', 100);
    await fake.until(() => inUse(fake, 'blob-a') === 1);
    const before = Date.now();
    expect((await generate(fake, { model: 'a', keep_alive: 0 })).body['done_reason']).toBe('unload');
    const told = fake.runners()[0]?.expiresAt ?? 0;
    expect(told).toBeGreaterThanOrEqual(before);
    expect(told).toBeLessThanOrEqual(Date.now());
    expect((await answer).text.trim().split('\n')).toHaveLength(101);
    await fake.until(() => fake.runners().length === 0);
  });

  it('of a busy model is cancelled by a request with a keep_alive, not by one without', async () => {
    const fake = await start();
    await generate(fake, { model: 'a' });
    const first = await fake.hold('a');
    await generate(fake, { model: 'a', keep_alive: 0 });
    await generate(fake, { model: 'a', keep_alive: '10m' });
    first.end();
    expect(fake.runners()).toMatchObject([{ blob: 'blob-a', keepAliveMs: 600_000, inUse: 0 }]);

    const second = await fake.hold('a');
    await generate(fake, { model: 'a', keep_alive: 0 });
    await generate(fake, { model: 'a' });
    second.end();
    await fake.until(() => fake.runners().length === 0);
  });

  it('of a model that is loading does nothing, in silence', async () => {
    const fake = await start();
    const resume = fake.pauseLoads();
    const load = generate(fake, { model: 'a' });
    await fake.until(() => fake.loading() === 'a:latest');
    expect((await generate(fake, { model: 'a', keep_alive: 0 })).body['done_reason']).toBe('unload');
    resume();
    expect((await load).body['done_reason']).toBe('load');
    expect(fake.runners()).toMatchObject([{ name: 'a:latest', keepAliveMs: 300_000 }]);
  });

  it('lets a request finish that slipped in before it, and then happens whatever keep_alive that brought', async () => {
    const fake = await start();
    await generate(fake, { model: 'a' });
    const slipping = fake.hold('a', { keepAliveMs: 3_600_000 });
    fake.unloadByOther('a');
    const { end } = await slipping;
    await pause(60);
    expect(fake.runners()).toMatchObject([{ blob: 'blob-a', inUse: 1 }]);
    end();
    await fake.until(() => fake.runners().length === 0);
  });

  it('of what is not loaded is fine, of what is not installed 404', async () => {
    const fake = await start();
    expect((await generate(fake, { model: 'a', keep_alive: 0 })).status).toBe(200);
    expect(await generate(fake, { model: 'zzz', keep_alive: 0 })).toMatchObject({ status: 404, body: { error: "model 'zzz' not found" } });
  });

  it('works through /api/chat, and through /api/generate for embedding models', async () => {
    const fake = await start();
    await call(fake, 'POST', '/api/embed', { model: 'embedder' });
    await generate(fake, { model: 'a' });
    expect((await generate(fake, { model: 'embedder', keep_alive: 0 })).status).toBe(200);
    expect((await call(fake, 'POST', '/api/chat', { model: 'a', messages: [], keep_alive: 0 })).body).toMatchObject({ done_reason: 'unload' });
    await fake.until(() => fake.runners().length === 0);
  });

  it('through /api/embed loads first and lets go then', async () => {
    const fake = await start();
    expect((await call(fake, 'POST', '/api/embed', { model: 'embedder', keep_alive: 0 })).body).toEqual({ model: 'embedder', embeddings: [] });
    expect(fake.loadsStarted).toHaveLength(1);
    await fake.until(() => fake.runners().length === 0);
  });
});

describe('names of the same weights', () => {
  it('share one runner, listed under the name that loaded it', async () => {
    const fake = await start();
    await generate(fake, { model: 'a-alias' });
    expect((await generate(fake, { model: 'A' })).status).toBe(200);
    expect(names(await ps(fake))).toEqual(['a-alias']);
    expect(fake.loadsStarted).toHaveLength(1);
    await generate(fake, { model: 'a', keep_alive: 0 });
    await fake.until(() => fake.runners().length === 0);
  });

  it('can unload for each other after one was deleted; with the last gone nobody can', async () => {
    const fake = await start();
    await generate(fake, { model: 'a' });
    expect((await call(fake, 'DELETE', '/api/delete', { model: 'a' })).status).toBe(200);
    expect(names(await ps(fake))).toEqual(['a']);
    await call(fake, 'DELETE', '/api/delete', { model: 'a-alias' });
    expect((await generate(fake, { model: 'a-alias', keep_alive: 0 })).status).toBe(404);
    expect(fake.runners()).toHaveLength(1);
  });

  it('part when new weights come under an old name', async () => {
    const fake = await start();
    await generate(fake, { model: 'a' });
    fake.install({ name: 'a', blob: 'new-a', loadMs: 5 });
    fake.uninstall('a-alias');
    await generate(fake, { model: 'a', keep_alive: 0 });
    expect(fake.runners().map((runner) => runner.blob)).toEqual(['blob-a']);
    await generate(fake, { model: 'a' });
    expect(names(await ps(fake))).toEqual(['a', 'a']);
  });
});
