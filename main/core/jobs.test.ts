import { describe, expect, it } from 'vitest';
import { problem } from '../../contract/index.ts';
import { createCore, effectsOf, gb, knownModel, loadsIn, observedFixture, providerFixture, textsIn, unloadsIn, type Core } from '../../test/core-fixture.ts';
import { COOLDOWN_MS, OOM_FACTOR, SETTLE_MS } from './limits.ts';
import type { LoadResult } from './events.ts';

const a = knownModel('p/a', 6);
const b = knownModel('p/b', 6);
const c = knownModel('p/c', 6);
const models = [a, b, c];
const failed = (kind: Extract<LoadResult, { ok: false }>['kind'] = 'failed', deadlocked = false): Extract<LoadResult, { ok: false }> => ({
  ok: false, kind, deadlocked, problem: problem(kind === 'oom' ? 'out-of-memory' : 'load-failed', `The ${kind} words.`),
});

describe('one load for everybody', () => {
  it('is shared, and each gets exactly one answer', () => {
    const core = createCore({ models });
    const waiters = [core.ask('p/a'), core.ask('p/a', { contextLength: 4096 }), core.ask('p/a', { force: true })];
    expect(loadsIn(core.all)).toEqual(['p/a']);
    core.endLoad('p/a');
    for (const waiter of waiters) expect(core.answer(waiter)).toMatchObject({ ok: true, already: false });
    expect(core.answer(core.ask('p/a'))).toMatchObject({ ok: true, already: true, tookMs: 0 });
    expect(loadsIn(core.all)).toHaveLength(1);
  });

  it('is shared by the names of the same weights', () => {
    const core = createCore({ models: [a, { ...b, weights: a.weights }] });
    core.ask('p/a');
    const alias = core.ask('p/b');
    core.endLoad('p/a');
    expect(core.answer(alias)).toMatchObject({ ok: true, key: a.weights });
    expect(core.state.slots.size).toBe(1);
  });

  it('is not shared by whoever wants another context', () => {
    const core = createCore({ models });
    core.ask('p/a');
    expect(core.problemOf(core.ask('p/a', { contextLength: 8192 }))?.code).toBe('in-use');
  });

  it('ends when the last one leaves, not before, and says so once', () => {
    const core = createCore({ models });
    const [one, two] = [core.ask('p/a'), core.ask('p/a')];
    core.send({ type: 'waiter-left', waiter: one });
    expect(effectsOf(core.last, 'cancel-load')).toEqual([]);
    core.send({ type: 'waiter-left', waiter: two });
    core.send({ type: 'waiter-left', waiter: two });
    expect(effectsOf(core.all, 'cancel-load')).toMatchObject([{ key: 'p/a', op: core.slot('p/a').op }]);
    core.endLoad('p/a', failed('cancelled'));
    expect(core.has('p/a')).toBe(false);
    expect(core.answer(one)).toBeNull();
    expect(core.state.failures.size).toBe(0);
  });

  it('that was cancelled and is wanted again begins anew once it has ended', () => {
    const core = createCore({ models });
    core.send({ type: 'waiter-left', waiter: core.ask('p/a') });
    const again = core.ask('p/a');
    expect(loadsIn(core.all)).toHaveLength(1);
    core.endLoad('p/a', failed('cancelled'));
    expect(loadsIn(core.all)).toHaveLength(2);
    core.endLoad('p/a');
    expect(core.answer(again)).toMatchObject({ ok: true });
  });

  it('that is cancelled by a person is answered to all, and an answer of an earlier load is not heard', () => {
    const core = createCore({ models });
    const one = core.ask('p/a');
    const op = core.slot('p/a').op;
    core.send({ type: 'cancel-requested', key: 'p/a' });
    expect(core.problemOf(one)?.code).toBe('cancelled');
    core.endLoad('p/a', failed('cancelled'));
    core.ask('p/a');
    core.send({ type: 'load-ended', key: 'p/a', op, result: failed() });
    expect(core.slot('p/a').state).toBe('loading');
    core.send({ type: 'cancel-requested', key: 'p/nothing' });
    core.send({ type: 'load-progress', key: 'p/a', op: core.slot('p/a').op, fraction: 0.5, pid: null });
    core.send({ type: 'load-progress', key: 'p/a', op: core.slot('p/a').op, fraction: null, pid: 77 });
    core.send({ type: 'load-progress', key: 'p/a', op, fraction: 0.9, pid: 1 });
    expect(core.slot('p/a')).toMatchObject({ progress: 0.5, pid: 77 });
  });

  it('waits for its turn where the provider takes one at a time', () => {
    const core = createCore({ models, providers: [providerFixture('p', { parallelLoads: 1 })] });
    core.ask('p/a');
    core.ask('p/b');
    expect(loadsIn(core.all)).toEqual(['p/a']);
    core.endLoad('p/a');
    expect(loadsIn(core.all)).toEqual(['p/a', 'p/b']);
  });
});

