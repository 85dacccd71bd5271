import { describe, expect, it } from 'vitest';
import { createCore, effectsOf, knownModel, observedFixture, providerFixture, unloadsIn, type Core } from '../../test/core-fixture.ts';
import { KEEP_ALIVE_GRACE_MS } from './limits.ts';
import { unloadsAt } from './standing.ts';
import { idleSlots, nextWakeMs } from './due.ts';
import type { KnownModel } from './types.ts';

const TIMEOUT = 300_000;
const ollama = providerFixture('ollama', { ownExpiry: true, parallelLoads: 1, revivesStuck: true });
const a = knownModel('ollama/a', 2);
const b = knownModel('ollama/b', 2);
const c = knownModel('ollama/c', 2);
const newCore = (models: readonly KnownModel[] = [a, b, c], config = {}) => createCore({ models, config, providers: [ollama] });
const idleUnloads = (core: Core) => effectsOf(core.all, 'unload').length;

describe('a model that nobody uses', () => {
  it('goes after exactly its timeout', () => {
    const core = newCore();
    core.load('ollama/a');
    core.pass(TIMEOUT - 1);
    expect(idleUnloads(core)).toBe(0);
    core.pass(1);
    expect(unloadsIn(core.last)).toEqual(['ollama/a']);
    expect(core.slot('ollama/a')).toMatchObject({ state: 'unloading', unload: { reason: 'idle' } });
  });

  it('counts from the end of its last use', () => {
    const core = newCore();
    core.load('ollama/a', { lease: { holder: 'x', ttlMs: null } });
    core.pass(2 * TIMEOUT);
    expect(idleUnloads(core)).toBe(0);
    core.send({ type: 'lease-released', lease: [...core.state.leases.keys()][0]! });
    core.pass(TIMEOUT - 1);
    expect(idleUnloads(core)).toBe(0);
    core.pass(1);
    expect(idleUnloads(core)).toBe(1);
  });

  it('is not used by a night of sleep: at most two ticks are credited', () => {
    const core = newCore();
    core.load('ollama/a');
    for (let i = 0; i < 29; i++) {
      core.jump(8 * 3_600_000);
      core.send({ type: 'tick' });
    }
    expect(core.state.awake).toBe(290_000);
    expect(idleUnloads(core)).toBe(0);
    core.pass(10_000);
    expect(idleUnloads(core)).toBe(1);
  });

  it('is not credited time that runs backwards', () => {
    const core = newCore();
    core.load('ollama/a');
    core.pass(1_000);
    core.jump(-3_600_000);
    core.send({ type: 'tick' });
    expect(core.state.awake).toBe(1_000);
    core.pass(TIMEOUT - 2_000);
    expect(idleUnloads(core)).toBe(0);
    core.pass(1_000);
    expect(idleUnloads(core)).toBe(1);
  });

  it.each<[string, (core: Core) => void]>([
    ['everything is kept', (core) => core.send({ type: 'mode', mode: 'pause', value: { since: 0, until: null } })],
    ['models are frozen', (core) => core.send({ type: 'mode', mode: 'freeze', value: { since: 0, until: null } })],
    ['it is kept', (core) => core.config({ pinned: new Set(['ollama/a']) })],
    ['nothing goes for being unused', (core) => core.config({ autoUnloadIdle: false })],
    ['its provider says that it is busy', (core) => core.observe('ollama', [observedFixture(a, { busy: true })])],
    ['its provider is down', (core) => core.provider('ollama', { status: 'down' })],
  ])('stays while %s', (_what, change) => {
    const core = newCore();
    core.load('ollama/a');
    change(core);
    core.pass(2 * TIMEOUT);
    expect(idleUnloads(core)).toBe(0);
    expect(nextWakeMs(core.state)).toBeNull();
  });

  it('stays for ever where that is set for it, also when all unused ones are asked to go', () => {
    const core = newCore([{ ...a, idleTimeoutMs: null }, b]);
    core.load('ollama/a');
    core.pass(3 * TIMEOUT);
    expect(idleUnloads(core)).toBe(0);
    expect(idleSlots(core.state, null)).toEqual([]);
    expect(idleSlots(core.state, 3 * TIMEOUT).map((s) => s.key)).toEqual(['ollama/a']);
    expect(idleSlots(core.state, 3 * TIMEOUT + 1)).toEqual([]);
  });

  it('goes by its own timeout', () => {
    const core = newCore([{ ...a, idleTimeoutMs: 10_000 }, b]);
    core.load('ollama/a');
    core.load('ollama/b');
    core.pass(10_000);
    expect(core.slot('ollama/a').state).toBe('unloading');
    expect(core.slot('ollama/b').state).toBe('ready');
  });

  it('goes at once when a shorter timeout is set', () => {
    const core = newCore();
    core.load('ollama/a');
    core.pass(60_000);
    core.send({ type: 'catalog', catalog: { byId: new Map([[a.id, { ...a, idleTimeoutMs: 60_000 }]]), byWeights: new Map([[a.weights, [a]]]) } });
    expect(unloadsIn(core.last)).toEqual(['ollama/a']);
  });

  it('goes by the general timeout where it is no longer installed', () => {
    const core = newCore();
    core.load('ollama/a');
    core.send({ type: 'catalog', catalog: { byId: new Map(), byWeights: new Map() } });
    core.config({ idleTimeoutMs: 1_000 });
    core.pass(1_000);
    expect(idleUnloads(core)).toBe(1);
  });

  it('goes when keeping everything has ended, by hand or by itself', () => {
    for (const until of [null, 400_000]) {
      const core = newCore();
      core.load('ollama/a');
      core.send({ type: 'mode', mode: 'pause', value: { since: core.now, until: until && core.now + until } });
      core.pass(399_000);
      expect(idleUnloads(core)).toBe(0);
      if (until === null) core.send({ type: 'mode', mode: 'pause', value: null });
      else core.pass(1_000);
      expect(core.state.pause).toBeNull();
      expect(idleUnloads(core)).toBe(1);
    }
  });

  it('of another program is left to that program, unless the settings say otherwise', () => {
    for (const [unloadForeign, count] of [['ask', 0], ['no', 0], ['yes', 1]] as const) {
      const core = newCore([a], { unloadForeign });
      core.observe('ollama', [observedFixture(a)]);
      core.pass(2 * TIMEOUT);
      expect(idleUnloads(core)).toBe(count);
    }
  });
});

