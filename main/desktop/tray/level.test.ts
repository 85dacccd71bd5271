import { describe, expect, it } from 'vitest';
import { problem, type LiveState } from '../../../contract/index.ts';
import { loadedModelFixture, stateFixture } from '../../../test/snapshot-fixture.ts';
import { providerFixture } from './menu-fixture.ts';
import { iconState, usedShare, type IconState } from './level.ts';

const GB = 1024 ** 3;
const base = stateFixture();

function usedBy(share: number): LiveState {
  return { ...base, memory: { ...base.memory!, total: 100 * GB, free: (1 - share) * 100 * GB } };
}

function levelsOf(shares: readonly number[]): number[] {
  let before: IconState | null = null;
  return shares.map((share) => (before = iconState(usedBy(share), before)).level);
}

describe('the level', () => {
  it('has five steps', () => {
    expect([0, 0.19, 0.21, 0.45, 0.61, 0.79, 0.81, 1].map((share) => iconState(usedBy(share), null).level)).toEqual([0, 0, 1, 2, 3, 3, 4, 4]);
  });

  it('does not flicker at a border', () => {
    expect(levelsOf([0.5, 0.59, 0.605, 0.595, 0.61, 0.62, 0.631, 0.62, 0.59, 0.575, 0.568])).toEqual([2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 2]);
  });

  it('jumps as far as the memory does', () => {
    expect(levelsOf([0.05, 0.95, 0.05])).toEqual([0, 4, 0]);
  });

  it('stays where it is while nothing is known', () => {
    const before: IconState = { level: 3, sign: null, mark: null };
    expect(iconState(null, before).level).toBe(3);
    expect(iconState({ ...base, memory: null }, before).level).toBe(3);
    expect(iconState(null, null)).toEqual({ level: 0, sign: null, mark: null });
  });

  it('counts what a limit leaves, and never more than all', () => {
    const memory = { ...base.memory!, total: 32 * GB, free: 2 * GB };
    expect(usedShare({ memory: { ...memory, limit: { bytes: 8 * GB, from: 'config' } } })).toBe(0.75);
    expect(usedShare({ memory: { ...memory, free: -4 * GB } })).toBe(1);
    expect(usedShare({ memory: { ...memory, total: 0 } })).toBeNull();
  });
});

describe('the sign', () => {
  const signOf = (change: Partial<LiveState>) => iconState({ ...base, ...change }, null).sign;

  it.each(['reserved', 'loading', 'unloading'] as const)('is busy while a model is %s', (state) => {
    expect(signOf({ loaded: [loadedModelFixture({ state })] })).toBe('busy');
  });

  it('is nothing while models are only there', () => {
    expect(signOf({ loaded: [loadedModelFixture(), loadedModelFixture({ inUse: true })] })).toBeNull();
  });

  it('is a problem before it is busy', () => {
    const overBudget = { bytes: GB, since: 0, sentence: '' };
    expect(signOf({ memory: { ...base.memory!, overBudget }, loaded: [loadedModelFixture({ state: 'loading' })] })).toBe('problem');
    expect(signOf({ loaded: [loadedModelFixture({ state: 'stuck' })] })).toBe('problem');
    expect(signOf({ configProblem: problem('bad-config', 'Line 3.') })).toBe('problem');
    expect(signOf({ providers: [providerFixture({ status: 'down' })] })).toBe('problem');
  });

  it('is none for what never ran', () => {
    expect(signOf({ providers: (['absent', 'off', 'starting', 'up'] as const).map((status) => providerFixture({ status })) })).toBeNull();
  });
});

it('marks the strongest mode', () => {
  const on = { since: 0, until: null };
  const markOf = (change: Partial<LiveState>) => iconState({ ...base, ...change }, null).mark;
  expect([markOf({}), markOf({ hold: on }), markOf({ hold: on, pause: on }), markOf({ hold: on, pause: on, freeze: on })]).toEqual([null, 'held', 'kept', 'frozen']);
});