describe('room', () => {
  function fullHouse(): Core {
    const core = createCore({ models, config: { limit: 2 } });
    core.load('p/a');
    core.pass(1_000);
    core.load('p/b');
    core.pass(1_000);
    return core;
  }

  it('is given away only once the victim is gone', () => {
    const core = fullHouse();
    const waiter = core.ask('p/c', { force: true });
    expect(unloadsIn(core.last)).toEqual(['p/a']);
    core.pass(4_000);
    expect(core.has('p/c')).toBe(false);
    core.endUnload('p/a');
    expect(loadsIn(core.last)).toEqual(['p/c']);
    core.endLoad('p/c');
    expect(core.answer(waiter)).toMatchObject({ ok: true, unloaded: [{ id: 'p/a', name: 'a' }] });
    expect(textsIn(core.all)).toContain('c was loaded in 0.0 s after a made room: 6.0 GB.');
  });

  it('of a victim that was used meanwhile is looked for elsewhere, and the one that stays is not told as gone', () => {
    const core = fullHouse();
    const waiter = core.ask('p/c', { force: true });
    core.endUnload('p/a', { kind: 'in-use', lastUsed: core.now });
    expect(core.slot('p/a')).toMatchObject({ state: 'ready', busy: true });
    expect(core.slot('p/b').state).toBe('unloading');
    core.settle();
    expect(core.answer(waiter)).toMatchObject({ ok: true, unloaded: [{ id: 'p/b' }] });
  });

  it('that takes its time to come back is waited for, however long the victim took to go', () => {
    const core = fullHouse();
    const waiter = core.ask('p/c', { force: true });
    core.pass(10_000);
    core.machine.others = gb(6);
    core.endUnload('p/a');
    expect(core.answer(waiter)).toBeNull();
    core.pass(SETTLE_MS - 1_000);
    expect(core.answer(waiter)).toBeNull();
    core.machine.others = 0;
    core.pass(500);
    expect(loadsIn(core.last)).toEqual(['p/c']);
  });

  it('that never comes back is planned anew, and a refusal says what it has cost', () => {
    const core = fullHouse();
    core.send({ type: 'lease-released', lease: 'none' });
    const held = core.ask('p/b', { lease: { holder: 'x', ttlMs: null } });
    expect(core.answer(held)?.ok).toBe(true);
    const waiter = core.ask('p/c', { force: true });
    core.machine.others = gb(6);
    core.endUnload('p/a');
    core.pass(SETTLE_MS);
    expect(core.problemOf(waiter)?.message).toBe('c (6.0 GB) needs 2.0 GB more than can be made free; b is in use. a had been unloaded for it.');
    expect(core.problemOf(core.ask('p/a', { force: true }))?.message).toMatch(/Nothing was unloaded\.$/);
  });

  it('that is leaving anyway is waited for without harm to others', () => {
    const core = createCore({ models });
    core.load('p/a');
    core.load('p/b');
    core.pass(1_000);
    core.unload('p/a');
    const waiter = core.ask('p/c', { force: true });
    core.pass(10_000);
    core.endUnload('p/a');
    core.settle();
    expect(core.answer(waiter)).toMatchObject({ ok: true, unloaded: [] });
    expect(core.slot('p/b').state).toBe('ready');
  });

  it('is booked for the first, whatever is asked at the same time', () => {
    const core = fullHouse();
    core.ask('p/c', { force: true });
    const late = core.ask('p/a', { force: true });
    // Who is asked for while leaving waits for that, and then finds the places taken.
    expect(core.answer(late)).toBeNull();
    core.settle();
    core.pass(5_000);
    core.settle();
    expect(core.answer(late)?.ok).toBe(true);
    expect([...core.state.slots.keys()].sort()).toEqual(['p/a', 'p/c']);
  });

  it('is admitted on no reading older than a second, and none is asked for without end', () => {
    const core = createCore({ models });
    core.machine.readingAge = 1_000;
    core.ask('p/a');
    expect(loadsIn(core.all)).toEqual([]);
    expect(effectsOf(core.last, 'measure')).toHaveLength(1);
    core.machine.readingAge = 999;
    core.pass(200, 200);
    expect(loadsIn(core.all)).toEqual(['p/a']);
  });

  it('is judged only when a load that cannot be read has ended: until then it is counted twice', () => {
    const core = createCore({ models: [a, b] });
    core.ask('p/a');
    core.machine.others = gb(5);
    const waiter = core.ask('p/b');
    core.pass(5_000);
    expect(core.answer(waiter)).toBeNull();
    core.machine.others = 0;
    core.endLoad('p/a');
    expect(loadsIn(core.all)).toEqual(['p/a', 'p/b']);
  });

  it('does not keep a refusal that no room could change', () => {
    const core = createCore({ models, providers: [providerFixture('p')] });
    core.ask('p/a');
    core.send({ type: 'mode', mode: 'freeze', value: { since: 0, until: null } });
    expect(core.problemOf(core.ask('p/b'))?.code).toBe('frozen');
  });
});

