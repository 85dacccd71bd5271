import { describe, inject, it, type TestContext } from 'vitest';
import type { LoadedModel, Outcome, Problem, ProviderView } from '../../contract/index.ts';
import { startFakeOllama, type FakeOllama, type FakeOllamaOptions } from '../fakes/ollama/index.ts';
import { load, startApp, type App } from './airdock.ts';
import { newPlace } from './place.ts';
import { until } from './until.ts';

const MIB = 1024 * 1024;

interface Both {
  app: App;
  fake: FakeOllama;
}

/** The app beside an Ollama with three models, watched as by an open dashboard, so that it looks every second. */
async function start(test: TestContext, { models = {}, samples = [], ollama = {} }: { models?: object; samples?: readonly string[]; ollama?: FakeOllamaOptions } = {}): Promise<Both> {
  const fake = await startFakeOllama({ models: ['one', 'two', 'three'].map((name) => ({ name, blob: name, ramBytes: 200 * MIB, loadMs: 30 })), ...ollama });
  test.onTestFinished(() => fake.close());
  const app = await startApp(test, await newPlace(test, { ollama: fake.url, samples, config: { models } }));
  app.on('state', () => undefined);
  await until(() => ollamaOf(app), ({ status, installed }) => status === 'up' && installed === 3);
  return { app, fake };
}

async function ollamaOf(app: App): Promise<ProviderView> {
  const { state } = await app.getStatus();
  const found = state.providers.find(({ id }) => id === 'ollama');
  if (found === undefined) throw new Error('Ollama is not among the providers');
  return found;
}

const names = (models: readonly { name: string }[]): string[] => models.map(({ name }) => name).sort();
const inMemory = ({ fake }: Both): string[] => names(fake.runners().filter(({ alive }) => alive));

async function only(app: App, holds: (model: LoadedModel) => boolean, deadlineMs?: number): Promise<LoadedModel> {
  const [model] = await until(app.loaded, (models) => models.length === 1 && models.every(holds), deadlineMs);
  if (model === undefined) throw new Error('unreachable');
  return model;
}

async function texts(app: App): Promise<string[]> {
  return (await app.activity()).map(({ text }) => text);
}

function problemOf(outcome: Outcome<unknown>): Problem {
  if (outcome.ok) throw new Error('it succeeded');
  return outcome.problem;
}

