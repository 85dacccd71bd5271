import { describe, expect, it } from 'vitest';
import { createCore, effectsOf, gb, knownModel, loadsIn, observedFixture, providerFixture, textsIn, unloadsIn, START } from '../../test/core-fixture.ts';
import { idleSlots, nextWakeMs } from './step.ts';
const ollama = (c = {}) => providerFixture('ollama', { ownExpiry: true, parallelLoads: 1, revivesStuck: true, ...c });
const a = knownModel('ollama/a', 6), b = knownModel('ollama/b', 6), c = knownModel('ollama/c', 6);
describe('suspects', () => {
  it('F1 never', () => {
    const core = createCore({ models: [{ ...a, idleTimeoutMs: null }], providers: [ollama()] });
    core.load(a.id); core.pass(400_000);
    expect(idleSlots(core.state, null)).toEqual([]);
    expect(idleSlots(core.state, 1000)).toHaveLength(1);
  });
  it('F2 wake', () => {
    const core = createCore({ models: [a], providers: [ollama()] });
    core.load(a.id); core.provider('ollama', { status: 'down' }); core.pass(400_000);
    expect(core.slot(a.id).state).toBe('ready');
    expect(nextWakeMs(core.state)).toBeNull();
  });
  it('F3 stale', () => {
    const core = createCore({ models: [a], providers: [ollama()] });
    core.load(a.id);
    core.pass(1000);
    const asOf = core.state.awake;
    core.pass(1000);
    core.ask(a.id, { contextLength: 8192, force: true }); core.settle();
    expect(core.slot(a.id).contextLength).toBe(8192);
    core.observe('ollama', [observedFixture(a)], asOf);
    expect(core.slot(a.id).contextLength).toBe(8192);
  });
  it('F4 hang', () => {
    const core = createCore({ models: [a], providers: [ollama()] });
    core.load(a.id);
    core.pass(1000);
    const w = core.ask(a.id, { contextLength: 8192, force: true });
    core.endUnload(a.id, { kind: 'in-use', lastUsed: core.now });
    core.pass(60_000);
    expect(core.answer(w)).not.toBeNull();
  });
  it('F5 join', () => {
    const core = createCore({ models: [a], providers: [ollama()] });
    core.ask(a.id);
    const w = core.ask(a.id, { contextLength: 4096 });
    expect(core.answer(w)).toBeNull();
  });
  it('F6 loop', () => {
    const core = createCore({ models: [a], providers: [ollama()] });
    core.machine.readingAge = 2000;
    core.ask(a.id);
    expect(loadsIn(core.all)).toEqual([]);
  });
  it('F7 psi', () => {
    const core = createCore({ models: [{ ...a, footprint: { ram: gb(20), vram: {} }, source: 'estimated' }], providers: [ollama()] });
    core.ask(a.id, { tryOnce: true });
    expect(loadsIn(core.all)).toEqual([a.id]);
    core.machine.pressure = { some: 60, full: 40 };
    core.pass(1000);
    expect(effectsOf(core.all, 'cancel-load')).toHaveLength(1);
  });
  it('F8 unloaded list', () => {
    const core = createCore({ models: [a, b, c], providers: [ollama()], config: { limit: 2 } });
    core.load(a.id); core.pass(1000); core.load(b.id); core.pass(1000);
    const w = core.ask(c.id, { force: true });
    core.endUnload(a.id, { kind: 'in-use', lastUsed: core.now });
    core.pass(5000);
    core.settle(); core.pass(1000); core.settle();
    expect(core.answer(w)).toMatchObject({ ok: true, unloaded: [{ id: b.id }] });
    expect((core.answer(w) as any).unloaded).toHaveLength(1);
  });
  it('F9 sentence', () => {
    const core = createCore({ models: [a, b, c], providers: [ollama()], config: { limit: 1 } });
    core.load(a.id); core.pass(1000);
    core.ask(b.id, { force: true });
    const w = core.ask(c.id, { force: true });
    expect(core.problemOf(w)?.message).not.toMatch(/and \./);
  });
  it('F9b try once sentence', () => {
    const big = knownModel('ollama/big', 14, { source: 'estimated' });
    const pin = knownModel('ollama/pin', 4);
    const core = createCore({ models: [a, big, pin], providers: [ollama()], config: { limit: 1 } });
    core.load(pin.id); core.pass(1000); core.machine.others = gb(4);
    const w = core.ask(big.id, { tryOnce: true });
    console.log(core.problemOf(w)?.message);
    expect(core.problemOf(w)?.message).not.toMatch(/and \./);
  });
  it('F10 absent stuck', () => {
    const core = createCore({ models: [a], providers: [ollama()] });
    core.load(a.id); core.unload(a.id); core.pass(16_000);
    expect(core.slot(a.id).state).toBe('stuck');
    core.provider('ollama', { status: 'absent' }); core.pass(20_000);
    expect(core.has(a.id)).toBe(false);
  });
  it('F11 configured', () => {
    const core = createCore({ models: [{ ...a, footprint: { ram: gb(12), vram: {} }, source: 'configured' }], providers: [ollama()] });
    core.ask(a.id); core.endLoad(a.id, { footprint: { ram: gb(6), vram: {} }, source: 'measured' });
    expect(core.slot(a.id).booked.ram).toBe(gb(12));
  });
  it('F12 ctx null', () => {
    const core = createCore({ models: [a], providers: [ollama()] });
    core.load(a.id); core.pass(1000);
    core.observe('ollama', [observedFixture(a, { contextLength: null, footprint: { ram: gb(3), vram: {} } })]);
    expect(core.slot(a.id)).toMatchObject({ source: 'measured', booked: { ram: gb(6) } });
  });
  it('F13 over while loading unread', () => {
    const core = createCore({ models: [{...a, footprint: {ram: gb(12), vram: {}}}], providers: [ollama()] });
    core.ask(a.id);
    core.machine.others = gb(10); // it has taken 10
    core.pass(2000);
    expect(core.state.over).toBeNull();
  });
  it('F14 adopted while reserved', () => {
    const core = createCore({ models: [a, b], providers: [ollama()], config: { limit: 1 } });
    core.load(a.id); core.pass(1000);
    const w = core.ask(b.id, { contextLength: 8192, force: true });
    core.observe('ollama', [observedFixture(a), observedFixture(b)]);
    core.settle();
    core.pass(60_000);
    core.settle();
    core.pass(1000);
    core.settle();
    expect(core.answer(w)).not.toBeNull();
  });
});