describe('another context', () => {
  it('replaces what is in memory, with a yes', () => {
    const core = createCore({ models });
    core.load('p/a');
    core.pass(1_000);
    expect(core.problemOf(core.ask('p/a', { contextLength: 8192 }))?.code).toBe('needs-room');
    const waiter = core.ask('p/a', { contextLength: 8192, force: true });
    expect(core.slot('p/a')).toMatchObject({ state: 'unloading', unload: { reason: 'replace' } });
    core.settle();
    expect(core.answer(waiter)).toMatchObject({ ok: true, already: false });
    expect(core.slot('p/a').contextLength).toBe(8192);
  });

  it('is refused where what is in memory was used and stayed', () => {
    const core = createCore({ models });
    core.load('p/a');
    core.pass(1_000);
    const waiter = core.ask('p/a', { contextLength: 8192, force: true });
    core.endUnload('p/a', { kind: 'in-use', lastUsed: null });
    expect(core.problemOf(waiter)?.code).toBe('in-use');
    expect(core.state.jobs.size).toBe(0);
  });

  it('is planned anew where another program loads it meanwhile', () => {
    const core = createCore({ models, config: { limit: 1 } });
    core.load('p/a');
    core.pass(1_000);
    const waiter = core.ask('p/b', { contextLength: 8192, force: true });
    core.observe('p', [observedFixture(a), observedFixture(b)]);
    core.settle();
    core.pass(SETTLE_MS);
    core.settle();
    expect(core.answer(waiter)).toMatchObject({ ok: true });
    expect(core.slot('p/b').contextLength).toBe(8192);
  });
});

