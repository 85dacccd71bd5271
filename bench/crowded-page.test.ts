import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ServerEvent } from '../contract/index.ts';
import { countPushes } from './count-pushes.ts';
import { crowdedPage } from './crowded-page.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_000 }));
afterEach(() => void vi.useRealTimers());

it('shows a machine where much is going on', async () => {
  const crowd = await crowdedPage({ inMemory: 16, models: 200 });
  const { state, models } = crowd.snapshot();
  expect(state.loaded.map((model) => model.state)).toEqual(Array.from({ length: 16 }, () => 'ready'));
  expect(state.loaded.filter((model) => model.inUse)).toHaveLength(4);
  expect(state.loaded.filter((model) => model.unloadsAt !== null)).toHaveLength(10);
  const share = (kind: string) => models.filter(({ fit }) => fit.kind === kind).length / models.length;
  expect([share('fits') > 0.05, share('evicts') > 0.3, share('short') > 0.25, share('too-big') > 0.02]).toEqual([true, true, true, true]);
});

it('tells one state a second, and a list only where something fits differently', async () => {
  const crowd = await crowdedPage({ inMemory: 16, models: 200 });
  const events: ServerEvent[] = [];
  const count = countPushes(crowd.snapshot(), 20);
  const stop = crowd.watch((event) => {
    events.push(event);
    count.take(event);
  });
  await vi.advanceTimersByTimeAsync(20_000);
  stop();
  const { states, lists, fits, moved } = count.pushed;
  expect(states).toBeGreaterThanOrEqual(18);
  expect(states).toBeLessThanOrEqual(21);
  expect(lists).toBeGreaterThan(5);
  expect(lists).toBeLessThanOrEqual(states);
  expect(fits).toBeGreaterThan(lists);
  expect(moved).toBeGreaterThan(0);
  const told = events.length;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(events).toHaveLength(told);
});

it('counts what is pushed', async () => {
  const first = (await crowdedPage({ inMemory: 2, models: 4 })).snapshot();
  const count = countPushes(first, 1);
  const { memory } = first.state;
  if (memory === null) throw new Error('the memory was read');
  count.take({ type: 'state', state: { ...first.state, memory: { ...memory, free: memory.free - 7 } } });
  count.take({ type: 'models', models: first.models.map((model, index) => (index === 3 ? { ...model, fit: { kind: 'blocked' } } : model)) });
  expect(count.pushed).toEqual({ seconds: 1, states: 1, lists: 1, fits: 1, moved: 7 });
  count.reset();
  expect(count.pushed).toEqual({ seconds: 1, states: 0, lists: 0, fits: 0, moved: 0 });
});