describe('when it goes', () => {
  it('is the earlier of Airdock’s and the provider’s own clock', () => {
    const core = newCore();
    core.load('ollama/a');
    expect(unloadsAt(core.state, core.slot('ollama/a'))).toEqual({ at: core.now + TIMEOUT, by: 'airdock' });
    core.observe('ollama', [observedFixture(a, { expiresAt: core.now + 1_000 })]);
    expect(unloadsAt(core.state, core.slot('ollama/a'))).toEqual({ at: core.now + 1_000, by: 'provider' });
    core.config({ pinned: new Set(['ollama/a']) });
    expect(unloadsAt(core.state, core.slot('ollama/a'))).toBeNull();
  });

  it('moves with the computer’s sleep', () => {
    const core = newCore();
    core.observe('ollama', [observedFixture(a, { expiresAt: core.now + 60_000 })]);
    core.jump(3_600_000);
    core.send({ type: 'resumed', sleptMs: 3_600_000 });
    expect(unloadsAt(core.state, core.slot('ollama/a'))).toEqual({ at: core.now + 60_000, by: 'provider' });
  });

  it('wakes the manager in time', () => {
    const core = newCore([{ ...a, idleTimeoutMs: 40_000 }, b]);
    expect(nextWakeMs(core.state)).toBeNull();
    core.load('ollama/a');
    core.load('ollama/b', { lease: { holder: 'x', ttlMs: 30_000 } });
    core.pass(1_000);
    expect(nextWakeMs(core.state)).toBe(29_000);
    core.send({ type: 'lease-renewed', lease: [...core.state.leases.keys()][0]! });
    expect(nextWakeMs(core.state)).toBe(30_000);
    core.pass(15_000);
    expect(nextWakeMs(core.state)).toBe(15_000);
    core.send({ type: 'mode', mode: 'hold', value: { since: core.now, until: core.now + 5 } });
    expect(nextWakeMs(core.state)).toBe(5);
  });
});

