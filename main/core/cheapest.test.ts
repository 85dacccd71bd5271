import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cheapestSet, type Priced } from './cheapest.ts';
import { addRoom, fitsIn, type Room } from './room.ts';

const priced = (key: string, ram: number, worth: number, lastUsedAwake = 0): Priced => ({ key, footprint: { ram, vram: {} }, worth, lastUsedAwake });
const keys = (chosen: Priced[] | null) => chosen?.map(({ key }) => key).sort() ?? null;
const room = (ram: number, slots = 1): Room => ({ ram, vram: {}, slots });
const need = (ram: number) => ({ ram, vram: {} });

/** Every set, one after the other. */
function byTryingAll(candidates: readonly Priced[], free: Room, wanted: Priced['footprint']): number | null {
  let best: number | null = null;
  for (let bits = 0; bits < 2 ** candidates.length; bits++) {
    const set = candidates.filter((_, i) => bits & (1 << i));
    if (!fitsIn(wanted, set.reduce((sum, c) => addRoom(sum, c.footprint, 1), free))) continue;
    const worth = set.reduce((sum, c) => sum + c.worth, 0);
    if (best === null || worth < best) best = worth;
  }
  return best;
}

const amount = fc.integer({ min: 0, max: 12 });
const candidates = (maxLength: number) =>
  fc
    .array(fc.record({ ram: amount, g: amount, worth: amount, lastUsedAwake: fc.integer({ min: 0, max: 3 }) }), { maxLength })
    .map((list) => list.map(({ ram, g, worth, lastUsedAwake }, i): Priced => ({ key: `m${i}`, footprint: { ram, vram: { g } }, worth, lastUsedAwake })));
const rooms = fc.record({ ram: fc.option(fc.integer({ min: -6, max: 12 })), g: fc.integer({ min: -6, max: 12 }), slots: fc.integer({ min: -2, max: 2 }) }).map(({ ram, g, slots }): Room => ({ ram, vram: { g }, slots }));
const needs = fc.record({ ram: amount, g: amount }).map(({ ram, g }) => ({ ram, vram: { g } }));

describe('the cheapest set', () => {
  it.each([
    ['nobody where it fits', [priced('a', 2, 1)], room(4), 4, []],
    ['two that are worth less than the one', [priced('a', 2, 1), priced('b', 2, 1), priced('c', 4, 3)], room(0), 4, ['a', 'b']],
    ['the one that is worth less than the two', [priced('a', 2, 1), priced('b', 2, 1), priced('c', 4, 1.5)], room(0), 4, ['c']],
    ['not the one that is worth least per byte where another suffices', [priced('big', 40, 4), priced('small', 2, 3)], room(0), 2, ['small']],
    ['one for a place alone', [priced('a', 9, 5), priced('b', 1, 2)], room(10, 0), 1, ['b']],
    ['of equals the one unused for longest', [priced('a', 2, 1, 5), priced('b', 2, 1, 3)], room(0), 2, ['b']],
    ['of equals in that, too, the first name', [priced('b', 2, 1), priced('a', 2, 1)], room(0), 2, ['a']],
    ['nobody where all together are too little', [priced('a', 1, 1), priced('b', 1, 2)], room(0), 3, null],
  ])('%s', (_what, list, free, ram, expected) => {
    expect(keys(cheapestSet(list, free, need(ram)))).toEqual(expected);
  });

  it('is worth as little as any set that frees enough', () => {
    fc.assert(
      fc.property(candidates(9), rooms, needs, (list, free, wanted) => {
        const chosen = cheapestSet(list, free, wanted);
        expect(chosen === null ? null : chosen.reduce((sum, c) => sum + c.worth, 0)).toBe(byTryingAll(list, free, wanted));
      }),
      { seed: 7, numRuns: 1500 },
    );
  });

  it('is the same whatever order the candidates come in', () => {
    fc.assert(
      fc.property(candidates(9), rooms, needs, (list, free, wanted) => {
        expect(keys(cheapestSet([...list].reverse(), free, wanted))).toEqual(keys(cheapestSet(list, free, wanted)));
      }),
      { seed: 8, numRuns: 500 },
    );
  });

  it('frees enough also where the search is cut short', () => {
    fc.assert(
      fc.property(candidates(40), rooms, needs, (list, free, wanted) => {
        const chosen = cheapestSet(list, free, wanted, 0);
        const all = list.reduce((sum, c) => addRoom(sum, c.footprint, 1), free);
        if (chosen === null) expect(fitsIn(wanted, all)).toBe(false);
        else expect(fitsIn(wanted, chosen.reduce((sum, c) => addRoom(sum, c.footprint, 1), free))).toBe(true);
      }),
      { seed: 9, numRuns: 500 },
    );
  });
});
