import { expect, it } from 'vitest';
import { createManagerFixture, settled } from '../../test/manager-fixture.ts';
import { catalogModel } from '../../test/scripted-provider.ts';
import { activityFixture } from '../../test/snapshot-fixture.ts';
import { createLastUnloads } from './last-unloads.ts';

const logOf = (entries: ReturnType<typeof activityFixture>[]) => ({ query: ({ limit = 50 }: { limit?: number | undefined }) => [...entries].reverse().slice(0, limit) });

it('knows from the list why each model last left, whatever happened to it besides', () => {
  const last = createLastUnloads(
    logOf([
      activityFixture(1, { kind: 'unloaded', reason: 'idle', model: 'p/a' }),
      activityFixture(2, { kind: 'unloaded', reason: 'room', model: 'p/a', text: 'newer' }),
      activityFixture(3, { kind: 'refused', model: 'p/a' }),
      activityFixture(4, { kind: 'disappeared', reason: 'foreign', model: 'p/b' }),
      activityFixture(5, { kind: 'provider', model: null }),
    ]),
  );
  expect(last.get('p/a')).toEqual({ activity: 2, at: 2, reason: 'room', text: 'newer' });
  expect(last.get('p/b')).toMatchObject({ activity: 4, reason: 'foreign' });
  expect(last.get('p/c')).toBeNull();
  last.see(activityFixture(6, { kind: 'crashed', reason: 'other', model: 'p/c' }));
  expect(last.get('p/c')).toMatchObject({ activity: 6 });
});

it('reads so far back and no further, and keeps so many models and no more', () => {
  const last = createLastUnloads(logOf(Array.from({ length: 600 }, (_, i) => activityFixture(i, { kind: 'unloaded', model: `p/${i}` }))));
  expect([last.get('p/99'), last.get('p/100')?.activity]).toEqual([null, 100]);
  for (let i = 1_000; i < 4_000; i++) last.see(activityFixture(i, { kind: 'unloaded', model: `p/${i}` }));
  expect([last.get('p/100'), last.get('p/3999')?.activity]).toEqual([null, 3_999]);
});

it('what went because somebody had all that is unused go was asked for: nothing is to be done against it', () => {
  const last = createLastUnloads({ query: () => [] });
  last.see(activityFixture(1, { kind: 'unloaded', model: 'p/a', reason: 'idle', by: 'command line' }));
  last.see(activityFixture(2, { kind: 'unloaded', model: 'p/b', reason: 'idle', by: null }));
  expect([last.get('p/a')?.reason, last.get('p/b')?.reason]).toEqual(['asked', 'idle']);
});

it('shows in the list of models, under every name of the same weights, until it is in memory again', async () => {
  const a = catalogModel('p/a', 2);
  const alias = catalogModel('p/b', 2, { weights: a.weights });
  const { operations, context, store, script, clock } = await createManagerFixture({ models: [a, alias] });
  const lastOf = () => store.models().map((model) => model.lastUnload?.text ?? null);
  const load = async () => {
    const answer = operations.load({ model: 'a' }, context);
    await settled();
    script('p').endLoad();
    await answer;
  };
  expect(lastOf()).toEqual([null, null]);
  await load();
  expect(lastOf()).toEqual([null, null]);
  const gone = operations.unload({ model: 'a' }, { ...context, caller: 'tray' });
  await settled();
  script('p').endUnload();
  await gone;
  clock.now += 1_000;
  const text = 'a (2.0 GB) was unloaded.';
  expect(lastOf()).toEqual([text, text]);
  expect(store.models()[0]?.lastUnload).toMatchObject({ reason: 'asked' });
  await load();
  expect(lastOf()).toEqual([null, null]);
});
