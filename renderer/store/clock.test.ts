import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createClock } from './clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('ticks once a second for all who listen, and not at all for nobody', () => {
  const clock = createClock(Date.now);
  const [one, two] = [vi.fn(), vi.fn()];
  const ends = [clock.subscribe(one), clock.subscribe(two)];
  vi.advanceTimersByTime(3_000);
  expect([one.mock.calls.length, two.mock.calls.length]).toEqual([3, 3]);
  expect(clock.now()).toBe(Date.now());
  for (const end of ends) end();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(60_000);
  clock.subscribe(one);
  expect(clock.now()).toBe(Date.now());
});

it('joins a drawing where the next tick is near, and counts on from there', () => {
  const clock = createClock(Date.now);
  const listener = vi.fn();
  clock.subscribe(listener);
  vi.advanceTimersByTime(600);
  clock.join();
  expect(listener).not.toHaveBeenCalled();
  vi.advanceTimersByTime(200);
  clock.join();
  expect(listener).toHaveBeenCalledTimes(1);
  // Company that is a little late is waited for; where none comes, the clock goes on alone.
  vi.advanceTimersByTime(1_100);
  clock.join();
  expect(listener).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(1_249);
  expect(listener).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(1);
  expect(listener).toHaveBeenCalledTimes(3);
  vi.advanceTimersByTime(1_000);
  expect(listener).toHaveBeenCalledTimes(4);
});