describe('a provider with a clock of its own', () => {
  const rearms = (core: Core) => effectsOf(core.last, 'rearm').map((e) => e.keepAliveMs);

  it('is told at the load how long to keep a model: the timeout and a grace, or for ever', () => {
    const told = (change: Partial<KnownModel>, config = {}, pause = false) => {
      const core = newCore([{ ...a, ...change }], config);
      if (pause) core.send({ type: 'mode', mode: 'pause', value: { since: 0, until: null } });
      core.ask('ollama/a');
      return effectsOf(core.last, 'load')[0]!.keepAliveMs;
    };
    expect(told({})).toBe(TIMEOUT + KEEP_ALIVE_GRACE_MS);
    expect(told({ idleTimeoutMs: 5_000 })).toBe(5_000 + KEEP_ALIVE_GRACE_MS);
    expect(told({ idleTimeoutMs: null })).toBe(Infinity);
    expect(told({}, { autoUnloadIdle: false })).toBe(Infinity);
    expect(told({}, { pinned: new Set(['ollama/a']) })).toBe(Infinity);
    expect(told({}, {}, true)).toBe(Infinity);
  });

  it('is told anew once, when a pin, the pause or the timeout has changed', () => {
    const core = newCore();
    core.load('ollama/a');
    expect(effectsOf(core.all, 'rearm')).toEqual([]);
    core.config({ pinned: new Set(['ollama/a']) });
    expect(rearms(core)).toEqual([Infinity]);
    core.pass(5_000);
    expect(rearms(core)).toEqual([]);
    core.config({ pinned: new Set() });
    expect(rearms(core)).toEqual([TIMEOUT + KEEP_ALIVE_GRACE_MS]);
    core.send({ type: 'mode', mode: 'pause', value: { since: 0, until: null } });
    expect(rearms(core)).toEqual([Infinity]);
    core.config({ limit: 3 });
    expect(rearms(core)).toEqual([]);
  });

  it('is told again some seconds after it could not be told', () => {
    const core = newCore();
    core.load('ollama/a');
    core.config({ pinned: new Set(['ollama/a']) });
    core.send({ type: 'rearm-failed', key: 'ollama/a' });
    expect(rearms(core)).toEqual([]);
    core.pass(4_000);
    expect(rearms(core)).toEqual([]);
    core.pass(1_000);
    expect(rearms(core)).toEqual([Infinity]);
  });

  it('is not touched while a load is under way or booked there, and hears of it afterwards', () => {
    const core = newCore();
    core.load('ollama/a');
    core.ask('ollama/b');
    core.config({ pinned: new Set(['ollama/a']) });
    core.pass(5_000);
    expect(effectsOf(core.all, 'rearm')).toEqual([]);
    core.endLoad('ollama/b');
    expect(effectsOf(core.all, 'rearm')).toMatchObject([{ key: 'ollama/a', keepAliveMs: Infinity }]);
  });

  it('is touched for no model that is busy, of another program, or in a provider without such a clock', () => {
    const busy = newCore();
    busy.load('ollama/a');
    busy.observe('ollama', [observedFixture(a, { busy: true })]);
    busy.config({ pinned: new Set(['ollama/a']) });
    expect(rearms(busy)).toEqual([]);
    const foreign = newCore();
    foreign.observe('ollama', [observedFixture(a)]);
    foreign.config({ pinned: new Set(['ollama/a']) });
    expect(rearms(foreign)).toEqual([]);
    const plain = createCore({ models: [a], providers: [{ ...ollama, ownExpiry: false }] });
    plain.load('ollama/a');
    plain.config({ pinned: new Set(['ollama/a']) });
    expect(rearms(plain)).toEqual([]);
  });

  it('is told again while a use outlasts what it was told, and not before', () => {
    const core = newCore();
    core.load('ollama/a', { lease: { holder: 'x', ttlMs: null } });
    const expiresAt = core.now + TIMEOUT + KEEP_ALIVE_GRACE_MS;
    core.observe('ollama', [observedFixture(a, { expiresAt })], core.state.awake + 1);
    core.pass(TIMEOUT + KEEP_ALIVE_GRACE_MS / 2);
    expect(effectsOf(core.all, 'rearm')).toEqual([]);
    core.pass(1_000);
    expect(rearms(core)).toEqual([TIMEOUT + KEEP_ALIVE_GRACE_MS]);
    core.pass(10_000);
    expect(effectsOf(core.all, 'rearm')).toHaveLength(1);
  });

  it('that has reloaded a model for somebody else is told again', () => {
    const core = newCore();
    core.load('ollama/a');
    core.pass(1_000);
    core.observe('ollama', [observedFixture(a, { contextLength: 32_768 })]);
    expect(rearms(core)).toEqual([TIMEOUT + KEEP_ALIVE_GRACE_MS]);
  });
});

