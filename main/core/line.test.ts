import { describe, expect, it } from 'vitest';
import { createCore, effectsOf, knownModel, loadsIn, observedFixture, providerFixture, unloadsIn } from '../../test/core-fixture.ts';
import { STARVING_MS } from './limits.ts';

const a = knownModel('p/a', 6);
const b = knownModel('p/b', 6);
const c = knownModel('p/c', 6);
const small = knownModel('p/small', 1);
const models = [a, b, c, small];
/** Room for two of the large ones and a small one. */
const setUp = (capacity = 13.5, config = {}) => createCore({ models, capacity, config: { limit: 4, ...config } });

describe('a request whose model does not fit beside models in use', () => {
  it('waits, where others are refused, and takes the room of the first that ends', () => {
    const core = setUp();
    const [one, two] = [core.request('p/a'), core.request('p/b')];
    core.settle();
    const waiting = core.request('p/c');
    expect(core.answer(waiting)).toBeNull();
    expect(core.problemOf(core.ask('p/c', { force: true }))?.code).toBe('no-room');
    expect(core.answer(waiting)).toBeNull();
    expect(unloadsIn(core.release(two))).toEqual(['p/b']);
    core.settle();
    expect(core.answer(waiting)).toMatchObject({ ok: true, unloaded: [{ id: 'p/b' }] });
    expect(core.has('p/a')).toBe(true);
    core.release(one);
  });

  it('shares one load with everybody who waits for the same model', () => {
    const core = setUp();
    const held = [core.request('p/a'), core.request('p/b')];
    core.settle();
    const waiting = Array.from({ length: 10 }, () => core.request('p/c'));
    core.release(held[0]!);
    core.settle();
    expect(loadsIn(core.all).filter((id) => id === 'p/c')).toHaveLength(1);
    for (const waiter of waiting) expect(core.answer(waiter)).toMatchObject({ ok: true });
    expect(core.state.leases.size).toBe(11);
  });

  it('waits for a place as for memory', () => {
    const core = setUp(32, { limit: 1 });
    const held = core.request('p/a');
    core.settle();
    const waiting = core.request('p/b');
    expect(core.answer(waiting)).toBeNull();
    core.release(held);
    core.settle();
    expect(core.answer(waiting)).toMatchObject({ ok: true });
  });

  it('is not evicted by the next in line before it has been served', () => {
    const core = setUp(7);
    const held = core.request('p/a');
    core.settle();
    const [second, third] = [core.request('p/b'), core.request('p/c')];
    core.release(held);
    core.settle();
    expect(core.answer(second)).toMatchObject({ ok: true });
    expect(core.answer(third)).toBeNull();
    expect(core.has('p/b')).toBe(true);
    core.release(second);
    core.settle();
    expect(core.answer(third)).toMatchObject({ ok: true });
  });

  it('gives up its place when its client leaves, also in the middle of the load', () => {
    const core = setUp(7);
    const held = core.request('p/a');
    core.settle();
    const left = core.request('p/b');
    core.send({ type: 'waiter-left', waiter: left });
    core.release(held);
    expect(unloadsIn(core.last)).toEqual([]);
    const loading = core.request('p/c');
    core.endUnload('p/a');
    core.send({ type: 'waiter-left', waiter: loading });
    expect(effectsOf(core.last, 'cancel-load')).toHaveLength(1);
  });
});

