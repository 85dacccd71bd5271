import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problem, type Plan } from '../../contract/index.ts';
import {
  createCore, effectsOf, gb, knownModel, loadsIn, memoryFixture, providerFixture, slotFixture, START, stateFixture, unloadsIn, type StateParts,
} from '../../test/core-fixture.ts';
import { plan, wishFor } from './plan.ts';
import { step } from './step.ts';
import type { CoreState, Job, KnownModel, Slot } from './types.ts';

const a = knownModel('p/a', 6);
const b = knownModel('p/b', 6);
const c = knownModel('p/c', 6);
const models = [a, b, c];
const NOW_AWAKE = 200_000;

function stateWith(parts: StateParts, change: Partial<CoreState> = {}): CoreState {
  return { ...stateFixture({ models, ...parts }), awake: NOW_AWAKE, ...change };
}
const used = (model: KnownModel, agoMs: number, change: Partial<Slot> = {}) => slotFixture(model, { lastUsedAwake: NOW_AWAKE - agoMs, sinceAwake: NOW_AWAKE, ...change });
const lease = (model: KnownModel) => new Map([['l', { id: 'l', key: model.weights, holder: 'x', since: START, ttlMs: null, renewedAwake: 0 }]]);
const briefly = (p: Plan) => ({ kind: p.fit.kind, canLoad: p.canLoad, unloads: p.unloads.map((v) => v.id), code: p.problem?.code ?? null });

