import { describe, expect, it } from 'vitest';
import { gb, knownModel, memoryFixture, providerFixture, slotFixture, stateFixture } from '../../test/core-fixture.ts';
import { addRoom, fitsIn, freeRam, largestPossible, otherPrograms, ramHeld, roomNow, roomSoon } from './room.ts';
import type { CoreConfig, Job, Residency, Slot } from './types.ts';

const a = knownModel('llama.cpp/a', 6);
const far = knownModel('far/f', 4);

interface Row {
  what: string;
  available: number;
  slot?: Partial<Slot>;
  resident?: Residency;
  config?: Partial<CoreConfig>;
  free: number;
}

// One model that is booked with 6 GB, on a machine that could give 16 GB without it.
const rows: Row[] = [
  { what: 'nothing is loaded', available: 16, free: 16 },
  { what: 'a loaded one with anonymous weights', available: 10, slot: { pid: 7 }, resident: { anon: gb(6), file: 0 }, free: 10 },
  { what: 'a loaded one with mapped weights, which the OS still calls available', available: 15.5, slot: { pid: 7 }, resident: { anon: gb(0.5), file: gb(5.5) }, free: 10 },
  { what: 'a half-loaded anonymous one: counted once', available: 13, slot: { pid: 7, state: 'loading' }, resident: { anon: gb(3), file: 0 }, free: 10 },
  { what: 'a half-loaded mapped one: counted once', available: 16, slot: { pid: 7, state: 'loading' }, resident: { anon: 0, file: gb(3) }, free: 10 },
  { what: 'one whose process has just begun', available: 16, slot: { pid: 7, state: 'loading' }, resident: { anon: 0, file: 0 }, free: 10 },
  { what: 'one whose process is not known yet', available: 16, slot: { state: 'loading' }, free: 10 },
  { what: 'one that takes more than was booked', available: 9, slot: { pid: 7 }, resident: { anon: gb(7), file: gb(1) }, free: 8 },
  { what: 'mapped weights that reclaim has taken back: still booked', available: 15.5, slot: { pid: 7 }, resident: { anon: gb(0.5), file: 0 }, free: 10 },
  { what: 'a part in swap, whose end gives no RAM back', available: 12, slot: { pid: 7 }, resident: { anon: gb(6), file: 0, swapped: gb(2) }, free: 10 },
  { what: 'a loaded one that cannot be read: its reported size is resident', available: 10, slot: {}, free: 10 },
  { what: 'one that leaves counts until it is gone', available: 10, slot: { state: 'unloading', pid: 7 }, resident: { anon: gb(6), file: 0 }, free: 10 },
  { what: 'one that does not let go counts too', available: 10, slot: { state: 'stuck', pid: 7 }, resident: { anon: gb(6), file: 0 }, free: 10 },
  { what: 'a process that has just ended', available: 16, slot: { pid: 7 }, free: 10 },
  { what: 'a reserve', available: 16, config: { reserve: gb(2) }, free: 14 },
  { what: 'an upper bound for all models', available: 10, slot: {}, config: { maxUsage: gb(8) }, free: 2 },
  { what: 'an upper bound that the machine cannot reach', available: 1, slot: {}, config: { maxUsage: gb(12) }, free: 1 },
  { what: 'other programs that have grown: below zero', available: 1, slot: { pid: 7 }, resident: { anon: 0, file: gb(6) }, free: -5 },
];

describe('free room', () => {
  it.each(rows)('$what', ({ available, slot, resident, config, free }) => {
    const state = stateFixture({
      models: [a],
      slots: slot ? [slotFixture(a, slot)] : [],
      config: config ?? {},
      memory: memoryFixture(available, { resident: new Map(resident ? [[a.weights, resident]] : []) }),
    });
    expect(freeRam(state, 'host')! / gb(1)).toBeCloseTo(free, 6);
  });

  it('is nothing before the first reading', () => {
    expect(freeRam(stateFixture({ models: [a], memory: null }), 'host')).toBe(0);
    expect(largestPossible(stateFixture({ memory: null }), 'host')).toBeNull();
  });

  it('of another memory is its capacity less what is booked there, and unknown where the capacity is', () => {
    const provider = providerFixture('far', { domain: 'own:far', ownCapacity: gb(10) });
    // The host's reading says nothing about a process elsewhere, whatever its key.
    const memory = memoryFixture(16, { resident: new Map([[far.weights, { anon: gb(9), file: 0 }]]) });
    const parts = { models: [a, far], slots: [slotFixture(far), slotFixture(a)], memory };
    const known = stateFixture({ ...parts, providers: [provider, providerFixture('llama.cpp')] });
    expect(freeRam(known, 'own:far')).toBe(gb(6));
    expect(ramHeld(known, slotFixture(far))).toBe(gb(4));
    expect(freeRam(known, 'host')).toBe(gb(16));
    const unknown = stateFixture({ ...parts, providers: [{ ...provider, ownCapacity: null }, providerFixture('llama.cpp')] });
    expect(freeRam(unknown, 'own:far')).toBeNull();
    expect(roomNow(unknown, 'own:far')).toEqual({ ram: null, vram: {}, slots: 3 });
    expect(fitsIn({ ram: gb(1000), vram: {} }, roomNow(unknown, 'own:far'))).toBe(true);
    expect(largestPossible(unknown, 'own:far')).toBeNull();
    expect(largestPossible(known, 'own:far')).toBe(gb(10));
  });
});

