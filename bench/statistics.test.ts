import { describe, expect, it } from 'vitest';
import { cpuPerCall, median, quantile, rounded } from './statistics.ts';

describe('median', () => {
  it('is the middle value, whatever the order, and the mean of two in the middle', () => {
    expect(median([10, 9, 100])).toBe(10);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });
});

describe('quantile', () => {
  it('is the value that so many do not exceed, whatever the order', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect([0, 0.01, 0.5, 0.99, 1].map((share) => quantile(hundred, share))).toEqual([1, 1, 50, 99, 100]);
    expect(quantile([7], 0.99)).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe('rounded', () => {
  it('keeps the digits that say something', () => {
    expect([412.6, 41.26, 1.0449].map(rounded)).toEqual([413, 41.3, 1.04]);
  });
});

describe('cpuPerCall', () => {
  it('is the time of one call in the middle round, user and system together, without the round that warms up', () => {
    const clock = { user: 0, system: 0 };
    let calls = 0;
    const costs = [1000, 3, 5, 40];
    const call = () => {
      const cost = costs[Math.floor(calls++ / 2)] ?? 0;
      clock.user += cost;
      clock.system += cost;
    };
    expect(cpuPerCall(call, { times: 2, rounds: 3 }, () => ({ ...clock }))).toBe(10);
    expect(calls).toBe(8);
  });
});
