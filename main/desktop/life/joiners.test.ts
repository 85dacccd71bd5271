import { expect, it } from 'vitest';
import { createJoiners, type Ending } from './joiners.ts';

const never = (): Promise<void> => new Promise(() => undefined);
const soon = { unload: false, graceMs: 0 };

it('waits for all of them, whatever becomes of one', async () => {
  const faults: unknown[] = [];
  const done: string[] = [];
  const joiners = createJoiners((fault) => faults.push(fault));
  let letGo: () => void = () => undefined;
  joiners.join('models', () => new Promise<void>((resolve) => (letGo = resolve)).then(() => done.push('models')));
  joiners.join('window', () => {
    throw new Error('gone');
  });
  joiners.join('files', () => void done.push('files'));
  const settled = joiners.settle(soon, 5_000);
  expect(done).toEqual(['files']);
  letGo();
  expect(await settled).toEqual({ late: [] });
  expect(done).toEqual(['files', 'models']);
  expect(faults).toHaveLength(1);
  expect(String(faults[0])).toContain('window');
});

it('ends by its limit and names who was late', async () => {
  const joiners = createJoiners(() => undefined);
  joiners.join('models', never);
  joiners.join('files', () => undefined);
  expect(await joiners.settle(soon, 20)).toEqual({ late: ['models'] });
});

it('asks each of them once, however often it is called', async () => {
  let asked = 0;
  const joiners = createJoiners(() => undefined);
  joiners.join('models', () => void (asked += 1));
  await Promise.all([joiners.settle(soon, 1_000), joiners.settle(soon, 1_000)]);
  await joiners.settle(soon, 1_000);
  expect(asked).toBe(1);
});

it('takes the grace back from who is not done when somebody is in a hurry', async () => {
  const asked: Ending[] = [];
  const joiners = createJoiners(() => undefined);
  let finish: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (finish = resolve));
  joiners.join('models', (ending) => {
    asked.push(ending);
    if (ending.graceMs === 0) finish();
    return ended;
  });
  let files = 0;
  joiners.join('files', () => void (files += 1));
  const settled = joiners.settle({ unload: true, graceMs: 60_000 }, 5_000);
  await new Promise(setImmediate);
  joiners.hurry();
  joiners.hurry();
  expect(await settled).toEqual({ late: [] });
  expect(asked).toEqual([{ unload: true, graceMs: 60_000 }, { unload: true, graceMs: 0 }]);
  expect(files).toBe(1);
});

it('gives less time where the system goes down meanwhile, also where there is no grace to take back', async () => {
  const asked: Ending[] = [];
  const joiners = createJoiners(() => undefined);
  joiners.join('models', (ending) => {
    asked.push(ending);
    return never();
  });
  const settled = joiners.settle(soon, 60_000);
  joiners.hurry();
  joiners.hurry(20);
  joiners.hurry(60_000);
  expect(await settled).toEqual({ late: ['models'] });
  expect(asked).toEqual([soon, { ...soon, limitMs: 20 }]);
});

it('counts the limit from the hurry on', async () => {
  const joiners = createJoiners(() => undefined);
  joiners.join('models', never);
  const settled = joiners.settle({ unload: false, graceMs: 60_000 }, 20);
  joiners.hurry();
  expect(await settled).toEqual({ late: ['models'] });
});
