import { describe, expect, it } from 'vitest';
import { answerFor, call, expiry, fakes, generate, names, pause, ps } from './harness.ts';

const start = fakes();
const minutes = (n: number): number => n * 60_000;

describe('expires_at', () => {
  it('is set at the end of a load by empty prompt, and stands still', async () => {
    const fake = await start();
    await generate(fake, { model: 'a', keep_alive: '90s' });
    const first = expiry((await ps(fake))[0]);
    expect(Math.abs(first - Date.now() - 90_000)).toBeLessThan(5000);
    await pause(15);
    expect(expiry((await ps(fake))[0])).toBe(first);
  });

  it('moves with the clock while the very first request runs', async () => {
    const fake = await start();
    const { end } = await fake.hold('a', { keepAliveMs: minutes(10) });
    const before = Date.now();
    const early = expiry((await ps(fake))[0]);
    expect(early).toBeGreaterThanOrEqual(before + minutes(10));
    await pause(30);
    const later = expiry((await ps(fake))[0]);
    expect(later - early).toBeGreaterThanOrEqual(25);
    end();
    const still = expiry((await ps(fake))[0]);
    await pause(5);
    expect(expiry((await ps(fake))[0])).toBe(still);
  });

  it('is not touched while a later request runs, so that it can lie in the past', async () => {
    let aheadMs = 0;
    const fake = await start({ now: () => Date.now() + aheadMs });
    await generate(fake, { model: 'a', keep_alive: '10m' });
    const before = expiry((await ps(fake))[0]);
    const { end } = await fake.hold('a');
    aheadMs = minutes(30);
    expect(expiry((await ps(fake))[0])).toBe(before);
    end();
    expect(expiry((await ps(fake))[0])).toBeGreaterThanOrEqual(before + minutes(29));
  });

  it('stays stale until the last of overlapping requests has ended', async () => {
    const fake = await start();
    await generate(fake, { model: 'a' });
    const before = expiry((await ps(fake))[0]);
    const long = await fake.hold('a');
    await pause(5);
    await answerFor(fake, 'a', 1);
    expect(expiry((await ps(fake))[0])).toBe(before);
    long.end();
    expect(expiry((await ps(fake))[0])).toBeGreaterThan(before);
  });

  it('is some 292 years away for keep_alive -1, with the moment of last use still in it', async () => {
    const fake = await start();
    const before = Date.now();
    await generate(fake, { model: 'a', keep_alive: -1 });
    const [entry] = await ps(fake);
    expect(entry?.expires_at).toMatch(/^23\d\d-/);
    const lastIdle = expiry(entry) - 9223372036854.775;
    expect(lastIdle).toBeGreaterThanOrEqual(before - 1);
    expect(lastIdle).toBeLessThanOrEqual(Date.now() + 1);
  });

  it('carries nanoseconds and the zone of the server', async () => {
    const fake = await start({ zoneMinutes: -420 });
    await generate(fake, { model: 'a' });
    const [entry] = await ps(fake);
    expect(entry?.expires_at).toMatch(/\.\d{4,9}-07:00$/);
    expect(Math.abs(expiry(entry) - Date.now() - minutes(5))).toBeLessThan(5000);
  });

  it('stays in the future for a model on its way out for another one', async () => {
    const fake = await start({ maxLoaded: 1 });
    await generate(fake, { model: 'a' });
    const before = expiry((await ps(fake))[0]);
    const { end } = await fake.hold('a');
    const load = generate(fake, { model: 'b' });
    await fake.until(() => fake.runners()[0]?.keepAliveMs === 0);
    expect(expiry((await ps(fake))[0])).toBe(before);
    end();
    await load;
    expect(names(await ps(fake))).toEqual(['b']);
  });
});

describe('keep_alive', () => {
  it('sticks to the runner: a request without it leaves the old value', async () => {
    const fake = await start();
    await generate(fake, { model: 'a', keep_alive: '1h' });
    await answerFor(fake, 'a', 1);
    expect(expiry((await ps(fake))[0])).toBeGreaterThan(Date.now() + minutes(59));
    await generate(fake, { model: 'a', keep_alive: '2m' });
    expect(expiry((await ps(fake))[0])).toBeLessThan(Date.now() + minutes(3));
  });

  it('is not read by the OpenAI routes', async () => {
    const fake = await start();
    await generate(fake, { model: 'a', keep_alive: '1h' });
    const body = { model: 'a', keep_alive: 0, max_tokens: 1, messages: [{ role: 'user', content: 'hi' }] };
    expect((await call(fake, 'POST', '/v1/chat/completions', body)).status).toBe(200);
    expect(fake.runners()[0]?.keepAliveMs).toBe(3_600_000);
  });

  it('ends an idle model by itself', async () => {
    const fake = await start();
    await generate(fake, { model: 'a', keep_alive: '40ms' });
    await fake.until(() => fake.runners().length === 0);
    expect(fake.loadsStarted).toHaveLength(1);
  });

  it('of 0 with a prompt ends the model after the answer', async () => {
    const fake = await start();
    const { text } = await answerFor(fake, 'a', 2, { keep_alive: 0 });
    expect(text.trim().split('\n')).toHaveLength(3);
    expect(text).toContain('"done_reason":"length"');
    await fake.until(() => fake.runners().length === 0);
  });

  it.each([
    [undefined, 300_000],
    [null, 300_000],
    [90, 90_000],
    [1.5, 1500],
    ['1h30m', 5_400_000],
    ['+250ms', 250],
    [-0.1, Infinity],
    ['-1s', Infinity],
  ])('%j means %j ms', async (given, expected) => {
    const fake = await start();
    expect((await generate(fake, { model: 'a', ...(given === undefined ? {} : { keep_alive: given }) })).body['done_reason']).toBe('load');
    expect(fake.runners()[0]?.keepAliveMs).toBe(expected);
  });

  it.each([0, '0', '0s', '0m', '-0s'])('%j is an unload', async (zero) => {
    const fake = await start();
    await generate(fake, { model: 'a' });
    expect((await generate(fake, { model: 'a', keep_alive: zero })).body['done_reason']).toBe('unload');
    await fake.until(() => fake.runners().length === 0);
  });

  it.each([
    ['300', 'time: missing unit in duration "300"'],
    ['-1', 'time: missing unit in duration "-1"'],
    ['1h30', 'time: missing unit in duration "1h30"'],
    ['abc', 'time: invalid duration "abc"'],
    ['', 'time: invalid duration ""'],
    ['1d', 'time: unknown unit "d" in duration "1d"'],
    [true, "Unsupported type: 'bool'"],
    [{}, "Unsupported type: 'map[string]interface {}'"],
    [[], "Unsupported type: '[]interface {}'"],
  ])('%j is refused before anything else', async (given, error) => {
    const fake = await start();
    const answer = await generate(fake, { model: 'nope', keep_alive: given });
    expect(answer).toMatchObject({ status: 400, body: { error } });
    expect(fake.loadsStarted).toEqual([]);
  });

  it('too large for the server makes the model leave at once', async () => {
    const fake = await start();
    expect((await generate(fake, { model: 'a', keep_alive: 1e300 })).body['done_reason']).toBe('load');
    await fake.until(() => fake.runners().length === 0);
  });
});
