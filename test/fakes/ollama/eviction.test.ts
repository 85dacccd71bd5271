import { describe, expect, it } from 'vitest';
import { answerFor, fakes, generate, names, pause, ps } from './harness.ts';

const start = fakes();
const mib = 2 ** 20;

describe('eviction at the count limit', () => {
  it('takes the smallest keep_alive, not the least recently used', async () => {
    const fake = await start({ maxLoaded: 2 });
    await generate(fake, { model: 'a', keep_alive: '2h' });
    await generate(fake, { model: 'b', keep_alive: '1m' });
    await generate(fake, { model: 'c' });
    expect(names(await ps(fake))).toEqual(['a', 'c']);
  });

  it('takes one of those at -1 as well, by blob', async () => {
    const fake = await start({
      maxLoaded: 2,
      models: ['b', 'a', 'c'].map((name) => ({ name, blob: name.repeat(64), loadMs: 5 })),
    });
    for (const model of ['b', 'a']) await generate(fake, { model, keep_alive: -1 });
    await generate(fake, { model: 'c' });
    expect(names(await ps(fake))).toEqual(['b', 'c']);
  });

  it('prefers an idle one to a busy one with a smaller keep_alive', async () => {
    const fake = await start({ maxLoaded: 2 });
    await generate(fake, { model: 'a', keep_alive: '1m' });
    await generate(fake, { model: 'b', keep_alive: '2h' });
    await fake.hold('a');
    await generate(fake, { model: 'c' });
    expect(names(await ps(fake))).toEqual(['a', 'c']);
  });

  it('waits where all are busy, and shows nothing of it', async () => {
    const fake = await start({ maxLoaded: 1 });
    await generate(fake, { model: 'a' });
    const { end } = await fake.hold('a');
    const load = generate(fake, { model: 'b' });
    await fake.until(() => fake.runners()[0]?.keepAliveMs === 0);
    expect(names(await ps(fake))).toEqual(['a']);
    expect(fake.loading()).toBeNull();
    end();
    await load;
    expect(names(await ps(fake))).toEqual(['b']);
  });
});

describe('the deadlock (#17408)', () => {
  it('comes about when the victim is wanted again with a keep_alive; unloading something ends it', async () => {
    const fake = await start({ maxLoaded: 1 });
    await generate(fake, { model: 'a' });
    const { end } = await fake.hold('a');
    let arrived = false;
    const load = generate(fake, { model: 'b' }).then(() => (arrived = true));
    await fake.until(() => fake.runners()[0]?.keepAliveMs === 0);
    await generate(fake, { model: 'a', keep_alive: '5m' });
    end();
    await pause(60);
    expect(arrived).toBe(false);
    // All else answers.
    expect(names(await ps(fake))).toEqual(['a']);
    expect((await answerFor(fake, 'a', 1)).status).toBe(200);
    await generate(fake, { model: 'a', keep_alive: 0 });
    await load;
    expect(names(await ps(fake))).toEqual(['b']);
  });

  it('can be had at will', async () => {
    const fake = await start();
    await generate(fake, { model: 'a' });
    fake.jamLoads();
    let arrived = false;
    const load = generate(fake, { model: 'b' }).then(() => (arrived = true));
    await pause(50);
    expect(arrived).toBe(false);
    await generate(fake, { model: 'a', keep_alive: 0 });
    await load;
    await generate(fake, { model: 'c' });
    fake.jamLoads();
    const again = generate(fake, { model: 'a' });
    await fake.until(() => fake.requests.length === 5);
    fake.jamLoads(false);
    expect((await again).status).toBe(200);
  });
});

describe('memory', () => {
  const models = ['a', 'b', 'c'].map((name) => ({ name, blob: name, loadMs: 5, ramBytes: 400 * mib }));

  it('is looked at by older servers: they make room, or refuse', async () => {
    const fake = await start({ version: '0.24', models, memory: { totalBytes: 1000 * mib, otherBytes: 100 * mib } });
    for (const model of ['a', 'b', 'c']) expect((await generate(fake, { model })).status).toBe(200);
    expect(fake.runners()).toHaveLength(2);
    fake.setOtherBytes(700 * mib);
    const answer = await generate(fake, { model: 'a', options: { num_ctx: 2048 } });
    expect(answer).toMatchObject({
      status: 500,
      body: { error: 'model requires more system memory (355.0 MiB) than is available (300.0 MiB)' },
    });
    expect(fake.runners()).toEqual([]);
  });

  it('is run into by newer ones: all others go, once more, then the failure is told', async () => {
    const fake = await start({ version: '0.33', models, memory: { totalBytes: 1000 * mib } });
    for (const model of ['a', 'b']) await generate(fake, { model });
    expect((await generate(fake, { model: 'c' })).status).toBe(200);
    expect(names(await ps(fake))).toEqual(['c']);
    expect(fake.loadsStarted.map((each) => each.name)).toEqual(['a:latest', 'b:latest', 'c:latest', 'c:latest']);
    fake.setOtherBytes(900 * mib);
    const answer = await generate(fake, { model: 'a' });
    expect(answer.status).toBe(500);
    expect(answer.body['error']).toMatch(/out-of-memory.*failed to allocate/);
    expect(fake.runners()).toEqual([]);
  });

  it('of a GPU is kept free to a fifth when one is loaded beside others', async () => {
    const onGpu = models.map((model) => ({ ...model, gpuShare: 1 }));
    const fake = await start({ models: onGpu, gpu: { totalBytes: 1000 * mib } });
    await generate(fake, { model: 'a', keep_alive: '1h' });
    expect(await ps(fake)).toMatchObject([{ size: 400 * mib, size_vram: 400 * mib }]);
    await generate(fake, { model: 'b' });
    expect(names(await ps(fake))).toEqual(['a', 'b']);
    await generate(fake, { model: 'c' });
    expect(names(await ps(fake))).toEqual(['a', 'c']);
  });
});
