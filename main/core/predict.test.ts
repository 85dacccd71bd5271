import { describe, expect, it } from 'vitest';
import { followersOf, noDemand, withUse, type Demand } from './demand.ts';
import { forecast, RATE_KINDS, START_WEIGHTS, weightsAfter } from './predict.ts';

const MINUTE = 60_000;
const used = (keys: string, gap = MINUTE): Demand => [...keys].reduce((demand, key, i) => withUse(demand, key, i * gap), noDemand);
const following = RATE_KINDS.length;
const returning = following + 1;

describe('how far each way to predict is believed', () => {
  it('is together 1, and never nothing', () => {
    for (const keys of ['a', 'ab', 'abcabcabc', 'aabbaabbcdedcabc', 'abcde'.repeat(20)]) {
      const { weights } = used(keys);
      expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
      expect(Math.min(...weights)).toBeGreaterThan(0);
    }
  });

  it('goes to what follows what where models are used in turn, and to after how many others they come back', () => {
    const { weights } = used('abcde'.repeat(6));
    expect(weights[following]! + weights[returning]!).toBeGreaterThan(0.7);
    for (const way of [following, returning]) expect(weights[way]!).toBeGreaterThan(START_WEIGHTS[way]! * 1.2);
  });

  it('goes to the shortest half-life where every hour has models of its own', () => {
    let state = 5;
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const hours = Array.from({ length: 12 }, (_, hour) => Array.from({ length: 24 }, () => 'abcdefghijklmnopqrstuvwx'[hour * 2 + Math.floor(random() * 3)] ?? 'a').join(''));
    const { weights } = used(hours.join(''));
    expect(weights[0]!).toBeGreaterThan(weights[3]! * 1.5);
  });

  it('comes back within a few uses when the habit changes', () => {
    let demand = used('abcde'.repeat(6));
    const believed = demand.weights[following]!;
    for (const [i, key] of [...'bacebdcaedbec'].entries()) demand = withUse(demand, key, 1000 * MINUTE + i * MINUTE);
    expect(demand.weights[following]!).toBeLessThan(believed * 0.7);
    for (let i = 0; i < 15; i++) demand = withUse(demand, 'abcde'[i % 5]!, 2000 * MINUTE + i * MINUTE);
    expect(demand.weights[following]!).toBeGreaterThan(believed * 0.9);
  });

  it('is asked about the newcomer before its use is known', () => {
    const demand = used('abcabcab');
    expect(weightsAfter(demand, 'c', 8 * MINUTE)).toEqual(withUse(demand, 'c', 8 * MINUTE).weights);
    expect(weightsAfter(demand, 'never seen', 8 * MINUTE)).toHaveLength(START_WEIGHTS.length);
  });
});

describe('a forecast', () => {
  it('goes by the last two models where the last alone leaves it open', () => {
    // After b comes c where a was before it, and d where x was.
    const demand = used('abcxbd'.repeat(8));
    const afterA = forecast(demand, 48 * MINUTE, 'a');
    expect(afterA('b')).toBeGreaterThan(afterA('d'));
    const afterAb = forecast(withUse(demand, 'a', 48 * MINUTE), 49 * MINUTE, 'b');
    const afterXb = forecast(withUse(used('abcxbd'.repeat(8) + 'abc'), 'x', 51 * MINUTE), 52 * MINUTE, 'b');
    expect(afterAb('c')).toBeGreaterThan(afterAb('d') * 1.5);
    expect(afterXb('d')).toBeGreaterThan(afterXb('c') * 1.5);
  });

  it('expects of the first round of other models what it saw in rounds before', () => {
    // Nobody has followed z yet; so far it was always the one unused for longest among five that came next.
    const uses = forecast(used('abcde'.repeat(6) + 'vwxyz'), 35 * MINUTE, null);
    for (const key of 'wxyz') expect(uses('v')).toBeGreaterThan(uses(key));
  });

  it('shares out what is used in the steps ahead, and no more', () => {
    for (const keys of ['abc', 'abcde'.repeat(10), 'aabacadaeafabacaedabaca']) {
      const uses = forecast(used(keys), 60 * MINUTE, 'a');
      const sum = [...new Set(keys)].reduce((all, key) => all + uses(key), 0);
      expect(sum).toBeGreaterThan(1);
      expect(sum).toBeLessThanOrEqual(5.13);
    }
  });

  it('of the model that is used already is the same as of what comes next', () => {
    const demand = used('abcabcabc');
    for (const key of 'abc') expect(forecast(demand, 9 * MINUTE, 'c')(key)).toBe(forecast(demand, 9 * MINUTE, null)(key));
  });

  it('counts a follower once, also where it has faded to nothing after one of those before it', () => {
    const demand = used('abacd');
    const followers = (pairs: readonly (readonly [number, number])[]): Demand => {
      const [a, b, c, d] = demand.known.map((uses) => ({ ...uses, pairs: [], followers: followersOf([]) }));
      return { ...demand, last: 'a', previous: null, known: [{ ...a!, followers: followersOf([[1, 1], [2, 1]]) }, { ...b!, followers: followersOf(pairs) }, { ...c!, followers: followersOf([[3, 1]]) }, d!] };
    };
    // a, b, c and d are 0 to 3.
    expect(forecast(followers([[3, 0]]), 9 * MINUTE, 'a')('d')).toBe(forecast(followers([]), 9 * MINUTE, 'a')('d'));
  });

  it('is nothing where nothing is known, and for a newcomer that nobody has used what is used often', () => {
    expect(forecast(noDemand, 0, 'a')('a')).toBe(0);
    const uses = forecast(used('aabaacaab'), 9 * MINUTE, 'new');
    expect(uses('a')).toBeGreaterThan(uses('c'));
  });
});
