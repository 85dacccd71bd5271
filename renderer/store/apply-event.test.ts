import { expect, it } from 'vitest';
import { entriesInSnapshot } from '../../contract/activity-count.ts';
import { live, loaded, snapshot } from '../../test/browser/fixtures.ts';
import { addOlder, applyEvent } from './apply-event.ts';
import { type DashboardState, initialState } from './state.ts';

const entry = (id: number) => {
  const [first] = snapshot(live()).activity;
  if (first === undefined) throw new Error('the fixture has activity');
  return { ...first, id, at: id * 1000 };
};
const state = (more: Partial<DashboardState> = {}): DashboardState => ({ ...initialState, ...more });

it('knows by how much the engine’s clock differs', () => {
  expect(applyEvent(state(), { type: 'state', state: live([], { at: 5_000 }) }, 2_000).clockOffset).toBe(3_000);
});

it('shows each entry of the activity once, newest first', () => {
  const activity = [entry(2), entry(1)];
  const next = applyEvent(state({ activity }), { type: 'activity', entries: [entry(3), entry(2)] }, 0);
  expect(next.activity?.map(({ id }) => id)).toEqual([3, 2, 1]);
});

it('says that there is nothing older when an answer brings fewer entries than were asked for', () => {
  const activity = [entry(3)];
  expect(addOlder(state({ activity }), [entry(2), entry(1)], 2).older).toBe('unknown');
  expect(addOlder(state({ activity }), [entry(1)], 2)).toMatchObject({ older: 'end', activity: [{ id: 3 }, { id: 1 }] });
});

it('knows at once that there is nothing older than a short list', () => {
  const older = (entries: number) =>
    applyEvent(state(), { type: 'snapshot', snapshot: { ...snapshot(live()), activity: Array.from({ length: entries }, (_, index) => entry(index + 1)) } }, 0).older;
  expect([older(0), older(entriesInSnapshot - 1), older(entriesInSnapshot)]).toEqual(['end', 'end', 'unknown']);
});

it('gives every model in memory a place and a colour', () => {
  const next = applyEvent(state(), { type: 'state', state: live([loaded('a', 1), loaded('b', 1)]) }, 0);
  expect(next.order).toHaveLength(2);
  expect(new Set(Object.values(next.colours ?? {})).size).toBe(2);
});

it('keeps what an event tells once more', () => {
  const first = state({ ...applyEvent(state(), { type: 'snapshot', snapshot: snapshot(live([loaded('a', 1)], { at: 1_000 })) }, 0) });
  const told = structuredClone(first);
  const next = { ...first, ...applyEvent(first, { type: 'state', state: { ...told.live!, at: 1_900 } }, 1_000) };
  expect(next.live).not.toBe(first.live);
  expect(next.live?.providers).toBe(first.live?.providers);
  for (const part of ['rows', 'order', 'colours', 'models', 'activity', 'history', 'clockOffset'] as const) expect(next[part], part).toBe(first[part]);
  expect(applyEvent(first, { type: 'models', models: told.models.map((model) => ({ ...model })) }, 0).models).toBe(first.models);
});