describe.concurrent('beside Ollama', () => {
  it.for(['0.12', '0.24', '0.33'] as const)('%s, the app loads and unloads its models', async (version, test) => {
    const { expect } = test;
    const both = await start(test, { ollama: { version, models: [{ name: 'one', blob: 'one', ramBytes: 200 * MIB }, { name: 'two', blob: 'two' }, { name: 'uno', blob: 'one' }] } });
    const { app, fake } = both;
    const one = await load(app, 'one');
    expect(one).toMatchObject({ id: 'ollama/one:latest', state: 'ready', provider: 'ollama', aliases: ['uno'], foreign: false, loadedBy: 'test' });
    expect(one.ramUsed).toBeGreaterThanOrEqual(200 * MIB);
    expect(fake.runners()).toMatchObject([{ name: 'one:latest', keepAliveMs: 360_000, contextLength: 4096 }]);
    expect(await app.loadModel('uno')).toMatchObject({ ok: true, value: { already: true } });
    expect(fake.loadsStarted).toHaveLength(1);
    expect(await app.use('two', (model) => model.generate('What is it?', { maxTokens: 5 }))).toContain('The answer is');
    expect(names(await app.loaded())).toEqual(['one', 'two']);
    expect(await app.unloadModel('uno')).toMatchObject({ ok: true });
    expect(inMemory(both)).toEqual(['two:latest']);
    expect(names(await app.loaded())).toEqual(['two']);
  });

  it('what another program loads is shown as that, stays for its own time, and is seen to go', async (test) => {
    const { expect } = test;
    const { app, fake } = await start(test, { models: { idle_timeout_seconds: 1 } });
    await fake.loadByOther('two', { keepAliveMs: 4_000 });
    const foreign = await only(app, ({ unloadsAt }) => unloadsAt !== null);
    expect(foreign).toMatchObject({ name: 'two', foreign: true, loadedBy: null, loadedAt: null, unloadsBy: 'provider', ramUsed: 200 * MIB });
    expect(Math.abs((foreign.unloadsAt ?? 0) - (fake.runners()[0]?.expiresAt ?? 0))).toBeLessThan(1_000);
    await until(app.loaded, (models) => models.length === 0);
    expect(fake.requests.filter(({ path, body }) => path === '/api/generate' && JSON.stringify(body).includes('keep_alive'))).toEqual([]);
    const told = await texts(app);
    expect(told).toContain('two (0.2 GB) was loaded into Ollama by another program.');
    expect(told).toContain('two left memory: Ollama or another program unloaded it.');
  });

  it('a model of another program becomes Airdock’s with the first wish for it', async (test) => {
    const { expect } = test;
    const both = await start(test, { models: { max_concurrent_loaded: 1 } });
    const { app, fake } = both;
    await fake.loadByOther('one');
    await only(app, ({ foreign }) => foreign);
    expect(await app.loadModel('one')).toMatchObject({ ok: true, value: { already: true, model: { foreign: false } } });
    const plan = await app.canLoadModel('two');
    expect(plan).toMatchObject({ ok: true, value: { canLoad: false, fit: { kind: 'evicts' }, unloads: [{ name: 'one' }] } });
    expect(problemOf(await app.loadModel('two'))).toMatchObject({ code: 'needs-room', message: plan.ok ? plan.value.sentence : '' });
    expect(inMemory(both)).toEqual(['one:latest']);
    expect(await app.loadModel('two', { force: true })).toMatchObject({ ok: true, value: { unloaded: [{ name: 'one' }] } });
    expect(inMemory(both)).toEqual(['two:latest']);
  });

  it('an unused model goes at its timeout, not before', async (test) => {
    const { expect } = test;
    const both = await start(test, { models: { idle_timeout_seconds: 2 } });
    await load(both.app, 'one');
    const loaded = Date.now();
    const { unloadsAt, unloadsBy } = await only(both.app, () => true);
    expect(unloadsBy).toBe('airdock');
    expect(Math.abs((unloadsAt ?? 0) - loaded - 2_000)).toBeLessThan(500);
    await until(() => inMemory(both), (running) => running.length === 0);
    const lasted = Date.now() - loaded;
    expect(lasted).toBeGreaterThan(1_800);
    expect(lasted).toBeLessThan(4_000);
    await until(both.app.loaded, (models) => models.length === 0);
    expect((await both.app.activity())[0]).toMatchObject({ kind: 'unloaded', reason: 'idle', text: 'one (0.2 GB) was unloaded after 2 s without use.' });
  });

  it('what Ollama loses by a restart is offered again', async (test) => {
    const { expect } = test;
    const both = await start(test);
    const { app, fake } = both;
    await load(app, 'one');
    await load(app, 'two');
    await fake.goDown();
    // A look that was under way when it ended is broken off; the next one finds nobody.
    const nobody = `Nothing answers at ${fake.url}.`;
    await until(() => ollamaOf(app), ({ status, problem }) => status === 'down' && problem?.message === nobody);
    expect(problemOf(await app.loadModel('three'))).toMatchObject({ code: 'provider-down', message: nobody });
    await fake.comeUp();
    const up = await until(() => ollamaOf(app), ({ lost }) => lost.length > 0);
    expect(up).toMatchObject({ status: 'up', problem: null });
    expect(names(up.lost)).toEqual(['one', 'two']);
    expect(await app.loaded()).toEqual([]);
    expect(await app.call('reloadLost', { provider: 'ollama' })).toMatchObject({ ok: true, value: { text: '2 models were loaded again.' } });
    expect(inMemory(both)).toEqual(['one:latest', 'two:latest']);
    expect((await ollamaOf(app)).lost).toEqual([]);
    expect(await texts(app)).toEqual(expect.arrayContaining([expect.stringMatching(/^(Nothing answers at|Ollama at .* broke off its answer)/), 'Ollama is running.', 'one was in memory before Ollama stopped.']));
  });

  it('a model that does not let go is told as that, and its memory stays booked until it does', async (test) => {
    const { expect } = test;
    const { app, fake } = await start(test);
    await load(app, 'one');
    fake.neverLetGo('one');
    const asked = Date.now();
    const refused = problemOf(await app.unloadModel('one'));
    expect(refused).toMatchObject({ code: 'not-letting-go', message: 'one was asked to leave memory 15 s ago and is not letting go.', hint: expect.any(String) });
    expect(Date.now() - asked).toBeLessThan(18_000);
    expect(await only(app, () => true)).toMatchObject({ state: 'stuck', ramUsed: 200 * MIB });
    expect((await app.getStatus()).state.memory?.models).toBe(200 * MIB);
    expect(await app.loadModel('two')).toMatchObject({ ok: true });
    fake.letGo('one');
    await only(app, ({ name }) => name === 'two');
    expect(await texts(app)).toContain('one has let go of its memory.');
  });

  it('while Ollama answers nonsense it is down with the reason, and llama.cpp goes on', async (test) => {
    const { expect } = test;
    const { app, fake } = await start(test, { samples: inject('sampleFiles') });
    await load(app, 'one');
    fake.fault({ route: '*', kind: 'garbage' });
    const down = await until(() => ollamaOf(app), ({ status }) => status === 'down');
    expect(down.problem).toMatchObject({ code: 'provider-down', message: expect.stringMatching(/^[A-Z].+\.$/) });
    expect(await app.loadModel('sample-small')).toMatchObject({ ok: true });
    expect(problemOf(await app.loadModel('two'))).toMatchObject({ code: 'provider-down' });
    // What was there is not forgotten for one bad answer.
    expect(names(await app.loaded())).toEqual(['one', 'sample-small']);
    expect(await app.unloadModel('sample-small')).toMatchObject({ ok: true });
    fake.clearFaults();
    await until(() => ollamaOf(app), ({ status }) => status === 'up');
    expect(names(await app.loaded())).toEqual(['one']);
    expect(app.process.stderr).toBe('');
  });

  it('an answer that never comes holds up nothing else', async (test) => {
    const { expect } = test;
    const { app, fake } = await start(test, { samples: inject('sampleFiles') });
    fake.fault({ route: '*', kind: 'hang' });
    const begun = Date.now();
    expect(await app.loadModel('sample-small')).toMatchObject({ ok: true });
    await app.getStatus();
    expect(Date.now() - begun).toBeLessThan(10_000);
    await app.stop();
    expect(await app.process.ended).toEqual({ code: 0, signal: null });
  });

  it('an Ollama that appears while Airdock runs is found, and one that was never there is only absent', async (test) => {
    const { expect } = test;
    const fake = await startFakeOllama({ models: [{ name: 'late', blob: 'late' }] });
    await fake.goDown();
    test.onTestFinished(() => fake.close());
    const app = await startApp(test, await newPlace(test, { ollama: fake.url }));
    app.on('state', () => undefined);
    expect(await until(() => ollamaOf(app), ({ status }) => status !== 'starting')).toMatchObject({ status: 'absent' });
    await fake.comeUp();
    await until(() => app.getStatus(), ({ models }) => models.some(({ name }) => name === 'late'), 35_000);
    expect((await ollamaOf(app)).lost).toEqual([]);
    expect(await app.loadModel('late')).toMatchObject({ ok: true });
  });

  it('a load that hangs behind a stuck queue of Ollama is noticed and freed by unloading what is unused', async (test) => {
    const { expect } = test;
    const both = await start(test);
    const { app, fake } = both;
    await load(app, 'one');
    fake.jamLoads();
    expect(await app.loadModel('two')).toMatchObject({ ok: true, value: { model: { name: 'two' } } });
    expect(inMemory(both)).toEqual(['two:latest']);
    expect(await texts(app)).toEqual(
      expect.arrayContaining([
        'Ollama hung while loading two; what is unused there is unloaded, then it is tried once more.',
        expect.stringMatching(/^one \(0\.2 GB, unused for 3\d s\) was unloaded because loading two hung behind it\.$/),
        expect.stringMatching(/^two was loaded in /),
      ]),
    );
  });
});