describe('a plan', () => {
  const full = memoryFixture(4);
  it.each<[string, StateParts, Partial<CoreState>, ReturnType<typeof briefly>]>([
    ['is done where it is in memory', { slots: [used(c, 0)] }, {}, { kind: 'loaded', canLoad: true, unloads: [], code: null }],
    ['fits', {}, {}, { kind: 'fits', canLoad: true, unloads: [], code: null }],
    ['fits to the last byte', { memory: memoryFixture(6) }, {}, { kind: 'fits', canLoad: true, unloads: [], code: null }],
    ['does not fit by one byte', { memory: memoryFixture(6, { available: gb(6) - 1 }) }, {}, { kind: 'short', canLoad: false, unloads: [], code: 'no-room' }],
    ['waits for what leaves', { slots: [used(a, 0, { state: 'unloading' })], memory: full }, {}, { kind: 'waits', canLoad: true, unloads: [], code: null }],
    ['waits for itself', { slots: [used(c, 0, { state: 'loading' })], memory: full }, {}, { kind: 'waits', canLoad: true, unloads: [], code: null }],
    ['unloads the least recently used', { slots: [used(a, 5_000), used(b, 9_000)], memory: full }, {}, { kind: 'evicts', canLoad: false, unloads: ['p/b'], code: 'needs-room' }],
    ['takes the room of an expired one without asking', { slots: [used(a, 5_000), used(b, 9_000_000)], memory: full }, {}, { kind: 'fits', canLoad: true, unloads: ['p/b'], code: null }],
    ['unloads for a place alone', { slots: [used(a, 5_000)], config: { limit: 1 } }, {}, { kind: 'evicts', canLoad: false, unloads: ['p/a'], code: 'needs-room' }],
    ['is short', { memory: full }, {}, { kind: 'short', canLoad: false, unloads: [], code: 'no-room' }],
    ['is too big for the machine', { memory: memoryFixture(4, { total: gb(5) }) }, {}, { kind: 'too-big', canLoad: false, unloads: [], code: 'too-big' }],
    ['is too big for the settings', { config: { maxUsage: gb(5) } }, {}, { kind: 'too-big', canLoad: false, unloads: [], code: 'too-big' }],
    ['is too big for the container', { memory: memoryFixture(4, { cgroupLimit: gb(5) }) }, {}, { kind: 'too-big', canLoad: false, unloads: [], code: 'too-big' }],
    ['is over budget', { slots: [used(a, 0, { pid: 1 })], memory: memoryFixture(1, { resident: new Map([[a.weights, { anon: 0, file: gb(6) }]]) }) }, { leases: lease(a) }, { kind: 'short', canLoad: false, unloads: [], code: 'over-budget' }],
    ['is held back by the limit', { slots: [used(a, 5_000)], config: { limit: 1 } }, { leases: lease(a) }, { kind: 'blocked', canLoad: false, unloads: [], code: 'limit-reached' }],
    ['is refused while frozen', {}, { freeze: { since: 0, until: null } }, { kind: 'blocked', canLoad: false, unloads: [], code: 'frozen' }],
    ['is refused where its program does not run', { providers: [providerFixture('p', { status: 'absent' })] }, {}, { kind: 'blocked', canLoad: false, unloads: [], code: 'provider-down' }],
    ['is refused where it is switched off', { models: [a, b, { ...c, enabled: false }] }, {}, { kind: 'blocked', canLoad: false, unloads: [], code: 'model-disabled' }],
    ['is refused with the reason that it cannot be loaded at all', { models: [a, b, { ...c, problem: problem('bad-file', 'Cut off.') }] }, {}, { kind: 'blocked', canLoad: false, unloads: [], code: 'bad-file' }],
    ['overcommits where that is set', { models: [a, b, { ...c, overcommit: true }], memory: memoryFixture(0) }, {}, { kind: 'fits', canLoad: true, unloads: [], code: null }],
    ['overcommits not the places', { models: [a, b, { ...c, overcommit: true }], slots: [used(a, 5_000)], config: { limit: 1 } }, { leases: lease(a) }, { kind: 'blocked', canLoad: false, unloads: [], code: 'limit-reached' }],
    ['is refused where it does not let go itself and there is no room even so', { slots: [used(c, 0, { state: 'stuck' })], providers: [providerFixture('p', { revivesStuck: true })], memory: memoryFixture(0) }, {}, { kind: 'fits', canLoad: true, unloads: [], code: null }],
  ])('%s', (_what, parts, change, expected) => {
    const state = stateWith(parts, change);
    expect(briefly(plan(state, state.catalog.byId.get('p/c')!, null))).toEqual(expected);
  });

  it.each<[string, StateParts, Partial<CoreState>, Plan['fit']]>([
    ['the limit, which makes others go', { slots: [used(a, 5_000)], config: { limit: 1 } }, {}, { kind: 'evicts', unload: ['p/a'], because: 'limit' }],
    ['the memory, which makes others go', { slots: [used(a, 5_000)], memory: full }, {}, { kind: 'evicts', unload: ['p/a'] }],
    ['the limit, where nobody may go', { slots: [used(a, 5_000)], config: { limit: 1 } }, { leases: lease(a) }, { kind: 'blocked', because: 'limit' }],
    ['the freeze', { slots: [used(a, 5_000)], config: { limit: 1 } }, { freeze: { since: 0, until: null } }, { kind: 'blocked', because: 'frozen' }],
    ['nothing, where only what is past its time goes for it', { slots: [used(a, 9_000_000)], config: { limit: 1 } }, {}, { kind: 'fits', unload: ['p/a'] }],
  ])('names what alone is the cause: %s', (_what, parts, change, expected) => {
    const state = stateWith(parts, change);
    expect(plan(state, state.catalog.byId.get('p/c')!, null).fit).toEqual(expected);
  });

  it.each<[string, Partial<Slot>, StateParts, Partial<CoreState>]>([
    ['in-use', {}, {}, { leases: lease(a) }],
    ['in-use', { busy: true }, {}, {}],
    ['pinned', {}, { config: { pinned: new Set([a.weights]) } }, {}],
    ['loading', { state: 'loading' }, {}, {}],
    ['stuck', { state: 'stuck' }, {}, {}],
    ['foreign', { foreign: true }, { config: { unloadForeign: 'no' } }, {}],
    ['provider-down', {}, { providers: [providerFixture('p'), providerFixture('q', { status: 'down' })] }, {}],
  ])('names what stands in the way: %s', (why, slot, parts, change) => {
    const inTheWay = why === 'provider-down' ? { ...a, provider: 'q' } : a;
    const made = plan(stateWith({ memory: memoryFixture(2), ...parts, slots: [used(inTheWay, 5_000, slot)] }, change), c, null);
    expect(made.blockers).toEqual([{ id: 'p/a', name: 'a', why }]);
    expect(made.problem?.message).toContain('a ');
    // Of one that is loading, nothing has been taken from what the OS calls available yet.
    expect(made.fit).toEqual({ kind: 'short', missing: gb(why === 'loading' ? 10 : 4) });
  });

  it('unloads models of other programs only where a person will see it, or the settings allow it', () => {
    const state = (unloadForeign: 'ask' | 'yes' | 'no') => stateWith({ slots: [used(a, 9_000_000, { foreign: true })], memory: memoryFixture(2), config: { unloadForeign } });
    expect(briefly(plan(state('ask'), c, null))).toMatchObject({ kind: 'evicts', unloads: ['p/a'] });
    expect(briefly(plan(state('yes'), c, null))).toMatchObject({ kind: 'fits', unloads: ['p/a'] });
    expect(plan(state('no'), c, null).blockers).toMatchObject([{ why: 'foreign' }]);
    // A person is asked; a program, which cannot be asked, is refused.
    for (const [origin, code] of [['client', 'no-room'], ['person', 'needs-room']] as const) {
      const { effects } = step(state('ask'), request('p/c', { origin, force: false }));
      expect(effectsOf(effects, 'answer-load')[0]?.answer).toMatchObject({ ok: false, problem: { code } });
      expect(unloadsIn(effects)).toEqual([]);
    }
  });

  it('offers to try once only where the refusal rests on an estimate', () => {
    const estimated = { ...c, source: 'estimated' as const };
    const short = stateWith({ memory: full });
    expect(plan(short, c, null).mayTryOnce).toBe(false);
    expect(plan(short, estimated, null).mayTryOnce).toBe(true);
    expect(plan(stateWith({}), estimated, null).mayTryOnce).toBe(false);
    expect(plan({ ...short, freeze: { since: 0, until: null } }, estimated, null).mayTryOnce).toBe(false);
    expect(plan(stateWith({ memory: memoryFixture(4, { total: gb(5) }) }), estimated, null).mayTryOnce).toBe(true);
  });

  it('goes by the graphics memory too', () => {
    const gpu = { ...c, footprint: { ram: gb(1), vram: { g: gb(4) } } };
    const other = { ...a, footprint: { ram: gb(1), vram: { g: gb(3) } } };
    const memory = memoryFixture(16, { vram: [{ id: 'g', free: gb(2), total: gb(6) }] });
    expect(briefly(plan(stateWith({ models: [other, b, gpu], slots: [used(other, 5_000)], memory }), gpu, null))).toMatchObject({ kind: 'evicts', unloads: ['p/a'] });
    const alone = plan(stateWith({ models: [gpu], memory }), gpu, null);
    expect(briefly(alone)).toMatchObject({ kind: 'blocked', code: 'no-room' });
    expect(alone.problem?.message).toContain('graphics memory');
  });

  it('replaces a model that is in memory with another context, and only where that is wanted', () => {
    const state = stateWith({ slots: [used(c, 5_000)] });
    expect(briefly(plan(state, c, null))).toMatchObject({ kind: 'loaded' });
    expect(briefly(plan(state, c, 4096))).toMatchObject({ kind: 'loaded' });
    const replaced = plan(state, c, 8192);
    expect(briefly(replaced)).toEqual({ kind: 'evicts', canLoad: false, unloads: ['p/c'], code: 'needs-room' });
    expect(replaced).toMatchObject({ because: 'context' });
    expect(plan({ ...state, leases: lease(c) }, c, 8192).problem?.code).toBe('in-use');
    // Its own room is free for it.
    expect(briefly(plan(stateWith({ slots: [used(c, 5_000)], memory: memoryFixture(0) }), c, 8192))).toMatchObject({ unloads: ['p/c'] });
  });

  it('names a load that is about to begin where it takes the last place', () => {
    const core = createCore({ models, config: { limit: 1 } });
    core.load('p/a');
    core.pass(1_000);
    core.ask('p/b', { force: true });
    expect(core.problemOf(core.ask('p/c', { force: true }))?.message).toBe('There is no place for c: the limit of 1 model in memory is reached and b is being loaded.');
  });

  it('prices another context size, up to what the model was trained for', () => {
    const priced = knownModel('p/k', 4, { kvBytesPerToken: gb(1) / 1024, maxContextLength: 8192 });
    expect(wishFor(priced, null, true)).toMatchObject({ contextLength: 4096, need: { ram: gb(4) }, source: 'measured' });
    expect(wishFor(priced, 5120, true)).toMatchObject({ contextLength: 5120, need: { ram: gb(5) }, source: 'estimated' });
    expect(wishFor(priced, 3072, true)).toMatchObject({ need: { ram: gb(3) } });
    expect(wishFor(priced, 1_000_000, true)).toMatchObject({ contextLength: 8192, need: { ram: gb(8) } });
    expect(wishFor({ ...priced, kvBytesPerToken: null }, 8192, true)).toMatchObject({ contextLength: 8192, need: { ram: gb(4) }, source: 'measured' });
    expect(wishFor({ ...priced, kvBytesPerToken: gb(1) }, 4, true).need.ram).toBe(0);
  });
});

