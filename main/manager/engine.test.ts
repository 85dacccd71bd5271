import { describe, expect, it } from 'vitest';
import { configSchema, problem } from '../../contract/index.ts';
import { gb } from '../../test/core-fixture.ts';
import { createEngineFixture, settled } from '../../test/manager-fixture.ts';
import { catalogModel, observedModel, upStatus } from '../../test/scripted-provider.ts';
import type { LoadWish } from './engine.ts';
import { installedView } from './view.ts';

const a = catalogModel('ollama/a', 4);
const b = catalogModel('llama.cpp/b', 4);
const wish = (modelId: string, change: Partial<LoadWish> = {}): LoadWish => ({ modelId, force: false, tryOnce: false, contextLength: null, origin: 'client', by: 'test', lease: null, ...change });

async function started(config: unknown = {}) {
  const fixture = createEngineFixture({ models: [a, b], config });
  await fixture.engine.whenLooked();
  return { ...fixture, ollama: fixture.script('ollama'), llama: fixture.script('llama.cpp') };
}

describe('looks', () => {
  it('are shared while they are under way, and one for the catalogue waits for a small one', async () => {
    const { engine, ollama } = await started();
    ollama.holdPolls = true;
    ollama.polls.length = 0;
    const small = [engine.poll({ catalog: false }), engine.poll({ catalog: false })];
    await settled();
    expect(ollama.polls.map((p) => p.catalog)).toEqual([false]);
    const large = [engine.poll({ catalog: true }), engine.poll({ catalog: true }), engine.poll({ catalog: false })];
    await settled();
    expect(ollama.polls).toHaveLength(1);
    ollama.polls[0]!.end();
    await Promise.all(small);
    await settled();
    expect(ollama.polls.map((p) => p.catalog)).toEqual([false, true]);
    ollama.polls[1]!.end();
    await Promise.all(large);
    void engine.poll({ catalog: false });
    await settled();
    expect(ollama.polls).toHaveLength(3);
  });

  it('ask for the catalogue until it has been told once', async () => {
    const { engine, ollama } = createAlone();
    ollama.holdPolls = true;
    const first = engine.poll({ catalog: false });
    await settled();
    expect(ollama.polls[0]!.catalog).toBe(true);
    ollama.polls[0]!.end({ models: null });
    await first;
    void engine.poll({ catalog: false });
    await settled();
    expect(ollama.polls[1]!.catalog).toBe(true);
  });

  function createAlone() {
    const fixture = createEngineFixture({ models: [a] });
    return { ...fixture, ollama: fixture.script('ollama') };
  }

  it('tell what is in memory by the installed name, or by what the provider calls it', async () => {
    const { engine, ollama } = await started();
    ollama.loaded.set(a.weights, observedModel(a, { id: null }));
    ollama.loaded.set('ollama:gone', { ...observedModel(a), weights: 'ollama:gone', id: null, name: 'gone:latest' });
    await engine.poll({ catalog: false });
    expect([...engine.state.slots.values()].map((s) => [s.modelId, s.name])).toEqual([['ollama/a', 'a'], ['ollama/gone:latest', 'gone:latest']]);
  });

  it('that fail take nothing away, and the memory of another place is its own', async () => {
    const { engine, ollama } = await started();
    ollama.loaded.set(a.weights, observedModel(a));
    ollama.status = { ...upStatus, memory: 'own', ownCapacity: gb(8) };
    await engine.poll({ catalog: false });
    expect(engine.state.providers.get('ollama')).toMatchObject({ domain: 'own:ollama', ownCapacity: gb(8), ownExpiry: true });
    ollama.holdPolls = true;
    const look = engine.poll({ catalog: false });
    await settled();
    ollama.polls[ollama.polls.length - 1]!.end({ status: { ...upStatus, status: 'down' }, models: null, loaded: null });
    await look;
    expect(engine.state.slots.size).toBe(1);
    expect(engine.statusOf('ollama')?.status).toBe('down');
    expect(engine.library.models).toHaveLength(2);
  });
});

