import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { gather } from './gather.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('runs at once, then gathers what follows, and misses nothing', () => {
  let runs = 0;
  const changed = gather(() => (runs += 1), 5);
  changed();
  expect(runs).toBe(1);
  for (let i = 0; i < 100; i++) changed();
  expect(runs).toBe(1);
  vi.advanceTimersByTime(5);
  expect(runs).toBe(2);
  vi.advanceTimersByTime(50);
  expect(runs).toBe(2);
  changed();
  expect(runs).toBe(3);
});
