import { describe, expect, it } from 'vitest';
import { catalogOf, createCore, effectsOf, knownModel, memoryFixture, providerFixture, slotFixture, stateFixture } from '../../test/core-fixture.ts';
import { decide, plan, wishFor } from './plan.ts';
import { blockerOf, expiresInMs, isExpired } from './standing.ts';

describe('a model that takes no memory here', () => {
  const online = knownModel('cloud/big', 500, { elsewhere: 'online' });
  const served = knownModel('mine/some', 500, { elsewhere: 'here' });

  it.each([
    [online, 'online', 'big is online: there is nothing to load.'],
    [served, 'served', 'There is nothing to load: the server of some does that by itself.'],
  ] as const)('%o has nothing to load, however full the memory is', (model, kind, sentence) => {
    const state = stateFixture({ models: [model] });
    expect(plan(state, model, null)).toMatchObject({ fit: { kind }, canLoad: false, unloads: [], sentence });
  });

  it('can be used while models are frozen, and not where it is switched off or its server is down', () => {
    const state = stateFixture({ models: [online] });
    const kindIn = (change: object, model = online) => decide({ ...state, ...change }, wishFor(model, null, true));
    expect(kindIn({ freeze: { since: 0, until: null } }).kind).toBe('online');
    expect(kindIn({}, { ...online, enabled: false })).toMatchObject({ kind: 'blocked', problem: { code: 'model-disabled' } });
    expect(kindIn({ providers: new Map([['cloud', providerFixture('cloud', { status: 'down' })]]) })).toMatchObject({ kind: 'blocked', problem: { code: 'provider-down' } });
  });

  it('gets no job', () => {
    const core = createCore({ models: [online] });
    const effects = core.send({ type: 'load-requested', waiter: 'w', modelId: online.id, force: true, mayUnload: null, tryOnce: false, contextLength: null, origin: 'client', by: 'x', lease: null, queued: true });
    expect(effectsOf(effects, 'answer-load')).toMatchObject([{ waiter: 'w', answer: { ok: false, problem: { code: 'bad-request' } } }]);
    expect(core.state.jobs.size).toBe(0);
    // Whoever asked hears of it; there is nothing to remember.
    expect(effectsOf(effects, 'activity')).toEqual([]);
  });
});

describe('a server that cannot be told to unload', () => {
  const model = knownModel('rig/one', 4);
  const state = stateFixture({ models: [model], slots: [slotFixture(model, { foreign: true })], providers: [providerFixture('rig', { canUnload: false })], config: { unloadForeign: 'yes', idleTimeoutMs: 0 } });
  const slot = state.slots.get(model.weights)!;

  it('keeps its model from making room, and from going when it is unused', () => {
    expect(blockerOf(state, slot, true)).toBe('foreign');
    expect(isExpired(state, slot)).toBe(false);
    expect(expiresInMs(state, slot)).toBeNull();
  });

  it('is named where a newcomer would need its room', () => {
    const newcomer = knownModel('ollama/new', 14);
    const full = { ...state, catalog: catalogOf([model, newcomer]), memory: memoryFixture(12), providers: new Map([...state.providers, ['ollama', providerFixture('ollama')]]) };
    expect(plan(full, newcomer, null)).toMatchObject({ canLoad: false, unloads: [], blockers: [{ id: 'rig/one', why: 'foreign' }] });
  });
});