describe('a load', () => {
  it('is done by its provider, remembered and answered once', async () => {
    const { engine, llama, learned, memory } = await started();
    const reads = memory.reads;
    const { answer } = engine.load(wish('llama.cpp/b', { lease: { holder: 'x', ttlMs: null } }));
    // Admissions rest on a reading of this very moment.
    expect(memory.reads).toBeGreaterThan(reads);
    const { request } = llama.loads[0]!;
    expect(request).toMatchObject({ model: b, contextLength: 4096, keepAliveMs: 360_000 });
    request.onProcess?.(99);
    request.onProgress(0.25);
    expect(engine.state.slots.get(b.weights)).toMatchObject({ state: 'loading', pid: 99, progress: 0.25 });
    llama.endLoad({ pid: 99, footprint: { ram: gb(5), vram: {} } });
    expect(await answer).toMatchObject({ ok: true, modelId: 'llama.cpp/b', already: false });
    expect(learned.records).toEqual(['load llama.cpp/b', 'footprint llama.cpp/b']);
    expect(engine.library.core.byId.get('llama.cpp/b')).toMatchObject({ footprint: { ram: gb(5) }, source: 'measured' });
    expect(engine.state.leases.size).toBe(1);
  });

  it('leaves behind how its size is known: reported, also after it has gone', async () => {
    const { engine, llama } = await started();
    const { answer } = engine.load(wish('llama.cpp/b'));
    llama.endLoad({ footprint: { ram: gb(5), vram: {} }, source: 'reported' });
    await answer;
    const unloaded = engine.unload(b.weights, { confirm: true, by: 'dashboard', reason: 'asked' });
    llama.endUnload();
    await unloaded;
    const [row] = installedView(engine.state, engine.library, () => null).filter((model) => model.id === 'llama.cpp/b');
    expect(row).toMatchObject({ footprint: { ram: gb(5) }, footprintSource: 'reported' });
  });

  it('that is left by everybody is cancelled, and whoever left has the one answer', async () => {
    const { engine, llama } = await started();
    const one = engine.load(wish('llama.cpp/b'));
    const two = engine.load(wish('llama.cpp/b'));
    one.leave();
    one.leave();
    expect(await one.answer).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    expect(llama.loads[0]!.request.signal.aborted).toBe(false);
    two.leave();
    expect(llama.loads[0]!.request.signal.aborted).toBe(true);
    await settled();
    expect(engine.state.slots.size).toBe(0);
    two.leave();
    expect(engine.state.jobs.size).toBe(0);
  });

  it('whose provider breaks its word and rejects is answered all the same, and told as a fault', async () => {
    const { engine, llama, faults } = await started();
    const { answer } = engine.load(wish('llama.cpp/b'));
    llama.loads[0]!.fail(new Error('It fell over.'));
    expect(await answer).toMatchObject({ ok: false, problem: { code: 'internal', message: 'It fell over.' } });
    expect(faults).toHaveLength(1);
    expect(engine.state.slots.size).toBe(0);
  });

  it('that ran out of memory makes the model larger in the library, at once', async () => {
    const { engine, llama, learned } = await started();
    const { answer } = engine.load(wish('llama.cpp/b'));
    const oom = { ok: false as const, kind: 'oom' as const, problem: problem('out-of-memory', 'Too much.') };
    llama.loads[0]!.end(oom);
    await settled();
    expect(learned.records).toEqual(['correction llama.cpp/b']);
    expect(engine.library.core.byId.get('llama.cpp/b')?.footprint.ram).toBe(gb(5));
    llama.loads[1]!.end(oom);
    expect(await answer).toMatchObject({ ok: false, problem: { message: 'Too much.' } });
  });

  it('of a model that is not there is answered', async () => {
    const { engine } = await started();
    expect(await engine.load(wish('llama.cpp/none')).answer).toMatchObject({ ok: false, problem: { code: 'unknown-model' } });
  });
});

describe('an unload', () => {
  it('is done by its provider and answered', async () => {
    const { engine, llama } = await started();
    const { answer } = engine.load(wish('llama.cpp/b'));
    llama.endLoad();
    await answer;
    const gone = engine.unload(b.weights, { confirm: false, by: 'test', reason: 'asked' });
    expect(llama.unloads[0]!.request).toEqual({ weights: b.weights, ifUnusedSince: null });
    llama.endUnload();
    expect(await gone).toEqual({ ok: true, text: 'b was unloaded.' });
    expect(await engine.unload(b.weights, { confirm: false, by: 'test', reason: 'asked' })).toMatchObject({ ok: false, problem: { code: 'not-loaded' } });
  });

  it('whose provider rejects is answered all the same', async () => {
    const { engine, llama, faults } = await started();
    const { answer } = engine.load(wish('llama.cpp/b'));
    llama.endLoad();
    await answer;
    const gone = engine.unload(b.weights, { confirm: false, by: 'test', reason: 'asked' });
    llama.unloads[0]!.fail(new Error('It fell over.'));
    expect(await gone).toMatchObject({ ok: false, problem: { message: 'It fell over.' } });
    expect(faults).toHaveLength(1);
  });
});

