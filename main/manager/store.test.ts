import { afterEach, describe, expect, it, vi } from 'vitest';
import { GIB } from '../../contract/index.ts';
import { activityFixture } from '../../test/snapshot-fixture.ts';
import { createManagerFixture } from '../../test/manager-fixture.ts';
import { catalogModel, observedModel } from '../../test/scripted-provider.ts';

const models = [catalogModel('ollama/a', 4), catalogModel('ollama/b', 20)];
afterEach(() => void vi.useRealTimers());

async function started() {
  const fixture = await createManagerFixture({ models });
  vi.useFakeTimers();
  return fixture;
}

describe('the store', () => {
  it('pushes a burst of changes once, and the newest state', async () => {
    const { store, engine } = await started();
    const states: number[] = [];
    store.subscribe({ state: (state) => states.push(state.limit) });
    for (let i = 0; i < 10; i++) store.changed();
    engine.dispatch({ type: 'config', config: { ...engine.state.config, limit: 7 } });
    expect(states).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(states).toEqual([7]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(states).toEqual([7]);
  });

  it('pushes no models for a few bytes more or less of what is missing', async () => {
    const { store, engine, memory } = await started();
    const missing: number[] = [];
    store.subscribe({ models: (list) => missing.push(list[1]?.fit.missing ?? 0) });
    for (const less of [30_000_000, 1_000_000, 2_000_000, 400_000_000]) {
      memory.available -= less;
      engine.measure();
      store.changed();
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(missing).toHaveLength(2);
    expect(missing).toEqual([Math.round(4.1 * GIB), Math.round(4.5 * GIB)]);
  });

  it('pushes the models only where they have changed, at most once a second', async () => {
    const { store, engine, memory } = await started();
    const fits: string[][] = [];
    store.subscribe({ models: (list) => fits.push(list.map((m) => m.fit.kind)) });
    engine.measure();
    store.changed();
    await vi.advanceTimersByTimeAsync(999);
    expect(fits).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(fits).toEqual([['fits', 'short']]);
    store.changed();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(fits).toHaveLength(1);
    memory.available = 0;
    engine.measure();
    store.changed();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(fits[1]).toEqual(['short', 'short']);
  });

  it('does not leave a newcomer with a list that has become old', async () => {
    const { store, engine, memory } = await started();
    const room = memory.available;
    engine.measure();
    const off = store.subscribe({ models: () => undefined });
    store.changed();
    await vi.advanceTimersByTimeAsync(1_000);
    off();
    memory.available = 0;
    engine.measure();
    const seen = [store.snapshot().models[0]!.fit.kind];
    store.subscribe({ models: (list) => seen.push(list[0]!.fit.kind) });
    memory.available = room;
    engine.measure();
    store.changed();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(seen).toEqual(['short', 'fits']);
  });

  it('writes down once what a program asks for in vain again and again', async () => {
    const { store, log } = await started();
    const heard: string[] = [];
    store.subscribe({ activity: (entries) => heard.push(...entries.map((e) => e.text)) });
    for (let i = 0; i < 5; i++) store.note(activityFixture(1, { kind: 'refused', code: 'in-use', by: 'notes.py', text: `refused ${i}` }));
    expect(heard).toEqual(['refused 0']);
    expect(log.query({ limit: 9 }).map((entry) => entry.text)).toEqual(['refused 0']);
  });

  it('tells of activity at once, and of nothing after somebody has left or all is closed', async () => {
    const { store } = await started();
    const heard: string[] = [];
    const off = store.subscribe({ activity: (entries) => heard.push(...entries.map((e) => e.text)), state: () => heard.push('state') });
    store.note(activityFixture(1, { text: 'one' }));
    off();
    store.note(activityFixture(2));
    store.subscribe({ state: () => heard.push('state') });
    store.changed();
    store.close();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(heard).toEqual(['one']);
  });

  it('shows a model that is in memory with another context as that, not as one that would go', async () => {
    const { store, engine, script } = await started();
    script('ollama').loaded.set('ollama/a', observedModel(models[0]!, { contextLength: 2048 }));
    await engine.poll({ catalog: false });
    engine.measure();
    expect(store.models()[0]!.fit).toEqual({ kind: 'loaded' });
    expect(store.state().loaded).toMatchObject([{ id: 'ollama/a', name: 'a', state: 'ready', foreign: true, contextLength: 2048 }]);
  });

  it('leaves out advice that was dismissed', async () => {
    const { store, engine, script, dismissed } = await started();
    script('ollama').loaded.set('ollama/a', observedModel(models[0]!));
    await engine.poll({ catalog: false });
    expect(store.state().advice.map((a) => a.id)).toEqual(['unload-foreign']);
    dismissed.add('unload-foreign');
    expect(store.state().advice).toEqual([]);
  });
});
