import { describe, expect, it } from 'vitest';
import { dashboardSubject } from './dashboard-subject.ts';
import { minute } from './fixtures.ts';

const on = dashboardSubject();

describe('what happened', () => {
  it('can be read further back', async () => {
    const [entry] = on.engine.snapshot.activity;
    if (entry === undefined) throw new Error('the fixture has activity');
    on.engine.answers.activity = () => ({ entries: [{ ...entry, id: 7, at: Date.now() - 3 * 24 * 60 * minute, text: 'Something long ago.' }] });
    await on.open({ hash: '#/activity' });
    await on.button('Show older').click();
    await on.shows('Something long ago.');
    expect(on.asked('activity')).toEqual([{ before: 96, limit: 30 }]);
    on.engine.answers.activity = () => ({ entries: [] });
    await on.button('Show older').click();
    await on.shows('That is all there is.');
  });
});
