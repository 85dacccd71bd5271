import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Provider } from '../../main/providers/provider.ts';
import type { FakeOllama, FaultKind } from '../fakes/ollama/index.ts';
import { fakeSubject, load, look, modelOf, never, providerFor, seen, until } from './ollama-subject.ts';

const timeLimits = { version: 250, ps: 250, tags: 250, show: 250, unload: 250, touch: 250 };
const kinds = ['garbage', 'half', 'status500', 'hang', 'reset', 'html', 'empty', 'shape'] as const satisfies FaultKind[];

/** One sentence that a person can read: no stack, no code names, no HTML. */
function expectSentence(text: string | undefined): void {
  expect(text).toMatch(/^[A-Z].{15,250}\.$/);
  expect(text).not.toMatch(/Error|undefined|null|<|ECONN|zod/);
}

let fake: FakeOllama;
let provider: Provider;
beforeEach(async () => {
  ({ fake } = await fakeSubject('0.33'));
  provider = providerFor(fake.url, { timeLimits, loadLimitMs: () => 1_500 });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await provider.stop();
  await fake.close();
});

describe.each(kinds)('an answer that is %s', (kind) => {
  // Only an answer that never comes has to be waited for: a busy machine must not look like one.
  beforeEach(async () => {
    if (kind === 'hang') return;
    await provider.stop();
    provider = providerFor(fake.url, { loadLimitMs: () => 10_000 });
  });

  it.each(['/api/version', '/api/tags', '/api/ps'])('on %s shows Ollama as down with the reason, until it is over', async (route) => {
    const quiet = [vi.spyOn(console, 'log'), vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')];
    const end = fake.fault({ route, kind });
    const broken = await provider.poll({ catalog: true, signal: never });
    expect(broken.status).toMatchObject({ status: expect.stringMatching(kind === 'hang' && route === '/api/tags' ? 'starting' : 'down') as string, problem: { code: 'provider-down' } });
    expectSentence(broken.status.problem?.message);
    expect(broken.status.problem?.hint).toBeTruthy();
    if (route === '/api/tags') expect(broken).toMatchObject({ models: null, loaded: [] });
    else expect(broken.loaded).toBeNull();
    end();
    const healed = await provider.poll({ catalog: true, signal: never });
    expect(healed.status).toMatchObject({ status: 'up', problem: null, incarnation: '1' });
    expect(healed.models).toHaveLength(3);
    expect(healed.loaded).toEqual([]);
    for (const spy of quiet) expect(spy).not.toHaveBeenCalled();
  });

  it('on /api/show leaves every model listed and loadable', async () => {
    fake.fault({ route: '/api/show', kind });
    const report = await provider.poll({ catalog: true, signal: never });
    expect(report.models).toHaveLength(3);
    const model = await modelOf(provider, 'one:latest');
    expect(model.estimate.ram).toBeGreaterThan(model.sizeBytes);
    expect(await load(provider, model)).toMatchObject({ ok: true });
    expect(await seen(provider, model.weights)).toMatchObject({ id: 'ollama/one:latest' });
    expect(await provider.unload({ weights: model.weights, ifUnusedSince: null }, never)).toEqual({ kind: 'gone' });
  });

  it('on a load fails that load in words', async () => {
    const model = await modelOf(provider, 'one:latest');
    fake.fault({ route: '/api/generate', kind });
    const outcome = await load(provider, model);
    const expected = kind === 'hang' ? 'timeout' : kind === 'half' || kind === 'reset' ? 'provider-down' : 'failed';
    expect(outcome).toMatchObject({ ok: false, kind: expected });
    if (!outcome.ok) expectSentence(outcome.problem.message);
    fake.clearFaults();
    expect(await load(provider, model)).toMatchObject({ ok: true });
  });

  it('on an answer fails that answer in words', async () => {
    const model = await modelOf(provider, 'one:latest');
    await load(provider, model);
    fake.fault({ route: '/api/generate', kind });
    const signal = kind === 'hang' ? AbortSignal.timeout(100) : never;
    const outcome = await provider.generate({ id: model.id, prompt: 'Hi', maxTokens: 3, signal });
    expect(outcome).toMatchObject({ ok: false });
    if (!outcome.ok) expectSentence(outcome.problem.message);
  });

  it('on an unload neither hangs nor claims that it is gone', async () => {
    const model = await modelOf(provider, 'one:latest');
    await load(provider, model);
    fake.fault({ route: '/api/generate', kind });
    const outcome = await provider.unload({ weights: model.weights, ifUnusedSince: null }, AbortSignal.timeout(600));
    // "half" reached Ollama before the connection broke: there it is gone indeed.
    expect(outcome.kind).toBe(kind === 'half' ? 'gone' : 'failed');
    if (outcome.kind === 'failed') expectSentence(outcome.problem.message);
    fake.clearFaults();
    expect(await provider.unload({ weights: model.weights, ifUnusedSince: null }, never)).toEqual({ kind: 'gone' });
  });

  it('while it waits for an unload does not end the wait', async () => {
    const model = await modelOf(provider, 'one:latest');
    await load(provider, model);
    fake.neverLetGo('one');
    const leaving = provider.unload({ weights: model.weights, ifUnusedSince: null }, never);
    await fake.until(() => fake.requests.some(({ path, body }) => path === '/api/generate' && JSON.stringify(body).includes('"keep_alive":0')));
    fake.fault({ route: '/api/ps', kind, times: 2 });
    fake.letGo('one');
    expect(await leaving).toEqual({ kind: 'gone' });
  });

  it('when a runner is to be touched leaves things as they are', async () => {
    const model = await modelOf(provider, 'one:latest');
    await load(provider, model);
    const before = await seen(provider, model.weights);
    fake.fault({ route: '/api/generate', kind });
    expect(await provider.rearm(model.weights, 900_000)).toEqual({ ok: false });
    fake.clearFaults();
    // A touch that was carried out although its answer was lost is still not a use.
    if (kind !== 'half') expect(await seen(provider, model.weights)).toMatchObject({ lastUsed: null, expiresAt: before?.expiresAt });
  });
});

describe('a slow server', () => {
  it('is waited for', async () => {
    fake.fault({ route: '*', kind: 'slow', delayMs: 120 });
    const report = await provider.poll({ catalog: true, signal: never });
    expect(report).toMatchObject({ status: { status: 'up' }, loaded: [] });
    expect(report.models).toHaveLength(3);
  });

  it('does not hold up the caller who leaves', async () => {
    fake.fault({ route: '*', kind: 'hang' });
    const leave = new AbortController();
    const started = Date.now();
    setTimeout(() => leave.abort(), 30);
    const report = await provider.poll({ catalog: true, signal: leave.signal });
    expect(Date.now() - started).toBeLessThan(220);
    expect(report).toMatchObject({ models: null, loaded: null });
  });

  it('that does not say what is in memory is down after that limit, although it lives', async () => {
    await look(provider);
    fake.fault({ route: '/api/ps', kind: 'hang' });
    expect((await look(provider)).status.problem?.message).toContain('what it has in memory');
  });

  it('that does not even tell its version is down at once', async () => {
    const patient = providerFor(fake.url, { timeLimits: { version: 100, ps: 60_000 } });
    fake.fault({ route: '*', kind: 'hang' });
    expect((await look(patient)).status.status).toBe('down');
    await patient.stop();
  });
});

it('asks again by itself for a list that it could not have', async () => {
  let clock = Date.now();
  const timed = providerFor(fake.url, { timeLimits, now: () => clock });
  const end = fake.fault({ route: '/api/tags', kind: 'garbage' });
  await timed.poll({ catalog: true, signal: never });
  end();
  expect((await look(timed)).status.status).toBe('down');
  clock += 11_000;
  const report = await look(timed);
  expect(report).toMatchObject({ status: { status: 'up' } });
  expect(report.models).toHaveLength(3);
  await timed.stop();
});

it('describes each digest once, and never more than two at a time', async () => {
  let most = 0;
  const end = fake.fault({ route: '/api/show', kind: 'slow', delayMs: 60 });
  const counting = setInterval(() => {
    const recent = fake.requests.filter(({ path, at }) => path === '/api/show' && Date.now() - at < 55);
    most = Math.max(most, recent.length);
  }, 5);
  await provider.poll({ catalog: true, signal: never });
  await provider.poll({ catalog: true, signal: never });
  clearInterval(counting);
  end();
  await until(() => fake.requests.filter(({ path }) => path === '/api/show').length, (count) => count === 3);
  expect(most).toBeLessThanOrEqual(2);
});