describe('what comes first: freeze, then a pin, then use, then force', () => {
  const crowded: StateParts = { slots: [used(a, 5_000)], config: { limit: 1, pinned: new Set([a.weights]) } };
  const words = (parts: StateParts, change: Partial<CoreState>) => {
    const { effects } = step(stateWith(parts, change), request('p/c', { force: true }));
    expect(unloadsIn(effects)).toEqual([]);
    const answer = effectsOf(effects, 'answer-load')[0]?.answer;
    return answer && !answer.ok ? [answer.problem.code, answer.plan?.blockers[0]?.why ?? null] : null;
  };
  it('holds against force', () => {
    const free = { ...crowded, config: { limit: 1 } };
    expect(words(crowded, { freeze: { since: 0, until: null }, leases: lease(a) })).toEqual(['frozen', null]);
    expect(words(crowded, { leases: lease(a) })).toEqual(['limit-reached', 'pinned']);
    expect(words(free, { leases: lease(a) })).toEqual(['limit-reached', 'in-use']);
    expect(unloadsIn(step(stateWith(free), request('p/c', { force: true })).effects)).toEqual(['p/a']);
  });
});

function request(modelId: string, change: Partial<Extract<Parameters<typeof step>[1], { type: 'load-requested' }>> = {}) {
  return {
    type: 'load-requested' as const, at: START, waiter: 'w', modelId, force: true, mayUnload: null, tryOnce: false, contextLength: null, origin: 'person' as const, by: 'test', lease: null, ...change,
  };
}

