import { expect, it } from 'vitest';
import type { Activity } from '../../contract/index.ts';
import { activityFixture } from '../../test/snapshot-fixture.ts';
import { historyMs } from '../store/history.ts';
import { historyMarks, markKind } from './history-marks.ts';

const end = 50_000_000;
const entry = (id: number, ago: number, change: Partial<Activity> = {}) => activityFixture(id, { at: end - ago, ...change });

it.each([
  [{ kind: 'loaded' }, 'load'],
  [{ kind: 'appeared' }, 'load'],
  [{ kind: 'unloaded', reason: 'room' }, 'room'],
  [{ kind: 'unloaded', reason: 'pressure' }, 'yield'],
  [{ kind: 'unloaded', reason: 'idle' }, 'left'],
  [{ kind: 'disappeared' }, 'left'],
  [{ kind: 'failed', code: 'load-failed' }, 'failed'],
  [{ kind: 'failed', code: 'cancelled' }, null],
  [{ kind: 'memory', code: 'over-budget' }, 'yield'],
  [{ kind: 'memory' }, null],
  [{ kind: 'setting' }, null],
] as const)('marks %o as %s', (change, kind) => {
  expect(markKind(entry(1, 0, change))).toBe(kind);
});

it('puts each entry where it happened, and leaves out what is older', () => {
  const marks = historyMarks([entry(3, 0), entry(2, historyMs / 2), entry(1, historyMs + 1)], end, 0.03);
  expect(marks.map(({ id, place }) => [id, place])).toEqual([[2, 0.5], [3, 1]]);
});

it('has one mark for what is close together: the worst of it, leading to the newest', () => {
  const activity = [entry(4, 0), entry(3, 60_000), entry(2, 61_000, { kind: 'crashed' }), entry(1, 62_000)];
  const marks = historyMarks(activity, end, 0.03);
  expect(marks.map(({ id, kind, entries }) => [id, kind, entries.map((one) => one.id)])).toEqual([[3, 'failed', [1, 2, 3]], [4, 'load', [4]]]);
});