describe('nobody waits for what may stay for ever', () => {
  it.each([
    ['a kept model', { config: { pinned: new Set(['p/a']) } }],
    ['the models of other programs', { foreign: true }],
  ])('%s', (_what, { config, foreign }: { config?: object; foreign?: boolean }) => {
    const core = setUp(7, config);
    if (foreign) core.observe('p', [observedFixture(a)]);
    else core.load('p/a');
    const waiter = core.request('p/b');
    expect(core.problemOf(waiter)?.code).toBe('no-room');
    expect(core.has('p/a')).toBe(true);
  });

  it.each([
    ['too large for the computer', 'too-big', () => setUp(4).request('p/a')],
  ])('%s', (_what, code) => {
    const core = createCore({ models: [knownModel('p/huge', 400)], capacity: 8 });
    expect(core.problemOf(core.request('p/huge'))?.code).toBe(code);
  });

  it('frozen, switched off by the provider, or held after memory was set free', () => {
    const core = setUp(7);
    const held = core.request('p/a');
    core.settle();
    core.send({ type: 'mode', mode: 'freeze', value: { since: 0, until: null } });
    expect(core.problemOf(core.request('p/b'))?.code).toBe('frozen');
    // What is in memory goes on being used.
    expect(core.answer(core.request('p/a'))).toMatchObject({ ok: true });
    core.send({ type: 'mode', mode: 'freeze', value: null });
    core.send({ type: 'mode', mode: 'hold', value: { since: 0, until: null } });
    expect(core.problemOf(core.request('p/b'))?.code).toBe('over-budget');
    core.send({ type: 'mode', mode: 'hold', value: null });
    const waiting = core.request('p/b');
    core.provider('p', { status: 'down' });
    expect(core.problemOf(waiting)?.code).toBe('provider-down');
    core.release(held);
  });

  it('who is in line already outlasts a freeze that ends by itself, and models of other programs that do', () => {
    const core = setUp(7);
    const held = core.request('p/a');
    core.settle();
    const waiting = core.request('p/b');
    core.send({ type: 'mode', mode: 'freeze', value: { since: core.now, until: core.now + 10_000 } });
    expect(core.answer(waiting)).toBeNull();
    expect(core.problemOf(core.request('p/c'))?.code).toBe('frozen');
    core.pass(11_000);
    core.observe('p', [observedFixture(a), observedFixture(small, { expiresAt: core.now + 300_000 })]);
    expect(core.answer(waiting)).toBeNull();
    core.release(held);
    core.settle();
    expect(core.answer(waiting)).toMatchObject({ ok: true });
  });

  it('a wait ends with the sentence of a freeze that begins meanwhile', () => {
    const core = setUp(7);
    core.request('p/a');
    core.settle();
    const waiting = core.request('p/b');
    core.send({ type: 'mode', mode: 'freeze', value: { since: 0, until: null } });
    expect(core.problemOf(waiting)?.code).toBe('frozen');
  });
});

describe('a request for a model in memory', () => {
  it('is not held up behind those who wait for room', () => {
    const core = setUp(7);
    core.request('p/a');
    core.settle();
    const waiting = core.request('p/b');
    expect(core.answer(core.request('p/a'))).toMatchObject({ ok: true, already: true });
    expect(core.answer(waiting)).toBeNull();
  });

  it('takes a larger context than it needs, and one that needs more waits for its end', () => {
    const core = setUp();
    const held = core.request('p/a', { contextLength: 2048 });
    core.settle();
    expect(core.slot('p/a').contextLength).toBe(4096);
    expect(core.answer(core.request('p/a', { contextLength: 1024 }))).toMatchObject({ ok: true, already: true });
    const larger = core.request('p/a', { contextLength: 8192 });
    const beside = core.request('p/a');
    expect(core.answer(larger)).toBeNull();
    expect(core.answer(beside)).toMatchObject({ ok: true });
    for (const lease of core.state.leases.keys()) core.send({ type: 'lease-released', lease });
    core.settle();
    expect(core.answer(larger)).toMatchObject({ ok: true });
    expect(core.slot('p/a').contextLength).toBe(8192);
    expect(core.answer(held)).toMatchObject({ ok: true });
  });

  it('that needs one context exactly is not served by a larger one, and waits for the end of its uses', () => {
    const core = setUp();
    const held = core.request('p/a', { contextLength: 8192 });
    core.settle();
    const exact = core.request('p/a', { contextLength: 4096, exact: true });
    expect(core.answer(exact)).toBeNull();
    expect(core.answer(core.request('p/a'))).toMatchObject({ ok: true, already: true });
    for (const lease of core.state.leases.keys()) core.send({ type: 'lease-released', lease });
    core.settle();
    expect(core.answer(exact)).toMatchObject({ ok: true });
    expect(core.slot('p/a').contextLength).toBe(4096);
    expect(core.answer(held)).toMatchObject({ ok: true });
  });

  it('with a still larger context raises what is waited for, once for both', () => {
    const core = setUp(7);
    const held = core.request('p/b');
    core.settle();
    const waiting = [core.request('p/a', { contextLength: 5000 }), core.request('p/a', { contextLength: 8000 }), core.request('p/a')];
    core.release(held);
    core.settle();
    expect(core.slot('p/a').contextLength).toBe(8000);
    for (const waiter of waiting) expect(core.answer(waiter)).toMatchObject({ ok: true });
  });
});

