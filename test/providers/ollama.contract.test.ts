import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Provider } from '../../main/providers/provider.ts';
import { contextLength, fakeSubject, list, load, look, modelOf, never, providerFor, realSubject, seen, until } from './ollama-subject.ts';
import type { Subject } from './ollama-subject.ts';

const realHost = process.env['AIRDOCK_TEST_OLLAMA_HOST'];

/** What every Ollama must do with Airdock's provider: run against the fake of each generation, and against a real server where one is given. */
describe.each([
  ...(['0.12', '0.24', '0.33'] as const).map((version) => ({ label: `fake ${version}`, start: (): Promise<Subject> => fakeSubject(version) })),
  ...(realHost === undefined ? [] : [{ label: `real ${realHost}`, start: () => realSubject(realHost) }]),
])('$label', { timeout: realHost === undefined ? 10_000 : 120_000 }, ({ start }) => {
  let subject: Subject;
  let provider: Provider;
  let one: string, two: string, three: string;

  beforeAll(async () => {
    subject = await start();
    [one, two, three] = subject.names;
  }, 60_000);
  afterAll(() => subject.close());
  beforeEach(() => {
    provider = providerFor(subject.url);
  });
  afterEach(async () => {
    await provider.stop();
    for (const name of subject.names) await subject.other.unload(name);
    await until(subject.other.listed, (listed) => listed.length === 0, 30_000);
  }, 60_000);

  it('is up, with a version and what is installed', async () => {
    const report = await provider.poll({ catalog: true, signal: never });
    expect(report.status).toMatchObject({ status: 'up', url: subject.url, problem: null, incarnation: '1' });
    expect(report.status.version).toMatch(/^\d+\.\d+/);
    expect(report.loaded).toEqual([]);
    const model = report.models?.find(({ providerName }) => providerName === one);
    expect(model).toMatchObject({ id: `ollama/${one}`, contextLength, capabilities: expect.arrayContaining(['completion']) as string[], problem: null });
    expect(model?.weights).toMatch(/^ollama:sha256-[0-9a-f]{64}$/);
    expect(model?.estimate.ram).toBeGreaterThan(model?.sizeBytes ?? 0);
    expect(model?.maxContextLength).toBeGreaterThanOrEqual(contextLength);
    expect(report.models?.every(({ id }) => id.startsWith('ollama/'))).toBe(true);
  });

  it('answers a look without a catalogue with what is in memory only', async () => {
    await list(provider);
    expect(await look(provider)).toMatchObject({ models: null, loaded: [], status: { status: 'up' } });
  });

  it('loads, and lists what is loaded', async () => {
    const model = await modelOf(provider, one);
    const before = Date.now();
    const outcome = await load(provider, model);
    expect(outcome).toMatchObject({ ok: true, contextLength, device: 'cpu' });
    if (outcome.ok) expect(outcome.footprint.ram).toBeGreaterThan(model.sizeBytes / 2);
    const loaded = await seen(provider, model.weights);
    expect(loaded).toMatchObject({ id: model.id, name: one, contextLength, lastUsed: null });
    expect(loaded?.busy).not.toBe(true);
    expect(loaded?.expiresAt).toBeGreaterThan(before + 350_000);
    expect(loaded?.expiresAt).toBeLessThan(Date.now() + 361_000);
  });

  it('shows no expiry where nothing is to expire', async () => {
    const model = await modelOf(provider, one);
    expect(await load(provider, model, { keepAliveMs: Infinity })).toMatchObject({ ok: true });
    expect(await seen(provider, model.weights)).toMatchObject({ expiresAt: null, lastUsed: null });
    await subject.other.ask(one, 2);
    const used = await seen(provider, model.weights);
    expect(used?.expiresAt).toBeNull();
    expect(Math.abs((used?.lastUsed ?? 0) - Date.now())).toBeLessThan(2_000);
  });

  it('cancels a load in its middle and leaves nothing behind', async () => {
    const model = await modelOf(provider, two);
    const cancel = new AbortController();
    const loading = load(provider, model, { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 15);
    expect(await loading).toMatchObject({ ok: false, kind: 'cancelled', problem: { code: 'cancelled' } });
    expect((await look(provider)).loaded).toEqual([]);
    expect(await load(provider, model)).toMatchObject({ ok: true });
  });

  it('does not start a load that was cancelled before', async () => {
    expect(await load(provider, await modelOf(provider, two), { signal: AbortSignal.abort() })).toMatchObject({ ok: false, kind: 'cancelled' });
    expect((await look(provider)).loaded).toEqual([]);
  });

  it('gives names of the same weights one identity, and unloads by any of them', async () => {
    await subject.other.copy(one, 'airdock-alias');
    try {
      const models = await list(provider);
      const [original, alias] = [one, 'airdock-alias:latest'].map((name) => models.find(({ providerName }) => providerName === name));
      if (original === undefined || alias === undefined) throw new Error('not listed');
      expect(alias.weights).toBe(original.weights);
      expect(await load(provider, alias)).toMatchObject({ ok: true });
      expect(await seen(provider, original.weights)).toMatchObject({ name: 'airdock-alias:latest', id: alias.id });
      await subject.other.remove('airdock-alias');
      expect(await provider.unload({ weights: original.weights, ifUnusedSince: null }, never)).toEqual({ kind: 'gone' });
      expect((await look(provider)).loaded).toEqual([]);
    } finally {
      await subject.other.remove('airdock-alias').catch(() => undefined);
    }
  });

  it('unloads what is idle, and knows what is not there', async () => {
    const model = await modelOf(provider, one);
    await load(provider, model);
    expect(await provider.unload({ weights: model.weights, ifUnusedSince: Date.now() }, never)).toEqual({ kind: 'gone' });
    expect((await look(provider)).loaded).toEqual([]);
    expect(await provider.unload({ weights: model.weights, ifUnusedSince: null }, never)).toEqual({ kind: 'gone' });
  });

  it('does not unload what was used since', async () => {
    const model = await modelOf(provider, one);
    await load(provider, model);
    await look(provider);
    const decided = Date.now();
    await subject.other.ask(one, 2);
    const outcome = await provider.unload({ weights: model.weights, ifUnusedSince: decided }, never);
    expect(outcome.kind).toBe('in-use');
    if (outcome.kind === 'in-use') expect(outcome.lastUsed).toBeGreaterThan(decided);
    expect(await seen(provider, model.weights)).toBeDefined();
  });

  it('lets a running answer finish, then is gone', async () => {
    const model = await modelOf(provider, one);
    await load(provider, model);
    const answer = subject.other.stream(one, 30);
    await answer.begun;
    expect(await provider.unload({ weights: model.weights, ifUnusedSince: null }, never)).toEqual({ kind: 'gone' });
    expect(await answer.ended).toBeGreaterThan(3);
    expect((await look(provider)).loaded).toEqual([]);
  });

  it('knows a model of another program, and its last use', async () => {
    const { weights } = await modelOf(provider, three);
    await look(provider);
    await subject.other.load(three);
    const first = await seen(provider, weights);
    expect(first).toMatchObject({ name: three, id: `ollama/${three}`, contextLength });
    await subject.other.ask(three, 2);
    const end = Date.now();
    const used = await seen(provider, weights);
    expect(Math.abs((used?.lastUsed ?? 0) - end)).toBeLessThan(500);
    expect((await seen(provider, weights))?.lastUsed).toBe(used?.lastUsed);
  });

  it('sees the first request of another program while it runs', async () => {
    const { weights } = await modelOf(provider, three);
    await look(provider);
    // A real server on a busy machine answers slowly enough as it is.
    const answer = subject.other.stream(three, subject.fake === null ? 30 : 100);
    await until(() => seen(provider, weights), (model) => model?.busy === true, 60_000);
    await answer.ended;
    const end = Date.now();
    const used = await until(() => seen(provider, weights), (model) => model?.busy !== true);
    expect(Math.abs((used?.lastUsed ?? 0) - end)).toBeLessThan(1_000);
  });

  it('sees a use by another program that has its own keep-alive', async () => {
    const model = await modelOf(provider, one);
    await load(provider, model);
    await look(provider);
    await subject.other.ask(one, 2, '30m');
    const end = Date.now();
    expect(Math.abs(((await seen(provider, model.weights))?.lastUsed ?? 0) - end)).toBeLessThan(2_000);
  });

  it('takes what was there before it for used lately rather than long ago', async () => {
    await subject.other.load(one);
    const { weights } = await modelOf(provider, one);
    const model = await seen(provider, weights);
    expect(Math.abs((model?.lastUsed ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('moves the expiry of an idle runner without that being a use or a reload', async () => {
    const model = await modelOf(provider, one);
    await load(provider, model);
    await subject.other.ask(one, 2);
    const before = await seen(provider, model.weights);
    expect(await provider.rearm(model.weights, 1_800_000)).toEqual({ ok: true });
    const after = await seen(provider, model.weights);
    expect(after?.lastUsed).toBe(before?.lastUsed);
    expect(after?.contextLength).toBe(contextLength);
    expect(after?.expiresAt).toBeGreaterThan(Date.now() + 1_790_000);
    expect(await provider.unload({ weights: model.weights, ifUnusedSince: after?.lastUsed ?? 0 }, never)).toEqual({ kind: 'gone' });
    expect(await provider.rearm(model.weights, 60_000)).toEqual({ ok: false });
  });

  it('says what it has after a context size was asked that the model was not trained for', async () => {
    const model = await modelOf(provider, one);
    const asked = 1_000_000;
    const large = providerFor(subject.url, { contextLengthFor: () => asked });
    expect((await modelOf(large, one)).contextLength).toBe(model.maxContextLength);
    await large.stop();
  });

  it('reloads at another context size', async () => {
    const model = await modelOf(provider, one);
    await load(provider, model);
    expect(await load(provider, model, { contextLength: 512 })).toMatchObject({ ok: true, contextLength: 512 });
    expect(await seen(provider, model.weights)).toMatchObject({ contextLength: 512, lastUsed: null });
  });

  it('generates a few tokens, which is a use', async () => {
    const model = await modelOf(provider, one);
    await load(provider, model);
    const answer = await provider.generate({ id: model.id, prompt: 'Say hello.', maxTokens: 4, signal: never });
    expect(answer).toMatchObject({ ok: true });
    if (answer.ok) expect(answer.tokens).toBeGreaterThan(0);
    const used = await seen(provider, model.weights);
    expect(used).toMatchObject({ contextLength });
    expect(Math.abs((used?.lastUsed ?? 0) - Date.now())).toBeLessThan(2_000);
    expect(await provider.generate({ id: 'ollama/nope:latest', prompt: '', maxTokens: 1, signal: never })).toMatchObject({ ok: false, problem: { code: 'unknown-model' } });
  });

  it('cancels an answer', async () => {
    const model = await modelOf(provider, one);
    await load(provider, model);
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 50);
    const answer = await provider.generate({ id: model.id, prompt: 'Count to a thousand.', maxTokens: 500, signal: cancel.signal });
    expect(answer).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
  });

  it('says in its words that a model is no longer there', async () => {
    const model = await modelOf(provider, one);
    const gone = { ...model, id: 'ollama/nope:latest', providerName: 'nope:latest', weights: 'ollama:nope' };
    const outcome = await load(provider, gone);
    expect(outcome).toMatchObject({ ok: false, kind: 'failed', problem: { code: 'unknown-model' } });
    if (!outcome.ok) expect(outcome.problem.message).toContain('not found');
  });
});
