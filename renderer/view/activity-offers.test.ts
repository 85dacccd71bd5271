import { describe, expect, it } from 'vitest';
import { problem, type Activity } from '../../contract/index.ts';
import { activityFixture, installedModelFixture, loadedModelFixture } from '../../test/snapshot-fixture.ts';
import { activityOffers, lastWords } from './activity-offers.ts';

const offers = (change: Partial<Activity>, model = installedModelFixture(), loaded?: ReturnType<typeof loadedModelFixture>) => activityOffers(activityFixture(1, { by: null, ...change }), model, loaded);

describe('what an entry offers', () => {
  it.each([
    [{ kind: 'unloaded', reason: 'room' }, { load: true, keep: 'keep' }],
    [{ kind: 'unloaded', reason: 'idle' }, { load: true, keep: 'keep-while-room' }],
    [{ kind: 'unloaded', reason: 'idle', by: 'dashboard' }, { load: true, keep: null }],
    [{ kind: 'unloaded', reason: 'pressure' }, { load: true, keep: 'keep' }],
    [{ kind: 'unloaded', reason: 'asked' }, { load: true, keep: null }],
    [{ kind: 'refused', reason: 'asked' }, { load: true, keep: null }],
    [{ kind: 'crashed', reason: 'other' }, { load: true, keep: null }],
    [{ kind: 'loaded', reason: 'asked' }, { load: false, keep: null }],
    [{ kind: 'notice', reason: 'other' }, { load: false, keep: null }],
  ] as const)('%o', (change, expected) => {
    expect(offers(change)).toEqual(expected);
  });

  it('does not load what is in memory, nor keep what is kept', () => {
    expect(offers({ kind: 'unloaded', reason: 'room' }, undefined, loadedModelFixture())).toEqual({ load: false, keep: 'keep' });
    expect(offers({ kind: 'unloaded', reason: 'room' }, installedModelFixture({ pinned: true }))).toEqual({ load: true, keep: null });
  });

  it('offers nothing for a model that is gone or broken', () => {
    expect(activityOffers(activityFixture(1, { kind: 'unloaded', reason: 'room' }), undefined, undefined)).toEqual({ load: false, keep: null });
    expect(offers({ kind: 'unloaded', reason: 'room' }, installedModelFixture({ problem: problem('bad-file', 'cut off') }))).toEqual({ load: false, keep: null });
  });
});

it('finds the last word about each model', () => {
  const entries = [
    activityFixture(6, { kind: 'setting' }),
    activityFixture(5, { kind: 'unloaded' }),
    activityFixture(4, { model: null, kind: 'memory' }),
    activityFixture(3, { model: 'b', kind: 'refused' }),
    activityFixture(2, { kind: 'loaded' }),
    activityFixture(1, { model: 'b' }),
  ];
  expect([...lastWords(entries)]).toEqual([5, 3]);
});
