import { expect, it } from 'vitest';
import { gb, knownModel, memoryFixture, slotFixture, START, stateFixture } from '../../test/core-fixture.ts';
import { createManagerFixture } from '../../test/manager-fixture.ts';
import { catalogModel } from '../../test/scripted-provider.ts';
import { createHistory } from './history.ts';

const a = knownModel('p/a', 4);

function started() {
  const clock = { now: START };
  const history = createHistory(() => clock.now);
  const see = (availableGb = 16) => history.see(stateFixture({ models: [a], slots: [slotFixture(a, { pid: 1 })], memory: memoryFixture(availableGb, { at: clock.now, resident: new Map([[a.weights, { anon: gb(4), file: 0 }]]) }) }));
  const pass = (ms: number, everyMs: number) => {
    for (let left = ms; left > 0; left -= everyMs) {
      clock.now += everyMs;
      see();
    }
  };
  const ages = () => history.samples().map((sample) => clock.now - sample.at);
  return { clock, history, see, pass, ages };
}

it('has what a picture of that moment showed', () => {
  const { history, see } = started();
  expect(history.samples()).toEqual([]);
  history.see(stateFixture({ memory: null }));
  see(9);
  expect(history.samples()).toEqual([{ at: START, free: gb(9), models: gb(4), otherPrograms: gb(32 - 9 - 4) }]);
});

it('takes one sample in five seconds, however often it is looked, and keeps fifteen minutes', () => {
  const { history, pass, ages } = started();
  pass(60_000, 200);
  // The first look, and one in each five seconds after it.
  expect(history.samples()).toHaveLength(13);
  pass(60_000, 4_990);
  expect(history.samples().length).toBeGreaterThanOrEqual(24);
  pass(60 * 60_000, 1_000);
  expect(history.samples().length).toBeGreaterThanOrEqual(180);
  expect(history.samples().length).toBeLessThanOrEqual(181);
  expect(ages()[0]).toBeLessThanOrEqual(15 * 60_000);
});

it('leaves a gap where the computer slept, and forgets what is older than that', () => {
  const { clock, pass, see, ages } = started();
  pass(10_000, 5_000);
  clock.now += 10 * 60_000;
  see();
  expect(ages()).toEqual([10 * 60_000 + 5_000, 10 * 60_000, 0]);
  clock.now += 8 * 3_600_000;
  expect(ages()).toEqual([]);
  see();
  expect(ages()).toEqual([0]);
});

it('runs one way where the clock is set back', () => {
  const { clock, pass, see, history } = started();
  pass(60_000, 5_000);
  clock.now -= 30_000;
  see();
  const times = history.samples().map((sample) => sample.at);
  expect(times).toEqual([...times].sort((one, two) => one - two));
  expect(times.at(-1)).toBe(clock.now);
});

it('is an operation, and costs no reading of its own', async () => {
  const { operations, context, engine, clock, memory } = await createManagerFixture({ models: [catalogModel('p/a', 4)], available: 10 });
  for (let i = 0; i < 3; i++) {
    clock.now += 5_000;
    engine.measure();
    await Promise.resolve();
  }
  const { reads } = memory;
  const answer = await operations.history({}, context);
  expect(answer.everyMs).toBe(5_000);
  expect(answer.samples.map((sample) => sample.at - START)).toEqual([5_000, 10_000, 15_000]);
  expect(answer.samples[0]).toMatchObject({ free: gb(10), models: 0, otherPrograms: gb(22) });
  expect(memory.reads).toBe(reads);
});
