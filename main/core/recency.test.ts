import { describe, expect, it } from 'vitest';
import { chanceOfReturn, MAX_LATEST, noRecency, recencyAfter, returnsAhead, type Recency } from './recency.ts';

const after = (ids: readonly number[]): Recency => ids.reduce(recencyAfter, noRecency);
const inTurn = (models: number, rounds: number): number[] => Array.from({ length: models * rounds }, (_, i) => i % models);
const STEPS = 8;
const STEP_WEIGHT = 0.9;
const ahead = (recency: Recency): Float64Array => returnsAhead(recency.counts, STEPS, STEP_WEIGHT);

describe('after how many others a model comes back', () => {
  it('is, before anything is known, likelier the later it was used', () => {
    const fresh = after([0, 1, 2, 3]);
    expect(fresh.latest).toEqual([3, 2, 1, 0]);
    expect(chanceOfReturn(fresh, 2)).toBeGreaterThan(chanceOfReturn(fresh, 1));
    expect(chanceOfReturn(fresh, 1)).toBeGreaterThan(chanceOfReturn(fresh, 0));
    expect(chanceOfReturn(fresh, 9)).toBe(0);
  });

  it('is in a loop always the one unused for longest, also where a model has come back only once', () => {
    const loop = after(inTurn(6, 4));
    expect(chanceOfReturn(loop, 0)).toBeGreaterThan(0.7);
    // Six models that nobody has used twice yet, after those: what was learned of the others holds for them.
    const others = after([...inTurn(6, 4), 10, 11, 12, 13, 14, 15]);
    expect(chanceOfReturn(others, 10)).toBeGreaterThan(chanceOfReturn(others, 15));
    expect(chanceOfReturn(others, 10)).toBeGreaterThan(chanceOfReturn(others, 11));
  });

  it('tells the steps ahead: in a loop the last one comes last', () => {
    const loop = after(inTurn(6, 30));
    const uses = ahead(loop);
    const byPlace = loop.latest.map((_, place) => uses[place]!);
    expect([...byPlace].sort((a, b) => a - b)).toEqual(byPlace);
    // Six steps ahead by the loop alone, which is also when it comes round again.
    expect(byPlace[0]!).toBeLessThan(byPlace[5]! * 0.8);
  });

  it('expects no more uses than there are steps, whatever has been seen', () => {
    const most = Array.from({ length: STEPS }, (_, i) => STEP_WEIGHT ** (i + 1)).reduce((a, b) => a + b);
    for (const seen of [[], [1], inTurn(3, 20), inTurn(MAX_LATEST + 8, 3), [1, 1, 1, 2, 2, 1]]) {
      const sum = ahead(after(seen)).reduce((a, b) => a + b, 0);
      expect(sum).toBeGreaterThan(0);
      expect(sum).toBeLessThan(most);
    }
  });

  it('agrees with counting through all that may come', () => {
    // Chances of the places, by hand: the last model, the two before it, and something else.
    const counts = [1, 4, 2];
    const total = 8;
    const through = (order: readonly string[], steps: number): Record<string, number> => {
      const sums: Record<string, number> = {};
      if (steps === 0) return sums;
      for (const [place, count] of [...counts.entries(), [-1, 1] as const]) {
        const next = place < 0 ? `new${steps}` : order[place]!;
        const later = through([next, ...order.filter((name) => name !== next)].slice(0, counts.length), steps - 1);
        later[next] = (later[next] ?? 0) + 1;
        for (const [name, uses] of Object.entries(later)) sums[name] = (sums[name] ?? 0) + (count / total) * STEP_WEIGHT * uses;
      }
      return sums;
    };
    const expected = through(['a', 'b', 'c'], 4);
    const found = returnsAhead(counts, 4, STEP_WEIGHT);
    for (const [place, name] of ['a', 'b', 'c'].entries()) expect(found[place]!).toBeCloseTo(expected[name]!, 9);
  });

  it('is bounded', () => {
    const many = after(Array.from({ length: 200 }, (_, i) => i));
    expect(many.latest).toHaveLength(MAX_LATEST);
    expect(many.counts).toHaveLength(MAX_LATEST);
    expect(many.latest[0]).toBe(199);
  });
});