describe('the preview and the deed', () => {
  const size = fc.integer({ min: 1, max: 12 });
  const slotPart = fc.record({
    there: fc.boolean(), state: fc.constantFrom('ready', 'ready', 'ready', 'unloading', 'stuck', 'loading'), ago: fc.constantFrom(0, 5_000, 5_000, 90_000, 400_000), foreign: fc.boolean(),
    busy: fc.boolean(), leased: fc.boolean(), pinned: fc.boolean(), contextLength: fc.constantFrom(4096, 8192), resident: fc.constantFrom(null, 0.5, 1, 1.3), size, gpu: fc.constantFrom(0, 0, 3),
  });
  const machines = fc.record({
    slots: fc.array(slotPart, { minLength: 5, maxLength: 5 }), available: fc.integer({ min: -2, max: 20 }), limit: fc.integer({ min: 1, max: 4 }), unloadForeign: fc.constantFrom('ask', 'yes', 'no'),
    reserve: fc.constantFrom(0, 2), maxUsage: fc.constantFrom(null, null, 8), frozen: fc.integer({ min: 0, max: 9 }), down: fc.integer({ min: 0, max: 4 }), wanted: fc.integer({ min: 0, max: 4 }),
    context: fc.constantFrom(null, null, 4096, 8192), booked: fc.integer({ min: 0, max: 12 }), far: fc.boolean(),
  });

  function build(m: typeof machines extends fc.Arbitrary<infer T> ? T : never) {
    const all = m.slots.map((s, i) => knownModel(`${i === 4 ? 'q' : 'p'}/m${i}`, s.size, { footprint: { ram: gb(s.size), vram: s.gpu > 0 ? { g: gb(s.gpu) } : {} } }));
    const slots = m.slots.flatMap((s, i) =>
      s.there
        ? [used(all[i]!, s.ago, { state: s.state as Slot['state'], foreign: s.foreign, busy: s.busy, contextLength: s.contextLength, pid: s.resident === null ? null : i, unload: s.state === 'unloading' ? { reason: 'other', by: null, forModel: null, waiters: [] } : null })]
        : [],
    );
    const resident = new Map(m.slots.flatMap((s, i) => (s.there && s.resident !== null && i < 4 ? [[all[i]!.weights, { anon: gb(s.size * s.resident), file: 0 }] as const] : [])));
    const state = stateFixture({
      models: all,
      slots,
      providers: [providerFixture('p', { status: m.down === 0 ? 'down' : 'up' }), providerFixture('q', m.far ? { domain: 'own:q', ownCapacity: gb(10) } : {})],
      config: { limit: m.limit, unloadForeign: m.unloadForeign as 'ask', reserve: gb(m.reserve), maxUsage: m.maxUsage === null ? null : gb(m.maxUsage), pinned: new Set(m.slots.flatMap((s, i) => (s.pinned ? [all[i]!.weights] : []))), autoUnloadIdle: false, yield: false },
      memory: memoryFixture(m.available, { resident, vram: [{ id: 'g', free: gb(3), total: gb(8) }] }),
    });
    const leases = new Map(m.slots.flatMap((s, i) => (s.there && s.leased && s.state === 'ready' ? [[`l${i}`, { id: `l${i}`, key: all[i]!.weights, holder: 'x', since: START, ttlMs: null, renewedAwake: NOW_AWAKE }] as const] : [])));
    return { state: { ...state, awake: NOW_AWAKE, leases, freeze: m.frozen === 0 ? { since: 0, until: null } : null } satisfies CoreState, model: all[m.wanted]! };
  }

  it('are the same: what the preview names, and only that, is unloaded', { timeout: 20_000 }, () => {
    fc.assert(
      fc.property(machines, (m) => {
        const { state, model } = build(m);
        // A load that cannot be read blurs the picture: then the deed waits for its end.
        fc.pre(![...state.slots.values()].some((s) => s.state === 'loading' && !state.memory!.resident.has(s.key)));
        fc.pre(state.slots.get(model.weights)?.state !== 'stuck');
        const preview = plan(state, model, m.context);
        const { effects, state: next } = step(state, request(model.id, { contextLength: m.context }));
        expect(unloadsIn(effects).map((key) => state.slots.get(key)!.modelId)).toEqual(preview.unloads.map((v) => v.id));
        const answer = effectsOf(effects, 'answer-load')[0]?.answer ?? null;
        const { kind } = preview.fit;
        if (kind === 'loaded') expect(answer).toMatchObject({ ok: true, already: true });
        else if (kind === 'short' || kind === 'too-big' || kind === 'blocked') {
          expect(answer?.ok).toBe(false);
          if (answer && !answer.ok) expect(answer.problem.code).toBe(preview.problem?.code);
          expect(loadsIn(effects)).toEqual([]);
          // The person was told the truth about what a refusal costs.
          expect(unloadsIn(effects)).toEqual([]);
        } else {
          expect(answer).toBeNull();
          expect(next.jobs.has(model.weights)).toBe(true);
          if (kind === 'fits' && preview.unloads.length === 0) expect(loadsIn(effects)).toEqual([model.id]);
          else expect(loadsIn(effects)).toEqual([]);
        }
      }),
      { seed: 3, numRuns: 1_500 },
    );
  });

  it('differ for a program only by its yes: without force it loses nobody who is not past the timeout', () => {
    fc.assert(
      fc.property(machines, (m) => {
        const { state, model } = build(m);
        const { effects } = step(state, request(model.id, { contextLength: m.context, force: false, origin: 'client' }));
        for (const key of unloadsIn(effects)) {
          const slot = state.slots.get(key)!;
          expect(NOW_AWAKE - slot.lastUsedAwake).toBeGreaterThanOrEqual(300_000);
          expect(slot.foreign && m.unloadForeign !== 'yes').toBe(false);
        }
      }),
      { seed: 4, numRuns: 500 },
    );
  });
});

