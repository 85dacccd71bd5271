import { expect, it } from 'vitest';
import { gb, knownModel, slotFixture, stateFixture, START } from '../test/core-fixture.ts';
import type { CoreState, Job, Lease } from './core/types.ts';
import { leavesOnUnload, leavingView } from './leaving.ts';

const own = knownModel('llama.cpp/own', 2);
const kept = knownModel('ollama/kept', 3);
const idle = knownModel('ollama/idle', 4);
const coming = knownModel('ollama/coming', 5);
const models = [own, kept, idle, coming];
const lease = (id: string, key: string, holder: string): [string, Lease] => [id, { id, key, holder, since: START, ttlMs: null, renewedAwake: 0 }];

it('tells what is in use and by whom, what ends, what stays and until when, and which programs lose their address', () => {
  const state: CoreState = {
    ...stateFixture({ models, slots: [slotFixture(own), slotFixture(kept, { armedMs: Infinity, expiresAt: null }), slotFixture(idle, { armedMs: 1, expiresAt: START + 60_000 })] }),
    leases: new Map([lease('1', kept.weights, 'editor'), lease('2', kept.weights, 'chat'), lease('3', kept.weights, 'chat')]),
  };
  expect(leavingView(state, ['script 7', 'dashboard', 'command line', 'editor'])).toEqual({
    inUse: [{ id: kept.id, name: 'kept', holders: ['chat', 'editor'] }],
    ends: [{ id: own.id, name: 'own', ram: gb(2) }],
    stays: [
      { id: kept.id, name: 'kept', ram: gb(3), until: null, goes: true },
      { id: idle.id, name: 'idle', ram: gb(4), until: START + 60_000, goes: true },
    ],
    programs: ['chat', 'editor', 'script 7'],
  });
});

it('calls a model of its own in use while it answers, one of a server only where the use is Airdock’s', () => {
  const state = stateFixture({ models, slots: [slotFixture(own, { busy: true }), slotFixture(idle, { busy: true })] });
  expect(leavingView(state, []).inUse).toEqual([{ id: own.id, name: 'own', holders: [] }]);
});

it('counts a load that a program waits for as a use, and a click not', () => {
  const job = (waiters: Job['waiters']) => ({ key: coming.weights, modelId: coming.id, waiters }) as Job;
  const waiter = { id: 'w', by: 'editor', since: START, lease: null, queued: false };
  const state = stateFixture({ models });
  expect(leavingView({ ...state, jobs: new Map([[coming.weights, job([waiter])]]) }, []).inUse).toEqual([]);
  expect(leavingView({ ...state, jobs: new Map([[coming.weights, job([{ ...waiter, lease: { holder: 'editor', ttlMs: null } }])]]) }, []).inUse).toEqual([
    { id: coming.id, name: 'coming', holders: ['editor'] },
  ]);
});

it('leaves out what does not stay, and what is never Airdock’s to unload', () => {
  const slots = [slotFixture(own, { state: 'stuck' }), slotFixture(kept, { state: 'loading' }), slotFixture(idle, { state: 'unloading' }), slotFixture(coming, { foreign: true })];
  const names = (unloadForeign: 'ask' | 'no') => leavingView(stateFixture({ models, slots, config: { unloadForeign } }), []).stays.map((model) => model.name);
  expect(names('ask')).toEqual(['coming']);
  expect(names('no')).toEqual([]);
});

it('takes other programs’ models along only with the user’s consent for good, although they are listed as staying', () => {
  const seen = (unloadForeign: 'ask' | 'no' | 'yes') => {
    const state = stateFixture({ models, slots: [slotFixture(own), slotFixture(idle), slotFixture(kept, { state: 'stuck' }), slotFixture(coming, { foreign: true })], config: { unloadForeign } });
    const { stays } = leavingView(state, []);
    // What is told before, and what is done then.
    expect(stays.filter(({ goes }) => goes).map(({ name }) => name)).toEqual([...state.slots.values()].filter((slot) => leavesOnUnload(state, slot)).map(({ name }) => name));
    return stays.map(({ name, goes }) => `${name} ${goes ? 'goes' : 'stays'}`);
  };
  expect(seen('ask')).toEqual(['idle goes', 'kept stays', 'coming stays']);
  expect(seen('no')).toEqual(['idle goes', 'kept stays']);
  expect(seen('yes')).toEqual(['idle goes', 'kept stays', 'coming goes']);
});