describe('out of memory', () => {
  it('corrects the size, makes room once more, and tries once more', () => {
    const core = createCore({ models });
    core.load('p/b');
    core.pass(1_000);
    const waiter = core.ask('p/a', { force: true });
    core.endLoad('p/a', failed('oom'));
    expect(effectsOf(core.last, 'learn-correction')).toEqual([{ type: 'learn-correction', modelId: 'p/a', contextLength: 4096, atLeast: { ram: gb(6) * OOM_FACTOR, vram: {} } }]);
    expect(loadsIn(core.all)).toEqual(['p/b', 'p/a', 'p/a']);
    expect(core.slot('p/a').booked.ram).toBe(gb(7.5));
    core.endLoad('p/a', failed('oom'));
    expect(core.problemOf(waiter)).toMatchObject({ code: 'out-of-memory', message: 'The oom words.' });
    expect(effectsOf(core.all, 'learn-correction')).toHaveLength(2);
    expect(core.state.jobs.size).toBe(0);
  });

  it('unloads more for the second attempt where that takes it', () => {
    const core = createCore({ models, capacity: 13 });
    core.load('p/b');
    core.pass(1_000);
    core.ask('p/a', { force: true });
    core.endLoad('p/a', failed('oom'));
    expect(unloadsIn(core.last)).toEqual(['p/b']);
    core.settle();
    expect(core.slot('p/a').state).toBe('ready');
  });

  it('fails with the provider’s words where no more room can be made', () => {
    const core = createCore({ models, capacity: 7 });
    core.machine.others = 0;
    const waiter = core.ask('p/a', { force: true });
    core.endLoad('p/a', failed('oom'));
    expect(core.problemOf(waiter)?.message).toBe('The oom words.');
    expect(loadsIn(core.all)).toHaveLength(1);
  });
});

describe('a provider that hangs in its own queue', () => {
  it('is freed by unloading what is unused there, and only that, and is tried once more', () => {
    const others = [a, b, c, knownModel('q/d', 1)];
    const core = createCore({ models: others, capacity: 40, config: { limit: 8 } });
    core.load('q/d');
    core.load('p/b');
    core.load('p/c', { lease: { holder: 'x', ttlMs: null } });
    core.pass(1_000);
    const waiter = core.ask('p/a');
    core.endLoad('p/a', failed('timeout', true));
    expect(unloadsIn(core.last)).toEqual(['p/b']);
    expect(core.answer(waiter)).toBeNull();
    core.settle();
    expect(core.answer(waiter)).toMatchObject({ ok: true });
    const again = createCore({ models: others, capacity: 40 });
    const second = again.ask('p/a');
    again.endLoad('p/a', failed('timeout', true));
    again.endLoad('p/a', failed('timeout', true));
    expect(again.problemOf(second)?.message).toBe('The timeout words.');
  });

  it('loses nothing while frozen', () => {
    const core = createCore({ models });
    core.load('p/b');
    core.pass(1_000);
    const waiter = core.ask('p/a');
    core.send({ type: 'mode', mode: 'freeze', value: { since: 0, until: null } });
    core.endLoad('p/a', failed('timeout', true));
    expect(unloadsIn(core.all)).toEqual([]);
    expect(core.problemOf(waiter)?.message).toBe('The timeout words.');
  });
});

describe('a model that keeps failing', () => {
  const fail = (core: Core) => {
    core.ask('p/a', { origin: 'person' });
    core.endLoad('p/a', failed());
  };

  it('is left alone by programs for a while that doubles, and by nobody else', () => {
    const core = createCore({ models });
    for (let i = 0; i < 2; i++) fail(core);
    expect(core.problemOf(core.ask('p/a'))).toBeNull();
    core.endLoad('p/a', failed());
    expect(core.problemOf(core.ask('p/a'))?.code).toBe('cooling-down');
    core.pass(COOLDOWN_MS - 1);
    expect(core.problemOf(core.ask('p/a'))?.code).toBe('cooling-down');
    core.pass(1);
    expect(core.problemOf(core.ask('p/a'))).toBeNull();
    core.endLoad('p/a', failed());
    core.pass(COOLDOWN_MS);
    expect(core.problemOf(core.ask('p/a', { origin: 'auto' }))?.code).toBe('cooling-down');
    fail(core);
    expect(loadsIn(core.all)).toHaveLength(5);
  });

  it('is forgiven by one success, and blamed for no cancel and no provider that is down', () => {
    const core = createCore({ models });
    for (let i = 0; i < 3; i++) fail(core);
    core.ask('p/a', { origin: 'person' });
    core.endLoad('p/a');
    expect(core.state.failures.size).toBe(0);
    core.settle();
    for (const kind of ['cancelled', 'provider-down'] as const) {
      core.ask('p/b');
      core.endLoad('p/b', failed(kind));
    }
    expect(core.state.failures.size).toBe(0);
  });
});

