import { expect, it } from 'vitest';
import { problem, type OperationHandlers, type ShowTarget } from '../../../contract/index.ts';
import { createTrayActions } from './tray-actions.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));
const refused = (code: 'needs-room' | 'cancelled' | 'in-use' | 'internal') => async () => ({ ok: false as const, problem: problem(code, 'No.') });

function setUp(handlers: Partial<OperationHandlers> | null) {
  const calls: unknown[] = [];
  const told = { shown: [] as Partial<ShowTarget>[], failed: [] as string[], faults: [] as unknown[] };
  const recorded = handlers && Object.fromEntries(Object.entries(handlers).map(([name, handler]) => [name, (input: never, context: never) => (calls.push([name, input, (context as { caller: string }).caller]), (handler as (...given: never[]) => unknown)(input, context))]));
  const actions = createTrayActions({
    operations: () => recorded as OperationHandlers | null,
    show: () => told.faults.push('nobody opened it'),
    explain: (target) => told.shown.push(target),
    failed: (why) => told.failed.push(why.code),
    onFault: (fault) => told.faults.push(fault),
    checkForUpdates: () => undefined,
    installUpdate: () => undefined,
    quit: () => undefined,
  });
  return { actions, calls, told };
}

const done = async () => ({ ok: true as const, value: { text: '' } });

it('asks in the name of the tray', async () => {
  const { actions, calls, told } = setUp({ load: done as never, cancelLoad: done, unload: done, pin: done, freeMemory: done, pause: done, freeze: done });
  actions.load('a');
  actions.cancelLoad('a');
  actions.unload('a');
  actions.pin('a', true);
  actions.freeMemory(true);
  actions.pause(true, 3600);
  actions.freeze(true, null);
  await settled();
  expect(calls).toEqual([
    ['load', { model: 'a', stay: true, by: 'tray' }, 'tray'],
    ['cancelLoad', { model: 'a' }, 'tray'],
    ['unload', { model: 'a', by: 'tray' }, 'tray'],
    ['pin', { model: 'a', pinned: true }, 'tray'],
    ['freeMemory', { on: true }, 'tray'],
    ['pause', { on: true, forSeconds: 3600 }, 'tray'],
    ['freeze', { on: true }, 'tray'],
  ]);
  expect(told).toEqual({ shown: [], failed: [], faults: [] });
});

it('never unloads another model for a click: it shows what that would take', async () => {
  const { actions, calls, told } = setUp({ load: refused('needs-room') });
  actions.load('a');
  await settled();
  expect(calls[0]).not.toHaveProperty('1.force');
  expect(told.shown).toEqual([{ page: 'models', model: 'a' }]);
});

it('says where the rest is refused', async () => {
  const { actions, told } = setUp({ unload: refused('in-use'), pin: refused('internal'), load: refused('cancelled') });
  actions.unload('a');
  actions.pin('a', true);
  actions.load('a');
  await settled();
  expect(told).toEqual({ shown: [{ page: 'memory', model: 'a' }], failed: ['internal'], faults: [] });
});

it('outlives a handler that throws, and an engine that is not there', async () => {
  const fault = new Error('bug');
  const { actions, told } = setUp({
    unload: () => {
      throw fault;
    },
  });
  actions.unload('a');
  await settled();
  expect(told.faults).toEqual([fault]);
  const without = setUp(null);
  without.actions.unload('a');
  await settled();
  expect(without.told).toEqual({ shown: [], failed: [], faults: [] });
});
