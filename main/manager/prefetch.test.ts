import { describe, expect, it } from 'vitest';
import { configSchema } from '../../contract/index.ts';
import { gb } from '../../test/core-fixture.ts';
import { createEngineFixture } from '../../test/manager-fixture.ts';
import { catalogModel, observedModel, upStatus } from '../../test/scripted-provider.ts';
import type { ReadAheadOptions } from '../providers/read-ahead.ts';
import { createEffects } from './effects.ts';
import type { LoadWish } from './engine.ts';
import { createPrefetch, roomFor } from './prefetch.ts';

const a = catalogModel('llama.cpp/a', 4);
const b = catalogModel('llama.cpp/b', 6);
const c = catalogModel('llama.cpp/c', 6);
const x = catalogModel('ollama/x', 1);
const y = catalogModel('ollama/y', 1);
const wish = (modelId: string, change: Partial<LoadWish> = {}): LoadWish => ({ modelId, force: true, tryOnce: false, contextLength: null, origin: 'client', by: 'test', lease: null, ...change });
const tick = () => new Promise((resolve) => setImmediate(resolve));

/** `a` is in memory, and there is room for one model. */
async function started({ limit = 1, files = true } = {}) {
  const fixture = createEngineFixture({ models: [a, b, c, x, y], available: 16, config: { models: { max_concurrent_loaded: limit, prefetch: false } } });
  const { engine, hooks } = fixture;
  const llama = fixture.script('llama.cpp');
  const reads: (ReadAheadOptions & { ended: boolean })[] = [];
  let on = true;
  const prefetch = createPrefetch({
    enabled: () => on,
    state: () => engine.state,
    filesOf: (provider, weights) => (files ? [`${provider}:${weights}`] : []),
    read: (options) => {
      reads.push({ ...options, ended: false });
      return { done: Promise.resolve('whole'), fromDisk: () => gb(5) };
    },
  });
  hooks.onChange = () => prefetch.see(engine.state);
  await engine.whenLooked();
  const first = engine.load(wish(a.id));
  llama.endLoad();
  await first.answer;
  return { ...fixture, llama, prefetch, reads, setOn: (next: boolean) => void (on = next), begun: () => reads.map(({ files: read, signal }) => [read[0], signal.aborted]) };
}

describe('a file is read ahead', () => {
  it('from when another model leaves for it until its load begins, once', async () => {
    const { engine, llama, begun, prefetch } = await started();
    expect(begun()).toEqual([]);
    const load = engine.load(wish(b.id));
    await tick();
    expect(engine.state.jobs.get(b.weights)?.state).toBe('reserved');
    expect(begun()).toEqual([['llama.cpp:llama.cpp/b', false]]);
    engine.tick();
    await tick();
    llama.endUnload();
    await tick();
    expect(engine.state.slots.get(b.weights)?.state).toBe('loading');
    expect(begun()).toEqual([['llama.cpp:llama.cpp/b', true]]);
    expect(prefetch.fromDisk(b.weights)).toBe(gb(5));
    llama.endLoad();
    await load.answer;
    await tick();
    expect(begun()).toEqual([['llama.cpp:llama.cpp/b', true]]);
    expect(prefetch.fromDisk(b.weights)).toBeNull();
  });

  it('until nobody wants the model any more, and anew for the next who does', async () => {
    const { engine, begun } = await started();
    const load = engine.load(wish(b.id));
    await tick();
    load.leave();
    await tick();
    expect(begun()).toEqual([['llama.cpp:llama.cpp/b', true]]);
    engine.load(wish(b.id));
    await tick();
    expect(begun()).toEqual([['llama.cpp:llama.cpp/b', true], ['llama.cpp:llama.cpp/b', false]]);
  });

  it('until its load is cancelled', async () => {
    const { engine, llama, begun } = await started();
    const load = engine.load(wish(b.id));
    await tick();
    llama.endUnload();
    await tick();
    load.leave();
    await tick();
    expect(begun()).toEqual([['llama.cpp:llama.cpp/b', true]]);
  });

  it('until the plan fails: who was to leave is in use', async () => {
    const { engine, llama, begun } = await started();
    const load = engine.load(wish(b.id));
    await tick();
    llama.endUnload({ kind: 'in-use', lastUsed: null });
    expect(await load.answer).toMatchObject({ ok: false });
    await tick();
    expect(begun()).toEqual([['llama.cpp:llama.cpp/b', true]]);
  });

  it('until it has to wait in line, and not a second time when its turn comes', async () => {
    const { engine, llama, begun } = await started();
    engine.load(wish(b.id, { queued: true }));
    await tick();
    llama.loaded.set(a.weights, observedModel(a, { busy: true }));
    llama.endUnload({ kind: 'in-use', lastUsed: null });
    await tick();
    expect(engine.state.jobs.get(b.weights)?.state).toBe('waiting');
    expect(begun()).toEqual([['llama.cpp:llama.cpp/b', true]]);
    llama.loaded.set(a.weights, observedModel(a, { busy: false }));
    await engine.poll({ catalog: false });
    engine.tick();
    await tick();
    expect(engine.state.jobs.get(b.weights)?.state).toBe('reserved');
    expect(begun()).toHaveLength(1);
  });

  it('as long as the settings want it', async () => {
    const { engine, llama, begun, setOn } = await started();
    engine.load(wish(b.id));
    await tick();
    setOn(false);
    engine.tick();
    await tick();
    expect(begun()).toEqual([['llama.cpp:llama.cpp/b', true]]);
    llama.endUnload();
    await tick();
    llama.endLoad();
    await tick();
    engine.load(wish(c.id));
    await tick();
    expect(begun()).toHaveLength(1);
  });

  it('not where nobody leaves, nor where its file is not known', async () => {
    const roomy = await started({ limit: 3 });
    roomy.engine.load(wish(b.id));
    await tick();
    expect(roomy.begun()).toEqual([]);
    const blind = await started({ files: false });
    blind.engine.load(wish(b.id));
    await tick();
    expect(blind.begun()).toEqual([]);
  });

  it('not for a memory that is not this computer’s', async () => {
    const { engine, llama, begun } = await started();
    llama.status = { ...upStatus, memory: 'own', ownCapacity: gb(64) };
    await engine.poll({ catalog: false });
    engine.load(wish(b.id));
    await tick();
    expect(llama.unloads).toHaveLength(1);
    expect(begun()).toEqual([]);
  });

  it('not for one elsewhere while somebody here leaves for another', async () => {
    const { engine, script, begun, llama } = await started();
    const ollama = script('ollama');
    ollama.status = { ...upStatus, memory: 'own', ownCapacity: gb(64) };
    ollama.loaded.set(y.weights, observedModel(y));
    await engine.poll({ catalog: false });
    engine.load(wish(x.id, { origin: 'person', by: 'dashboard' }));
    await tick();
    expect(engine.state.jobs.get(x.weights)?.state).toBe('reserved');
    void engine.unload(a.weights, { confirm: true, by: 'dashboard', reason: 'asked' });
    await tick();
    expect(llama.unloads).toHaveLength(1);
    expect(begun()).toEqual([]);
  });

  it('one at a time, in the order of the wishes', async () => {
    const { engine, llama, begun } = await started({ limit: 2 });
    const second = engine.load(wish(b.id));
    llama.endLoad();
    await second.answer;
    const d = engine.load(wish(c.id));
    await tick();
    expect(begun()).toEqual([['llama.cpp:llama.cpp/c', false]]);
    d.leave();
  });
});

