import { describe, expect, it } from 'vitest';
import { gb } from '../../test/core-fixture.ts';
import { createEngineFixture } from '../../test/manager-fixture.ts';
import { catalogModel, observedModel } from '../../test/scripted-provider.ts';
import type { LoadWish } from './engine.ts';

const b = catalogModel('llama.cpp/b', 4, { kvBytesPerToken: 1024 * 1024 });
const o = catalogModel('ollama/o', 4);
const PID = 99;
const wish = (change: Partial<LoadWish> = {}): LoadWish => ({ modelId: b.id, force: false, tryOnce: false, contextLength: null, origin: 'client', by: 'test', lease: { holder: 'x', ttlMs: null }, ...change });

async function started(config: unknown = {}) {
  const fixture = createEngineFixture({ models: [b, o], available: 24, config });
  await fixture.engine.whenLooked();
  const { engine, memory, clock } = fixture;
  return {
    ...fixture,
    llama: fixture.script('llama.cpp'),
    ollama: fixture.script('ollama'),
    /** A look at the memory, at which the process holds so many GB. */
    look(anon: number, file = 0, swapped = 0, pid = PID): void {
      clock.now += 1000;
      memory.processes.set(pid, { anon: gb(anon), file: gb(file), swapped: gb(swapped) });
      engine.measure();
    },
    async load(taken: number, change: Partial<LoadWish> = {}): Promise<void> {
      const { answer } = engine.load(wish(change));
      fixture.script('llama.cpp').endLoad({ pid: PID, footprint: { ram: gb(taken), vram: {} } });
      await answer;
    },
    grown: () => fixture.learned.records.filter((record) => /^(stay|grew)/.test(record)),
    told: () => fixture.activity.filter(({ kind }) => kind === 'notice'),
  };
}

describe('what a model takes while it is in memory', () => {
  it('is remembered as it grows, in steps, and the next load is planned with it', async () => {
    const { load, look, grown, engine } = await started();
    await load(4);
    look(3, 1);
    look(3.01, 1);
    expect(grown()).toEqual(['stay llama.cpp/b 4096 4']);
    look(5, 1);
    look(5.05, 1);
    expect(grown()).toEqual(['stay llama.cpp/b 4096 4', 'grew llama.cpp/b 4096 6']);
    expect(engine.library.core.byId.get(b.id)).toMatchObject({ footprint: { ram: gb(6) }, source: 'measured' });
  });

  it('is the most of each part: weights that the kernel took back are needed again, what is swapped out was no RAM', async () => {
    const { load, look, grown } = await started();
    await load(4);
    look(2, 3);
    look(4, 0.5);
    look(9, 0.5, 4.5);
    expect(grown()).toEqual(['stay llama.cpp/b 4096 5', 'grew llama.cpp/b 4096 7', 'grew llama.cpp/b 4096 7.5']);
  });

  it('says nothing before its first use, nor while it is on its way out', async () => {
    const { load, look, grown, engine, llama } = await started();
    await load(4, { lease: null });
    look(7);
    expect(grown()).toEqual([]);
    void engine.unload(b.weights, { confirm: true, by: 'dashboard', reason: 'asked' });
    look(8);
    expect(grown()).toEqual([]);
    expect(llama.unloads).toHaveLength(1);
  });

  it('is a new stay for another process', async () => {
    const { look, grown, ollama, engine } = await started();
    const seen = (pid: number) => ollama.loaded.set(o.weights, observedModel(o, { pid, busy: true }));
    seen(PID);
    await engine.poll({ catalog: false });
    look(6);
    seen(PID + 1);
    await engine.poll({ catalog: false });
    look(5, 0, 0, PID + 1);
    expect(grown()).toEqual(['stay ollama/o 4096 6', 'stay ollama/o 4096 5']);
  });

  it('is never taken from what the settings say', async () => {
    const { load, look, grown } = await started({ models: { overrides: { b: { ram_gb: 12 } } } });
    await load(4);
    look(5);
    expect(grown()).toEqual(['stay llama.cpp/b 4096 5']);
  });
});

describe('an estimate', () => {
  it('that was right within a tenth is not spoken of', async () => {
    const { load, look, told } = await started();
    await load(4.3);
    look(4.3);
    expect(told()).toEqual([]);
  });

  it('that was wrong is told once, with both figures, however often it is loaded', async () => {
    const { load, told, engine, llama } = await started();
    await load(3, { lease: null });
    const unloaded = engine.unload(b.weights, { confirm: true, by: 'dashboard', reason: 'asked' });
    llama.endUnload();
    await unloaded;
    await load(3);
    expect(told()).toEqual([
      expect.objectContaining({
        model: b.id,
        name: 'b',
        text: 'b takes 3.0 GB; its estimate was 4.0 GB. From now on Airdock plans with what it takes.',
        parts: { what: 'estimate', estimated: gb(4), taken: gb(3), grown: false },
      }),
    ]);
  });

  it('is compared for the context that was loaded', async () => {
    const { load, told } = await started();
    // 1 MB per token: 4096 more of them are 4 GB more.
    await load(8, { contextLength: 8192 });
    expect(told()).toEqual([]);
  });

  it('that only the use proves wrong is told then', async () => {
    const { load, look, told } = await started();
    await load(4);
    look(4);
    look(6);
    look(9);
    expect(told().map(({ text }) => text)).toEqual(['b has grown to 6.0 GB in memory; its estimate was 4.0 GB. From now on Airdock plans with what it takes.']);
  });
});

it('a size is kept for loads without a context where that is how the model is loaded', async () => {
  const embedding = catalogModel('llama.cpp/e', 1, { contextLength: null });
  const { engine, learned, script } = createEngineFixture({ models: [embedding] });
  await engine.whenLooked();
  const keys: unknown[] = [];
  learned.store.recordFootprint = (key) => void keys.push(key.contextLength);
  const { answer } = engine.load(wish({ modelId: embedding.id }));
  script('llama.cpp').endLoad({ contextLength: 2048 });
  await answer;
  expect(keys).toEqual([null]);
});
