import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noVram } from '../../test/core-fixture.ts';
import { lru, type Candidate } from './policy.ts';
import { addRoom, fitsIn, type Room } from './room.ts';

const candidate = (key: string, ram: number, lastUsedAwake: number): Candidate => ({ key, footprint: noVram(ram), lastUsedAwake, worth: 0 });
const room = (ram: number, slots = 1): Room => ({ ram: noVram(ram).ram, vram: {}, slots });
const names = (chosen: Candidate[] | null) => chosen?.map((c) => c.key) ?? null;

describe('least recently used first', () => {
  it.each([
    ['nobody where it fits', [candidate('a', 2, 1)], room(4), 4, []],
    ['the one that was used longest ago', [candidate('new', 2, 9), candidate('old', 2, 1)], room(0), 2, ['old']],
    ['the first name where two are as old', [candidate('b', 2, 1), candidate('a', 2, 1)], room(0), 2, ['a']],
    ['as many as it takes', [candidate('a', 1, 1), candidate('b', 1, 2), candidate('c', 5, 3)], room(0), 2, ['a', 'b']],
    ['not the small ones where the large one is needed anyway', [candidate('a', 1, 1), candidate('b', 1, 2), candidate('c', 5, 3)], room(0), 5, ['c']],
    ['one for a place alone', [candidate('a', 1, 1), candidate('b', 1, 2)], room(10, 0), 1, ['a']],
    ['nobody where all together are too little', [candidate('a', 1, 1), candidate('b', 1, 2)], room(0), 3, null],
    ['nobody where there is nobody', [], room(0), 1, null],
  ])('%s', (_what, candidates, free, need, expected) => {
    expect(names(lru.choose(candidates, free, noVram(need)))).toEqual(expected);
  });

  it('frees every pool that is short', () => {
    const onGpu: Candidate = { key: 'gpu', footprint: { ram: 0, vram: { g: 4 } }, lastUsedAwake: 5, worth: 0 };
    const onCpu: Candidate = { key: 'cpu', footprint: { ram: 4, vram: {} }, lastUsedAwake: 1, worth: 0 };
    const free: Room = { ram: 0, vram: { g: 0 }, slots: 4 };
    expect(names(lru.choose([onGpu, onCpu], free, { ram: 0, vram: { g: 4 } }))).toEqual(['gpu']);
    expect(names(lru.choose([onGpu, onCpu], free, { ram: 4, vram: { g: 4 } }))).toEqual(['cpu', 'gpu']);
  });
});

describe('any choice', () => {
  const amount = fc.integer({ min: 0, max: 12 });
  const candidates = fc
    .uniqueArray(fc.record({ key: fc.stringMatching(/^[a-f]$/), ram: amount, vram: amount, lastUsedAwake: fc.integer({ min: 0, max: 3 }) }), { selector: (c) => c.key, maxLength: 6 })
    .map((list) => list.map(({ key, ram, vram, lastUsedAwake }): Candidate => ({ key, footprint: { ram, vram: { g: vram } }, lastUsedAwake, worth: 0 })));
  const rooms = fc.record({ ram: fc.integer({ min: -6, max: 12 }), g: fc.integer({ min: -6, max: 12 }), slots: fc.integer({ min: -1, max: 2 }) }).map(({ ram, g, slots }): Room => ({ ram, vram: { g }, slots }));
  const needs = fc.record({ ram: amount, g: amount }).map(({ ram, g }) => ({ ram, vram: { g } }));

  it('frees enough, spares whoever is not needed, and gives up only where all together do not suffice', () => {
    fc.assert(
      fc.property(candidates, rooms, needs, (list, free, need) => {
        const without = (left: readonly Candidate[]) => left.reduce((sum, c) => addRoom(sum, c.footprint, 1), free);
        const chosen = lru.choose(list, free, need);
        if (chosen === null) return !fitsIn(need, without(list));
        const unique = new Set(chosen.map((c) => c.key)).size === chosen.length && chosen.every((c) => list.includes(c));
        const irreducible = chosen.every((c) => !fitsIn(need, without(chosen.filter((other) => other !== c))));
        return unique && fitsIn(need, without(chosen)) && irreducible;
      }),
      { seed: 1, numRuns: 2_000 },
    );
  });

  it('does not depend on the order of the candidates', () => {
    fc.assert(
      fc.property(candidates, rooms, needs, (list, free, need) => {
        expect(names(lru.choose([...list].reverse(), free, need))).toEqual(names(lru.choose(list, free, need)));
      }),
      { seed: 2, numRuns: 500 },
    );
  });
});