describe('its room', () => {
  it('is what is free, without what leaves: of that the mapped part', async () => {
    const { engine, llama, memory, reads } = await started();
    llama.loaded.set(a.weights, observedModel(a, { pid: 7 }));
    await engine.poll({ catalog: false });
    memory.processes.set(7, { anon: gb(1), file: gb(3) });
    engine.measure();
    engine.load(wish(b.id));
    await tick();
    // 16 available and 1 that its end gives back, less the 4 of who leaves; 3 of those are the kernel's to take.
    expect(reads[0]!.room()).toBe(gb(16 + 1 - 4 + 3));
    llama.endUnload();
    await tick();
    // It is booked for 6 now, of which others' files get nothing.
    expect(roomFor(engine.state, c.weights)).toBe(gb(16 - 6));
  });
});

it('is switched by models.prefetch', async () => {
  const fixture = createEngineFixture({ models: [a, b], config: { models: { max_concurrent_loaded: 1 } } });
  const { engine } = fixture;
  const llama = fixture.script('llama.cpp');
  await engine.whenLooked();
  const asked: string[] = [];
  const provider = engine.provider('llama.cpp')!;
  provider.filesOf = (weights) => {
    asked.push(weights);
    return [];
  };
  const load = async (id: string) => {
    const { answer } = engine.load(wish(id));
    await tick();
    if (llama.unloads.length > 0) llama.endUnload();
    await tick();
    llama.endLoad();
    await answer;
    await tick();
  };
  await load(a.id);
  await load(b.id);
  if (process.platform === 'linux') expect(asked).toEqual([b.weights]);
  engine.setConfig(configSchema.parse({ models: { max_concurrent_loaded: 1, prefetch: false } }));
  await load(a.id);
  expect(asked.filter((weights) => weights === a.weights)).toEqual([]);
});

it.each([
  [gb(5), false, 'load llama.cpp/b cold'],
  [gb(2), false, 'load llama.cpp/b'],
  [null, false, 'load llama.cpp/b'],
  [null, true, 'load llama.cpp/b cold'],
])('%s bytes of 6 GB read ahead from a disk, the rest cold: %s', async (bytes, cold, record) => {
  const { learned, engine, script } = createEngineFixture({ models: [b] });
  await engine.whenLooked();
  const effects = createEffects({
    provider: (id) => engine.provider(id),
    library: () => engine.library,
    learned: learned.store,
    dispatch: () => undefined,
    signal: new AbortController().signal,
    onLearned: () => undefined,
    readAhead: () => bytes,
    onSize: () => undefined,
    onFault: (fault) => void learned.records.unshift(String(fault)),
  });
  effects.load({ type: 'load', key: b.weights, op: 1, modelId: b.id, provider: b.provider, contextLength: 4096, keepAliveMs: 1000 });
  script('llama.cpp').endLoad({ cold });
  await tick();
  expect(learned.records[0]).toBe(record);
});
