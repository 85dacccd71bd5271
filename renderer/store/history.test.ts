import { expect, it } from 'vitest';
import type { MemoryView } from '../../contract/index.ts';
import { memory } from '../../test/browser/fixtures.ts';
import { addReading, historyMs, mergeHistory } from './history.ts';

const reading = (at: number): MemoryView => memory([], { at });
const sample = (at: number) => ({ at, free: 1, models: 2, otherPrograms: 3 });
const times = (samples: readonly { at: number }[]) => samples.map(({ at }) => at);

it('takes a reading every five seconds, and keeps fifteen minutes', () => {
  let history = addReading([], reading(0));
  for (let at = 1_000; at <= historyMs + 60_000; at += 1_000) history = addReading(history, reading(at));
  expect(history).toHaveLength(181);
  expect(history[0]?.at).toBe(60_000);
});

it('stays the same object where nothing is added', () => {
  const history = addReading([], reading(0));
  expect(addReading(history, reading(4_000))).toBe(history);
  expect(addReading(history, null)).toBe(history);
});

it('begins anew when the clock was set back', () => {
  expect(times(addReading([sample(1_000_000)], reading(10_000)))).toEqual([10_000]);
});

it('puts what the engine remembers before what was seen since', () => {
  expect(times(mergeHistory([sample(0), sample(5_000)], [sample(6_000), sample(11_000)]))).toEqual([0, 5_000, 11_000]);
  expect(times(mergeHistory([], [sample(6_000)]))).toEqual([6_000]);
});