describe('a load that is tried against its estimate', () => {
  const big = knownModel('p/big', 14, { source: 'estimated' });
  function start(capacity = 12): Core {
    const core = createCore({ models: [...models, big], capacity });
    core.ask('p/big', { tryOnce: true });
    return core;
  }

  it('is given what is free, alone', () => {
    const core = start();
    expect(core.slot('p/big')).toMatchObject({ state: 'loading', tryOnce: true, booked: { ram: gb(12) } });
    core.ask('p/a');
    core.pass(2_000);
    expect(loadsIn(core.all)).toEqual(['p/big']);
  });

  it.each<[string, (core: Core) => void]>([
    ['the rest of the computer has little left', (core) => void (core.machine.others = gb(11.9))],
    ['the computer is under pressure, as with mapped weights', (core) => void (core.machine.pressure = { some: 60, full: 25 })],
  ])('is stopped when %s', (_what, happens) => {
    const core = start();
    const [waiter] = core.state.jobs.get('p/big')!.waiters;
    core.pass(1_000);
    expect(core.answer(waiter!.id)).toBeNull();
    happens(core);
    core.pass(1_000);
    expect(core.problemOf(waiter!.id)?.code).toBe('pressure-limit');
    core.pass(5_000);
    expect(effectsOf(core.all, 'cancel-load')).toHaveLength(1);
  });

  it('is not tried a second time, and not where the size is known', () => {
    const core = start();
    const [waiter] = core.state.jobs.get('p/big')!.waiters;
    core.endLoad('p/big', failed('oom'));
    expect(core.problemOf(waiter!.id)?.code).toBe('out-of-memory');
    expect(effectsOf(core.last, 'learn-correction')).toMatchObject([{ atLeast: { ram: gb(12) * OOM_FACTOR } }]);
    const measured = createCore({ models: [{ ...big, source: 'measured' }], capacity: 12 });
    expect(measured.problemOf(measured.ask('p/big', { tryOnce: true }))?.code).toBe('no-room');
  });

  it('takes no place that is not there', () => {
    const core = createCore({ models: [...models, big], config: { limit: 1 } });
    core.load('p/a');
    core.pass(1_000);
    core.machine.others = gb(4);
    expect(core.problemOf(core.ask('p/big', { tryOnce: true }))?.message).toBe('There is no place for big: the limit of 1 model in memory is reached.');
  });
});

describe('a request', () => {
  it('for what is not installed, or was removed meanwhile, is answered', () => {
    const core = createCore({ models, providers: [providerFixture('p', { parallelLoads: 1 })] });
    expect(core.problemOf(core.ask('p/none'))?.code).toBe('unknown-model');
    core.ask('p/a');
    const waiter = core.ask('p/b');
    core.send({ type: 'catalog', catalog: { byId: new Map(), byWeights: new Map() } });
    expect(core.problemOf(waiter)?.code).toBe('unknown-model');
  });

  it('of Airdock’s own or a program’s is refused while memory has been set free, one of a person is not', () => {
    const core = createCore({ models });
    core.send({ type: 'mode', mode: 'hold', value: { since: core.now, until: core.now + 1_000 } });
    expect(core.problemOf(core.ask('p/a', { origin: 'auto' }))?.message).toContain('not loaded for programs');
    expect(core.problemOf(core.ask('p/a', { origin: 'client' }))?.hint).toContain('by hand');
    core.ask('p/b', { origin: 'person' });
    core.endLoad('p/b');
    // What a person has loaded can be used by programs.
    expect(core.problemOf(core.ask('p/b', { origin: 'client' }))).toBeNull();
    core.pass(1_000);
    core.ask('p/a', { origin: 'auto' });
    expect(loadsIn(core.all)).toEqual(['p/b', 'p/a']);
  });

  it('of a program is refused while memory has been set free, also for what is just leaving or is there with another context', () => {
    const core = createCore({ models });
    core.load('p/a');
    core.load('p/b');
    core.send({ type: 'mode', mode: 'hold', value: { since: core.now, until: core.now + 60_000 } });
    const reload = core.ask('p/b', { origin: 'client', contextLength: 1024, force: true });
    expect(core.problemOf(reload)?.message).toContain('not loaded for programs');
    core.unload('p/a');
    expect(core.slot('p/a').state).toBe('unloading');
    expect(core.problemOf(core.ask('p/a', { origin: 'client' }))?.message).toContain('not loaded for programs');
    core.settle();
    expect(core.state.jobs.size).toBe(0);
    // Somebody who waits for a person's load gets the same one.
    core.ask('p/a', { origin: 'person' });
    expect(core.problemOf(core.ask('p/a', { origin: 'client' }))).toBeNull();
  });

  it('for a model of another program makes it Airdock’s to look after', () => {
    const core = createCore({ models });
    core.observe('p', [observedFixture(a)]);
    core.ask('p/a', { origin: 'auto' });
    expect(core.slot('p/a').foreign).toBe(true);
    core.ask('p/a');
    expect(core.slot('p/a')).toMatchObject({ foreign: false, loadedBy: 'test' });
  });
});

