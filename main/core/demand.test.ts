import { describe, expect, it } from 'vitest';
import { MAX_FOLLOWERS, MAX_KNOWN, MAX_PAIRS, MAX_TIMES, noDemand, RUN_PAUSE_MS, usesOf, withUse, type Demand } from './demand.ts';
import { forecast } from './predict.ts';

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
    expect(uses('new')).toBeGreaterThan(uses('old') * 2);
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
    expect(usesOf(many, 'b')!.times).toEqual([1000]);
    expect(forecast(many, 6000, null)('b')).toBeCloseTo(forecast(one, 6000, null)('b'), 2);
    expect(withUse(one, 'b', 1500)).toBe(one);
    expect(usesOf(withUse(one, 'b', 1000 + RUN_PAUSE_MS), 'b')!.times).toHaveLength(2);
  });

  it('is no less sane where the clock is set back', () => {
    const demand = after([['a', HOUR], ['b', 0], ['a', 10]]);
    for (const now of [0, HOUR, 2 * HOUR]) expect(Number.isFinite(forecast(demand, now, null)('a'))).toBe(true);
    expect(usesOf(demand, 'a')!.counts.every((count) => count <= 2)).toBe(true);
  });

  it('is bounded: models, followers and pairs of each, and times', () => {
    let demand = noDemand;
    for (let i = 0; i < MAX_KNOWN + 50; i++) demand = withUse(withUse(demand, 'hub', i * 2000), `m${i}`, i * 2000 + 1000);
    expect(demand.known).toHaveLength(MAX_KNOWN);
    expect([...demand.ids].every(([key, id]) => demand.known[id]!.key === key)).toBe(true);
    expect(demand.ids.size).toBe(MAX_KNOWN);
    expect(usesOf(demand, 'm0')).toBeUndefined();
    const hub = usesOf(demand, 'hub')!;
    expect(hub.followers.to).toHaveLength(MAX_FOLLOWERS);
    expect(hub.pairs).toHaveLength(MAX_PAIRS);
    expect(hub.times).toHaveLength(MAX_TIMES);
  });

  it('leaves nothing of a model that is forgotten to the one that takes its place', () => {
    let demand = after([['old', 0], ['friend', 1000], ['old', 2000], ['friend', 3000]]);
    for (let i = 0; i < MAX_KNOWN - 1; i++) demand = withUse(demand, i % 100 === 0 ? 'friend' : `m${i}`, 10_000 + i * 1000);
    const id = demand.ids.get('old')!;
    for (let i = 0; usesOf(demand, 'old'); i++) demand = withUse(demand, `late${i}`, HOUR + i * 1000);
    expect(demand.known[id]!.key).toMatch(/^late/);
    const friend = usesOf(demand, 'friend')!;
    expect(friend.followers.to).not.toContain(id);
    expect(friend.pairs.flatMap(([before, { to }]) => [before, ...to])).not.toContain(id);
  });
});