describe('a use', () => {
  const leaseOf = (core: Core) => [...core.state.leases.keys()][0]!;

  it('ends where it is not renewed in its time, in time that the computer was awake', () => {
    const core = newCore();
    core.load('ollama/a', { lease: { holder: 'x', ttlMs: 30_000 } });
    core.pass(29_999);
    core.send({ type: 'lease-renewed', lease: leaseOf(core) });
    core.jump(8 * 3_600_000);
    core.send({ type: 'tick' });
    core.pass(19_999);
    expect(effectsOf(core.all, 'lease-ended')).toEqual([]);
    core.pass(1);
    expect(effectsOf(core.all, 'lease-ended')).toMatchObject([{ why: 'not-renewed' }]);
    expect(core.state.leases.size).toBe(0);
    // It counted as a use until then.
    expect(core.slot('ollama/a')).toMatchObject({ lastUsedAwake: core.state.awake, lastUsedFrom: 'lease' });
  });

  it('ends with its model', () => {
    const core = newCore();
    core.load('ollama/a', { lease: { holder: 'x', ttlMs: null } });
    core.pass(1_000);
    core.observe('ollama', []);
    expect(effectsOf(core.last, 'lease-ended')).toMatchObject([{ why: 'model-gone' }]);
    core.load('ollama/a', { lease: { holder: 'x', ttlMs: null } });
    core.send({ type: 'crashed', key: 'ollama/a', problem: { code: 'internal', message: 'It died.' } });
    expect(effectsOf(core.last, 'lease-ended')).toHaveLength(1);
    expect(core.state.leases.size).toBe(0);
  });

  it('that is over, or was never there, is nobody’s', () => {
    const core = newCore();
    core.load('ollama/a', { lease: { holder: 'x', ttlMs: null } });
    const id = leaseOf(core);
    core.send({ type: 'lease-released', lease: id });
    const before = core.state;
    core.send({ type: 'lease-released', lease: id });
    core.send({ type: 'lease-renewed', lease: 'never' });
    expect(core.state.leases.size).toBe(0);
    expect(core.state.slots.get('ollama/a')).toEqual(before.slots.get('ollama/a'));
  });

  it('is held by everybody who asked for it, from the very moment of the answer', () => {
    const core = newCore([{ ...a, idleTimeoutMs: 0 }]);
    const one = core.ask('ollama/a', { lease: { holder: 'one', ttlMs: null } });
    const two = core.ask('ollama/a', { lease: { holder: 'two', ttlMs: null } });
    const three = core.ask('ollama/a');
    core.endLoad('ollama/a');
    const ids = [one, two].map((w) => core.answer(w)).map((answer) => (answer?.ok ? answer.lease : null));
    expect(new Set(ids).size).toBe(2);
    expect(core.answer(three)).toMatchObject({ ok: true, lease: null });
    expect(core.slot('ollama/a').state).toBe('ready');
    for (const id of ids) core.send({ type: 'lease-released', lease: id! });
    expect(core.slot('ollama/a').state).toBe('unloading');
  });
});
