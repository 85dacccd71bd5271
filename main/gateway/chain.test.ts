import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChain, type Link } from './chain.ts';

class One implements Link<One> {
  before: One | null = null;
  after: One | null = null;
}

describe('a chain', () => {
  it('has what a Set has, in the same order, whoever comes and leaves', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(7), fc.boolean()), { maxLength: 60 }), (steps) => {
        const ones = Array.from({ length: 8 }, () => new One());
        const chain = createChain<One>();
        const set = new Set<One>();
        for (const [i, comes] of steps) {
          const one = ones[i]!;
          if (comes) {
            chain.add(one);
            set.add(one);
          } else expect(chain.remove(one)).toBe(set.delete(one));
          expect([...chain]).toEqual([...set]);
          expect([chain.size(), chain.has(one)]).toEqual([set.size, set.has(one)]);
        }
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('is not held by what has left it', () => {
    const [a, b, c] = [new One(), new One(), new One()];
    const chain = createChain<One>();
    for (const one of [a, b, c]) chain.add(one);
    chain.remove(b);
    expect([b.before, b.after]).toEqual([null, null]);
    expect([...chain]).toEqual([a, c]);
  });

  it('goes on where the one that is looked at leaves', () => {
    const ones = [new One(), new One(), new One()];
    const chain = createChain<One>();
    ones.forEach((one) => chain.add(one));
    const seen: One[] = [];
    for (const one of chain) {
      seen.push(one);
      chain.remove(one);
    }
    expect(seen).toEqual(ones);
    expect(chain.size()).toBe(0);
  });
});
