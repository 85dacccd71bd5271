import { describe, expect, it } from 'vitest';
import { createCore, effectsOf, gb, knownModel, noVram, observedFixture, providerFixture, textsIn, unloadsIn, type Core } from '../../test/core-fixture.ts';
import { ABSENT_PATIENCE_MS, RESTART_WINDOW_MS, UNLOAD_PATIENCE_MS } from './limits.ts';

const ollama = providerFixture('ollama', { ownExpiry: true, parallelLoads: 1, revivesStuck: true });
const a = knownModel('ollama/a', 6);
const b = knownModel('ollama/b', 4);
const newCore = () => createCore({ models: [a, b], providers: [ollama] });
const lost = (core: Core) => core.state.providers.get('ollama')!.lost;

describe('what a provider lists', () => {
  it('is in the picture at once, as another program’s', () => {
    const core = newCore();
    core.pass(5_000);
    core.observe('ollama', [observedFixture(a, { lastUsed: core.now - 3_000, busy: true, expiresAt: core.now + 60_000 })]);
    expect(core.slot('ollama/a')).toMatchObject({ state: 'ready', foreign: true, source: 'reported', lastUsedFrom: 'provider', lastUsedAwake: 2_000, busy: true, loadedBy: null });
    expect(textsIn(core.last)).toEqual(['a (6.0 GB) was loaded into ollama by another program.']);
    core.observe('ollama', []);
    expect(core.has('ollama/a')).toBe(true);
    core.pass(1_000);
    core.observe('ollama', []);
    expect(core.has('ollama/a')).toBe(false);
    expect(lost(core)).toEqual([]);
  });

  it('does not bring back what Airdock has unloaded since it was asked', () => {
    const core = newCore();
    core.load('ollama/a');
    core.pass(1_000);
    const asked = core.state.awake;
    core.unload('ollama/a');
    core.pass(1_000);
    core.endUnload('ollama/a');
    core.observe('ollama', [observedFixture(a)], asked);
    expect(core.has('ollama/a')).toBe(false);
    core.pass(1_000);
    core.observe('ollama', [observedFixture(a)]);
    expect(core.slot('ollama/a').foreign).toBe(true);
  });

  it('does not take away what was loaded since it was asked', () => {
    const core = newCore();
    const asked = core.state.awake;
    core.pass(1_000);
    core.load('ollama/a');
    core.observe('ollama', [], asked);
    expect(core.slot('ollama/a').state).toBe('ready');
  });

  it('does not describe a model that was replaced since it was asked', () => {
    const core = newCore();
    core.load('ollama/a');
    core.pass(1_000);
    const asked = core.state.awake;
    core.pass(1_000);
    core.ask('ollama/a', { contextLength: 8192, force: true });
    core.settle();
    core.observe('ollama', [observedFixture(a)], asked);
    expect(core.slot('ollama/a')).toMatchObject({ contextLength: 8192, source: 'measured' });
  });

  it('leaves loads and unloads under way to their own answers', () => {
    const core = newCore();
    core.load('ollama/a');
    core.pass(1_000);
    core.unload('ollama/a');
    core.ask('ollama/b');
    core.pass(1_000);
    core.observe('ollama', []);
    expect([core.slot('ollama/a').state, core.slot('ollama/b').state]).toEqual(['unloading', 'loading']);
    core.observe('ollama', [observedFixture(a), observedFixture(b, { footprint: noVram(1) })]);
    expect([core.slot('ollama/a').state, core.slot('ollama/b').state]).toEqual(['unloading', 'loading']);
    expect(core.slot('ollama/b').booked.ram).toBe(gb(4));
  });

  it('tells of uses: the newest counts, a second of difference between two clocks does not', () => {
    const core = newCore();
    core.load('ollama/a');
    core.pass(60_000);
    core.observe('ollama', [observedFixture(a, { lastUsed: core.now - 59_500 })]);
    expect(core.slot('ollama/a')).toMatchObject({ lastUsedAwake: 0, lastUsedFrom: 'load' });
    core.observe('ollama', [observedFixture(a, { lastUsed: core.now - 10_000 })]);
    expect(core.slot('ollama/a')).toMatchObject({ lastUsedAwake: 50_000, lastUsedFrom: 'provider' });
    core.observe('ollama', [observedFixture(a, { busy: true })]);
    expect(core.slot('ollama/a')).toMatchObject({ lastUsedAwake: 60_000, busy: true });
    core.observe('ollama', [observedFixture(a, { busy: null, lastUsed: core.now + 90_000 })]);
    expect(core.slot('ollama/a')).toMatchObject({ lastUsedAwake: 60_000, busy: false });
  });

  it('keeps the measured size of an own model, and takes the new one after a reload by somebody else', () => {
    const core = newCore();
    core.load('ollama/a');
    core.pass(1_000);
    const listed = (change: Parameters<typeof observedFixture>[1]) => core.observe('ollama', [observedFixture(a, { footprint: noVram(3), ...change })]);
    listed({});
    listed({ contextLength: null });
    listed({ pid: 12 });
    expect(core.slot('ollama/a')).toMatchObject({ booked: noVram(6), source: 'measured', contextLength: 4096, pid: 12 });
    listed({ pid: 13 });
    expect(core.slot('ollama/a')).toMatchObject({ booked: noVram(3), source: 'reported', pid: 13 });
    listed({ pid: null, contextLength: 8192, footprint: noVram(9) });
    expect(core.slot('ollama/a')).toMatchObject({ booked: noVram(9), contextLength: 8192, pid: 13 });
  });

  it('never makes a model of another program smaller while it runs', () => {
    const core = newCore();
    core.observe('ollama', [observedFixture(a)]);
    core.observe('ollama', [observedFixture(a, { footprint: noVram(5) })]);
    expect(core.slot('ollama/a').booked.ram).toBe(gb(6));
    core.observe('ollama', [observedFixture(a, { footprint: noVram(7) })]);
    expect(core.slot('ollama/a').booked.ram).toBe(gb(7));
  });
});