describe('a yes to certain models', () => {
  it('is no yes to others', () => {
    const core = createCore({ models, config: { limit: 2 } });
    core.load('p/a');
    core.pass(1_000);
    core.load('p/b');
    core.pass(1_000);
    const no = core.ask('p/c', { force: true, mayUnload: ['p/b'] });
    expect(core.problemOf(no)?.code).toBe('needs-room');
    expect(unloadsIn(core.last)).toEqual([]);
    core.ask('p/c', { force: true, mayUnload: ['p/a'] });
    expect(unloadsIn(core.last)).toEqual(['p/a']);
  });

  it('that two have given counts for both', () => {
    const core = createCore({ models: [...models, knownModel('p/big', 14)] });
    core.load('p/a');
    core.load('p/b');
    core.pass(1_000);
    const job = (): Job | undefined => core.state.jobs.get('p/big');
    // Something else leaves: the wish waits, so that a second one can join it.
    core.unload('p/a');
    core.ask('p/big', { force: true, mayUnload: ['p/b'] });
    core.ask('p/big', { force: true, mayUnload: ['p/a'] });
    expect([...(job()?.mayUnload ?? [])].sort()).toEqual(['p/a', 'p/b']);
    core.ask('p/big', { force: true });
    expect(job()?.mayUnload).toBeNull();
    core.ask('p/big', { force: true, mayUnload: [] });
    expect(job()?.mayUnload).toBeNull();
  });
});
