import { describe, expect, it } from 'vitest';
import { forecast, MAX_FOLLOWERS, MAX_KNOWN, MAX_TIMES, noDemand, RUN_PAUSE_MS, withUse, type Demand } from './demand.ts';

const HOUR = 3_600_000;
const after = (uses: readonly (readonly [string, number])[]): Demand => uses.reduce((demand, [key, at]) => withUse(demand, key, at), noDemand);
/** `names` one after the other, a minute apart. */
const inTurn = (names: readonly string[], rounds: number): Demand => after(Array.from({ length: names.length * rounds }, (_, i) => [names[i % names.length]!, i * 60_000] as const));

describe('what is wanted', () => {
  it('is what is used more often', () => {
    const demand = after([['b', 0], ['a', 1], ['b', 2], ['a', 3], ['b', 4], ['c', 5]]);
    const uses = forecast(demand, HOUR, null);
    expect(uses('b')).toBeGreaterThan(uses('a'));
    expect(uses('never')).toBe(0);
  });

  it('fades: what was used lately counts more than what was used as often a week ago', () => {
    const demand = after([['old', 0], ['x', 1], ['old', 2], ['x', 168 * HOUR], ['new', 168 * HOUR + 1], ['x', 168 * HOUR + 2], ['new', 168 * HOUR + 3]]);
    const uses = forecast(demand, 169 * HOUR, 'nobody');
    expect(uses('new')).toBeGreaterThan(uses('old') * 5);
    expect(uses('old')).toBeGreaterThan(0);
  });

  it('is what follows: in a loop the one that comes next is wanted most, and the one just used less', () => {
    const demand = inTurn(['a', 'b', 'c', 'd', 'e'], 10);
    const uses = forecast(demand, 50 * 60_000, 'a');
    for (const later of ['a', 'c', 'd', 'e']) expect(uses('b')).toBeGreaterThan(uses(later));
    // Used last, and yet wanted less than what comes before it.
    expect(uses('e')).toBeLessThan(uses('d'));
    expect(uses('e')).toBeLessThan(uses('c'));
  });

  it('is not raised by many uses in a row, nor by uses within a second', () => {
    const one = after([['a', 0], ['b', 1000]]);
    const many = after([['a', 0], ['b', 1000], ['b', 3000], ['b', 5000]]);
    expect(many.models.get('b')!.times).toEqual([1000]);
    expect(forecast(many, 6000, null)('b')).toBeCloseTo(forecast(one, 6000, null)('b'), 2);
    expect(withUse(one, 'b', 1500)).toBe(one);
    expect(withUse(one, 'b', 1000 + RUN_PAUSE_MS).models.get('b')!.times).toHaveLength(2);
  });

  it('is no less sane where the clock is set back', () => {
    const demand = after([['a', HOUR], ['b', 0], ['a', 10]]);
    for (const now of [0, HOUR, 2 * HOUR]) expect(Number.isFinite(forecast(demand, now, null)('a'))).toBe(true);
    expect(demand.models.get('a')!.counts.every((count) => count <= 2)).toBe(true);
  });

  it('is bounded: models, followers of each and times of each', () => {
    let demand = noDemand;
    for (let i = 0; i < MAX_KNOWN + 50; i++) demand = withUse(withUse(demand, 'hub', i * 2000), `m${i}`, i * 2000 + 1000);
    expect(demand.models.size).toBe(MAX_KNOWN);
    expect(demand.models.has('hub')).toBe(true);
    expect(demand.models.has('m0')).toBe(false);
    expect(demand.models.get('hub')!.followers).toHaveLength(MAX_FOLLOWERS);
    expect(demand.models.get('hub')!.times).toHaveLength(MAX_TIMES);
  });
});