describe('a provider that ends', () => {
  it('takes its models with it after a while, and they can be loaded again', () => {
    const core = newCore();
    core.load('ollama/a');
    core.provider('ollama', { status: 'absent', incarnation: null });
    core.pass(ABSENT_PATIENCE_MS - 1_000);
    expect(core.has('ollama/a')).toBe(true);
    core.pass(1_000);
    expect(core.has('ollama/a')).toBe(false);
    expect(lost(core)).toEqual(['ollama/a']);
    core.send({ type: 'lost-handled', provider: 'ollama' });
    expect(lost(core)).toEqual([]);
  });

  it('takes also what did not let go', () => {
    const core = newCore();
    core.load('ollama/a');
    core.unload('ollama/a');
    core.pass(UNLOAD_PATIENCE_MS);
    expect(core.slot('ollama/a').state).toBe('stuck');
    core.provider('ollama', { status: 'absent' });
    core.pass(ABSENT_PATIENCE_MS);
    expect(core.has('ollama/a')).toBe(false);
    expect(lost(core)).toEqual([]);
  });

  it('that only does not answer keeps its models, and they are nobody’s victims', () => {
    const core = newCore();
    core.load('ollama/a');
    core.provider('ollama', { status: 'down' });
    core.pass(10 * ABSENT_PATIENCE_MS);
    expect(core.slot('ollama/a').state).toBe('ready');
  });

  it('and starts anew has lost what it does not list soon after, whether or not its absence was seen', () => {
    for (const seen of [true, false]) {
      const core = newCore();
      core.load('ollama/a');
      core.pass(1_000);
      if (seen) core.provider('ollama', { status: 'absent', incarnation: null });
      core.provider('ollama', { status: 'up', incarnation: '2' });
      core.pass(RESTART_WINDOW_MS - 1_000);
      core.observe('ollama', []);
      expect(lost(core)).toEqual(['ollama/a']);
    }
  });

  it('long ago has lost nothing of what leaves now', () => {
    const core = newCore();
    core.load('ollama/a');
    core.provider('ollama', { incarnation: '2' });
    core.pass(RESTART_WINDOW_MS);
    core.observe('ollama', []);
    expect(lost(core)).toEqual([]);
    expect(textsIn(core.last)).toEqual(['a left memory: ollama or another program unloaded it.']);
  });

  it('tells of itself once', () => {
    const core = newCore();
    core.provider('ollama', { status: 'down', problem: { code: 'provider-down', message: 'Garbage.' } });
    core.provider('ollama', { status: 'down', problem: { code: 'provider-down', message: 'Garbage.' } });
    core.provider('ollama', { status: 'off', problem: null });
    expect(textsIn(core.all)).toEqual(['Garbage.']);
    expect(effectsOf(core.all, 'activity').map(({ entry }) => entry.parts)).toEqual([{ what: 'provider', label: 'ollama', status: 'down' }]);
  });
});

describe('a model that dies', () => {
  it('is gone at once, touches nothing else, and an older listing does not bring it back', () => {
    const core = newCore();
    core.load('ollama/a');
    core.load('ollama/b');
    core.pass(1_000);
    const asked = core.state.awake;
    core.send({ type: 'crashed', key: 'ollama/a', problem: { code: 'internal', message: 'a was killed.' } });
    expect(effectsOf(core.last, 'activity')).toMatchObject([{ entry: { kind: 'crashed', text: 'a was killed.' } }]);
    core.observe('ollama', [observedFixture(a), observedFixture(b)], asked);
    expect([...core.state.slots.keys()]).toEqual(['ollama/b']);
  });

  it('while loading or leaving is ended by the answer that is on its way', () => {
    const core = newCore();
    core.load('ollama/a');
    const waiter = core.unload('ollama/a');
    core.ask('ollama/b');
    for (const key of ['ollama/a', 'ollama/b', 'ollama/none']) core.send({ type: 'crashed', key, problem: { code: 'internal', message: 'It died.' } });
    expect(core.unloadAnswer(waiter)).toBeNull();
    core.endUnload('ollama/a');
    expect(core.unloadAnswer(waiter)).toMatchObject({ ok: true });
    expect(unloadsIn(core.all)).toEqual(['ollama/a']);
  });
});