describe('the machine', () => {
  it('could give at most its total, its cgroup, or what the settings allow', () => {
    const most = (config: Partial<CoreConfig>, cgroupLimit: number | null) => largestPossible(stateFixture({ config, memory: memoryFixture(1, { cgroupLimit }) }), 'host');
    expect(most({}, null)).toBe(gb(32));
    expect(most({}, gb(12))).toBe(gb(12));
    expect(most({ reserve: gb(2) }, gb(12))).toBe(gb(10));
    expect(most({ reserve: gb(2), maxUsage: gb(6) }, gb(12))).toBe(gb(6));
    expect(most({ maxUsage: gb(60) }, null)).toBe(gb(32));
  });

  it('counts what other programs hold without the models', () => {
    const memory = memoryFixture(10, { resident: new Map([[a.weights, { anon: gb(2), file: gb(4) }]]) });
    const state = stateFixture({ models: [a], slots: [slotFixture(a, { pid: 7 })], memory });
    expect(otherPrograms(state)).toBe(gb(20));
    expect(otherPrograms({ ...state, memory: { ...memory, cgroupLimit: gb(14) } })).toBe(gb(2));
    expect(otherPrograms({ ...state, memory: { ...memory, cgroupLimit: gb(8) } })).toBe(0);
    expect(otherPrograms({ ...state, memory: null })).toBe(0);
  });
});

describe('graphics memory', () => {
  const big = knownModel('llama.cpp/gpu', 1, { footprint: { ram: gb(1), vram: { gpu0: gb(4) } } });
  const vram = [{ id: 'gpu0', free: gb(6), total: gb(8) }];

  it('of a loading model is booked, of a loaded one it is missing already', () => {
    const room = (state: Slot['state']) => roomNow(stateFixture({ models: [big], slots: [slotFixture(big, { state })], memory: memoryFixture(16, { vram }) }), 'host').vram['gpu0'];
    expect(room('loading')).toBe(gb(2));
    expect(room('ready')).toBe(gb(6));
  });

  it('limits on every device that is there, and is no matter where there is none', () => {
    const need = big.footprint;
    expect(fitsIn(need, { ram: gb(1), vram: { gpu0: gb(4) }, slots: 1 })).toBe(true);
    expect(fitsIn(need, { ram: gb(1), vram: { gpu0: gb(4) - 1 }, slots: 1 })).toBe(false);
    expect(fitsIn(need, { ram: gb(1), vram: {}, slots: 1 })).toBe(true);
    expect(fitsIn(need, { ram: gb(1) - 1, vram: { gpu0: gb(4) }, slots: 1 })).toBe(false);
    expect(fitsIn(need, { ram: gb(1), vram: { gpu0: gb(4) }, slots: 0 })).toBe(false);
    expect(addRoom({ ram: 0, vram: { gpu0: 0 }, slots: 0 }, { ram: 5, vram: { gpu0: 7, gpu1: 9 } }, 2)).toEqual({ ram: 10, vram: { gpu0: 14 }, slots: 2 });
  });
});

describe('room soon', () => {
  const b = knownModel('llama.cpp/b', 3);
  const job = (change: Partial<Job>): Job => ({
    key: b.weights, modelId: b.id, seq: 1, since: 0, sinceAwake: 0, state: 'reserved', waiters: [], force: false, consent: false, mayUnload: null, agreedBy: null,
    tryOnce: false, origin: 'client', by: 'test', need: b.footprint, atLeast: false, inLine: false, inItsWay: null,
    source: 'measured', contextLength: null, unloaded: [], attempt: 1, firstProblem: null, startedAt: null, ...change,
  });

  it('gives back what leaves, takes what is booked, and leaves out the job that asks', () => {
    const state = { ...stateFixture({ models: [a, b], slots: [slotFixture(a, { state: 'unloading' })], memory: memoryFixture(2) }), jobs: new Map([[b.weights, job({})]]) };
    expect(roomNow(state, 'host')).toEqual({ ram: gb(2), vram: {}, slots: 3 });
    expect(roomSoon(state, 'host', null)).toEqual({ ram: gb(5), vram: {}, slots: 3 });
    expect(roomSoon(state, 'host', b.weights)).toEqual({ ram: gb(8), vram: {}, slots: 4 });
  });

  it('counts a job that is only wanted, or whose load has begun, not as booked', () => {
    for (const stage of ['waiting', 'loading'] as const) {
      const state = { ...stateFixture({ models: [a, b], memory: memoryFixture(8) }), jobs: new Map([[b.weights, job({ state: stage })]]) };
      expect(roomSoon(state, 'host', null).ram).toBe(gb(8));
    }
  });
});