describe('nobody starves', () => {
  /** Two that overlap without a gap, so that the model is in use at every moment. */
  function steadyUse(core: ReturnType<typeof setUp>) {
    let current = core.request('p/a');
    core.settle();
    return () => {
      const next = core.request('p/a');
      core.pass(2_000);
      if (core.answer(current)?.ok) core.release(current);
      current = next;
      return core.answer(next);
    };
  }

  it('a model in steady use takes no new requests once somebody has waited for its room', () => {
    const core = setUp(7);
    const turn = steadyUse(core);
    const waiting = core.request('p/b');
    let turns = 0;
    while (turn()?.ok) if (++turns > 30) throw new Error('it starves');
    expect(turns * 2_000).toBeGreaterThanOrEqual(STARVING_MS - 4_000);
    expect(turns * 2_000).toBeLessThanOrEqual(STARVING_MS + 4_000);
    core.pass(2_000);
    core.settle();
    expect(core.answer(waiting)).toMatchObject({ ok: true });
    // Who had to wait for that comes next.
    core.release(waiting);
    core.settle();
    expect(core.has('p/a')).toBe(true);
  });

  it('no later load takes the room', () => {
    const core = setUp(7.5);
    const held = core.request('p/a');
    core.settle();
    const waiting = core.request('p/b');
    core.pass(STARVING_MS);
    const later = core.request('p/small');
    expect(loadsIn(core.last)).toEqual([]);
    core.release(held);
    core.settle();
    expect(core.answer(waiting)).toMatchObject({ ok: true });
    expect(core.answer(later)).toMatchObject({ ok: true });
    const order = loadsIn(core.all);
    expect(order.indexOf('p/b')).toBeLessThan(order.indexOf('p/small'));
  });

  it('before that, a later load that fits is not held up', () => {
    const core = setUp(7.5);
    core.request('p/a');
    core.settle();
    core.request('p/b');
    const small = core.request('p/small');
    core.settle();
    expect(core.answer(small)).toMatchObject({ ok: true });
  });

  it('in another memory nobody is held up', () => {
    const far = knownModel('far/x', 6);
    const core = createCore({ models: [...models, far], capacity: 7, providers: [providerFixture('p'), providerFixture('far', { domain: 'own:far', ownCapacity: null })] });
    core.request('p/a');
    core.settle();
    core.request('p/b');
    core.pass(STARVING_MS);
    const elsewhere = core.request('far/x');
    core.settle();
    expect(core.answer(elsewhere)).toMatchObject({ ok: true });
  });

  it('a thousand requests for eight models are served with one load of each', () => {
    const many = Array.from({ length: 8 }, (_, i) => knownModel(`p/m${i}`, 6));
    const core = createCore({ models: many, capacity: 13, config: { limit: 2 } });
    const waiters = Array.from({ length: 1_000 }, (_, i) => core.request(`p/m${(i * 7) % 8}`));
    for (let round = 0; round < 20; round++) {
      core.settle();
      for (const lease of core.state.leases.keys()) core.send({ type: 'lease-released', lease });
    }
    for (const waiter of waiters) expect(core.answer(waiter)).toMatchObject({ ok: true });
    expect(loadsIn(core.all)).toHaveLength(8);
  });
});