describe('a size that was raised in the settings', () => {
  it('stays raised when the model turns out smaller, and gives way when it turns out larger', () => {
    const core = createCore({ models: [{ ...a, footprint: { ram: gb(8), vram: {} }, source: 'configured' }] });
    core.ask('p/a');
    core.endLoad('p/a', { footprint: { ram: gb(6), vram: { g: 1 } }, source: 'measured' });
    expect(core.slot('p/a')).toMatchObject({ booked: { ram: gb(8), vram: { g: 1 } }, source: 'configured' });
    core.unload('p/a');
    core.settle();
    core.ask('p/a');
    core.endLoad('p/a', { footprint: { ram: gb(9), vram: {} }, source: 'measured' });
    expect(core.slot('p/a')).toMatchObject({ booked: { ram: gb(9) }, source: 'measured' });
  });
});

describe('a load on a graphics card that is looked at seldom', () => {
  const onCard = { footprint: { ram: gb(1), vram: { g: gb(4) } }, idleTimeoutMs: null };
  const [one, two, three] = ['p/one', 'p/two', 'p/three'].map((id) => knownModel(id, 1, onCard));

  /** The card is full with two models, one of which has just gone for a third; nobody has looked at it since. */
  function madeRoom(): { core: Core; pass(ms: number): void } {
    const core = createCore({ models: [one!, two!, three!], config: { limit: 9, yield: false } });
    core.machine.vram = [{ id: 'g', free: gb(8.1), total: gb(8.1) }];
    core.pass(1_000);
    core.load('p/one');
    core.load('p/two');
    core.machine.vram = [{ id: 'g', free: gb(0.1), total: gb(8.1) }];
    core.pass(60_000);
    core.ask('p/three', { force: true });
    core.machine.vramAge = 500;
    core.endUnload('p/one');
    return {
      core,
      pass(ms) {
        for (let passed = 0; passed < ms; passed += 1_000) {
          core.machine.vramAge += 1_000;
          core.pass(1_000);
        }
      },
    };
  }

  it('waits for a look at it rather than for another model to go', () => {
    const { core, pass } = madeRoom();
    pass(10_000);
    expect(unloadsIn(core.all)).toEqual(['p/one']);
    core.machine.vram = [{ id: 'g', free: gb(4.1), total: gb(8.1) }];
    core.machine.vramAge = 0;
    core.pass(1_000);
    expect(core.slot('p/three').state).toBe('loading');
    expect(unloadsIn(core.all)).toEqual(['p/one']);
  });

  it('but not for ever', () => {
    const { core, pass } = madeRoom();
    pass(20_000);
    expect(unloadsIn(core.all)).toEqual(['p/one', 'p/two']);
  });
});