describe('the engine', () => {
  it('applies settings at once, hears of crashes, and tells of uses that ended by themselves', async () => {
    const { engine, llama } = await started();
    const ended: string[] = [];
    const off = engine.onLeaseEnded((lease, why) => ended.push(`${lease} ${why}`));
    const { answer } = engine.load(wish('llama.cpp/b', { lease: { holder: 'x', ttlMs: null } }));
    llama.endLoad();
    const done = await answer;
    engine.setConfig(configSchema.parse({ models: { max_concurrent_loaded: 1, overrides: { b: { idle_timeout_seconds: 5 } } } }));
    expect(engine.state.config.limit).toBe(1);
    expect(engine.library.core.byId.get('llama.cpp/b')?.idleTimeoutMs).toBe(5_000);
    llama.crash(b.weights, problem('internal', 'b was killed.'));
    expect(engine.state.slots.size).toBe(0);
    expect(ended).toEqual([`${done.ok && done.lease} model-gone`]);
    off();
  });

  it('tells providers with a clock of their own', async () => {
    const { engine, ollama } = await started();
    const { answer } = engine.load(wish('ollama/a'));
    ollama.endLoad();
    await answer;
    engine.dispatch({ type: 'mode', mode: 'pause', value: { since: 0, until: null } });
    expect(ollama.rearms).toEqual([{ weights: a.weights, keepAliveMs: Infinity }]);
  });

  it('loses no answer to a listener that throws', async () => {
    const { engine, llama, hooks, faults } = await started();
    hooks.onActivity = () => {
      throw new Error('The disk is full.');
    };
    const { answer } = engine.load(wish('llama.cpp/b'));
    llama.endLoad();
    expect(await answer).toMatchObject({ ok: true });
    expect(faults.length).toBeGreaterThan(0);
  });

  it('outlives a memory that cannot be read', async () => {
    const { engine, memory, faults } = await started();
    memory.fault = new Error('No such file.');
    engine.measure();
    const { answer } = engine.load(wish('llama.cpp/none'));
    expect(await answer).toMatchObject({ ok: false });
    expect(faults.length).toBeGreaterThan(0);
  });

  it('brings an old reading up to date before it admits', async () => {
    const { engine, llama, memory } = await started();
    memory.age = 60_000;
    engine.load(wish('llama.cpp/b'));
    expect(llama.loads).toHaveLength(0);
    await settled();
    expect(memory.refreshes).toBe(1);
    expect(llama.loads).toHaveLength(1);
  });

  it('brings a reading up to date that is of the future, since the clock was set back', async () => {
    const { engine, memory } = await started();
    memory.age = -60_000;
    engine.measure();
    await settled();
    expect(memory.refreshes).toBe(1);
  });

  it('tells of changes once per turn', async () => {
    const { engine, hooks } = await started();
    await settled();
    let changes = 0;
    hooks.onChange = () => void (changes += 1);
    for (let i = 0; i < 5; i++) engine.tick();
    expect(changes).toBe(0);
    await settled();
    expect(changes).toBe(1);
  });

  it('that has ended answers everybody, begins nothing more and hears of nothing', async () => {
    const { engine, llama } = await started({ models: { max_concurrent_loaded: 1 } });
    const one = engine.load(wish('llama.cpp/b'));
    engine.stop();
    expect(await one.answer).toMatchObject({ ok: false, problem: { message: 'Airdock is ending.' } });
    expect(llama.loads[0]!.request.signal.aborted).toBe(true);
    const before = engine.state;
    await settled();
    llama.crash(b.weights, problem('internal', 'It died.'));
    engine.tick();
    await engine.poll({ catalog: true });
    expect(engine.state).toBe(before);
    expect(await engine.load(wish('ollama/a')).answer).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    expect(await engine.unload(b.weights, { confirm: true, by: 'test', reason: 'asked' })).toMatchObject({ ok: false });
    expect(llama.loads).toHaveLength(1);
  });
});
