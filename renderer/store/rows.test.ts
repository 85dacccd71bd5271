import { expect, it } from 'vitest';
import { live, loaded } from '../../test/browser/fixtures.ts';
import { updateRows } from './rows.ts';

const at = 1_000_000;
const state = (idleMs: number, later: number, more = {}) => live([{ ...loaded('a', 1, { loadedAt: 1, lastUsed: 1, unloadsAt: 2, since: 1 }), idleMs, ...more }], { at: at + later });

it('keeps a row whose idle time runs on, with the time it was read', () => {
  const first = updateRows({}, state(60_000, 0));
  const next = updateRows(first, state(61_020, 1_000));
  expect(next).toBe(first);
  expect(updateRows(next, state(75_000, 15_000))).toBe(first);
});

it('tells anew what was used, slept through, or otherwise changed', () => {
  const first = updateRows({}, state(60_000, 0));
  expect(updateRows(first, state(0, 1_000))).not.toBe(first);
  // Ten minutes went by, of which the computer slept nine.
  expect(updateRows(first, state(120_000, 600_000))).not.toBe(first);
  expect(updateRows(first, state(61_000, 1_000, { pinned: true }))).not.toBe(first);
});

it('keeps a row in use, whose idle time stands still', () => {
  const first = updateRows({}, state(0, 0, { inUse: true }));
  expect(updateRows(first, state(0, 30_000, { inUse: true }))).toBe(first);
});

it('forgets what left', () => {
  const first = updateRows({}, state(60_000, 0));
  expect(updateRows(first, live([], { at }))).toEqual({});
});
