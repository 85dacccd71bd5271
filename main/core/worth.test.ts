import { describe, expect, it } from 'vitest';
import { reloadMs, worthsOf } from './worth.ts';

const GB = 1e9;
const model = (uses: number, ms: number, gb: number) => ({ uses, reloadMs: ms, bytes: gb * GB });

describe('what models are worth', () => {
  it('grows with their uses and with what a reload takes', () => {
    const [seldom, often, slow] = worthsOf([model(1, 1000, 4), model(2, 1000, 4), model(1, 9000, 4)]) as [number, number, number];
    expect(often).toBeGreaterThan(seldom);
    expect(slow).toBeGreaterThan(often);
  });

  it('is less for the bigger of two that are wanted alike', () => {
    const [small, big] = worthsOf([model(1, 1000, 2), model(1, 1000, 20)]) as [number, number];
    expect(big).toBeLessThan(small);
    // More so than its size alone says: its room is worth something too.
    expect(big).toBeLessThan(small / 10 ** 0.2 - 1e-9);
  });

  it('is never nothing, and keeps the order where room is worth more than they are', () => {
    const [never, hardly, hot] = worthsOf([model(0, 2000, 30), model(1e-6, 2000, 30), model(3, 60_000, 1)]) as [number, number, number];
    expect(never).toBeGreaterThan(0);
    expect(hardly).toBeGreaterThan(never);
    expect(hot).toBeGreaterThan(hardly);
    expect(worthsOf([model(0, 9000, 1), model(0, 1000, 1)])[0]).toBeGreaterThan(worthsOf([model(0, 9000, 1), model(0, 1000, 1)])[1]!);
    expect(worthsOf([])).toEqual([]);
    expect(worthsOf([model(1, 1000, 0)]).every(Number.isFinite)).toBe(true);
  });

  it('counts a reload that was never measured as a start and the file from a disk', () => {
    expect(reloadMs(null, 4 * GB)).toBe(3000);
    expect(reloadMs(700, 4 * GB)).toBe(700);
  });
});
