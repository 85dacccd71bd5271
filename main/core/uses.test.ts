import { describe, expect, it } from 'vitest';
import { createCore, knownModel, START, stateFixture, slotFixture, memoryFixture, observedFixture, providerFixture } from '../../test/core-fixture.ts';
import { noDemand, usesOf, withUse } from './demand.ts';
import { plan } from './plan.ts';
import type { CoreState } from './types.ts';

const HOUR = 3_600_000;
// Both have room for one of 4 GB; the machine has 8 GB for models.
const often = knownModel('p/often', 4, { expectedLoadMs: 20_000 });
const seldom = knownModel('p/seldom', 4, { expectedLoadMs: 9_000 });
const newcomer = knownModel('p/new', 4);

function full(eviction: 'value' | 'lru'): CoreState {
  let demand = noDemand;
  for (const [key, hours] of [['p/seldom', 6], ['p/often', 5], ['x', 4.5], ['p/often', 4], ['x', 3.5], ['p/often', 3], ['p/seldom', 2]] as const) {
    demand = withUse(demand, key, START - hours * HOUR);
  }
  const slots = [slotFixture(often, { lastUsedAwake: -3 * HOUR }), slotFixture(seldom, { lastUsedAwake: -2 * HOUR })];
  const state = stateFixture({ models: [often, seldom, newcomer].map((m) => ({ ...m, idleTimeoutMs: null })), slots, config: { eviction }, memory: memoryFixture(0) });
  return { ...state, demand };
}

describe('who makes room, by what models are worth', () => {
  it('is the one used seldom and soon reloaded, though it was used last', () => {
    expect(plan(full('lru'), newcomer, null).unloads.map(({ name }) => name)).toEqual(['often']);
    expect(plan(full('value'), newcomer, null).unloads.map(({ name }) => name)).toEqual(['seldom']);
  });

  it('is told with its uses and what a reload takes, before and after', () => {
    const { sentence, unloads } = plan(full('value'), newcomer, null);
    expect(unloads[0]!.wanted).toEqual({ uses: 2, more: false, withinMs: 6 * HOUR, reloadMs: 9_000 });
    expect(sentence).toContain('2 uses in 6 h, 9 s to reload');
    expect(plan(full('lru'), newcomer, null).unloads[0]).not.toHaveProperty('wanted');
  });

  it('is told in the activity', () => {
    const core = createCore({ models: [often, seldom, newcomer], capacity: 8, config: { eviction: 'value' } });
    core.load('p/often');
    core.pass(60_000);
    core.load('p/seldom');
    expect([...core.state.demand.ids.keys()]).toEqual(['p/often', 'p/seldom']);
    core.pass(120_000);
    core.ask('p/new', { force: true });
    core.endUnload('p/seldom');
    const text = core.all.flatMap((effect) => (effect.type === 'activity' && effect.entry.kind === 'unloaded' ? effect.entry.text : []));
    expect(text).toEqual([expect.stringContaining('seldom (4.0 GB, unused for 2 min: 1 use in 2 min, 9 s to reload) was unloaded to make room for new')]);
  });
});

describe('what counts as a use', () => {
  it('is one use, however often models that answer side by side are seen at it', () => {
    const ollama = providerFixture('ollama', { ownExpiry: true });
    const [a, b] = [knownModel('ollama/a', 2), knownModel('ollama/b', 2)];
    const core = createCore({ models: [a, b], providers: [ollama], capacity: 8 });
    for (let look = 0; look < 5; look++) {
      core.observe('ollama', [a, b].map((model) => observedFixture(model, { busy: true, lastUsed: core.now })));
      core.pass(2_000);
    }
    const { known, last } = core.state.demand;
    expect(known.map(({ key, times }) => [key, times.length])).toEqual([['ollama/a', 1], ['ollama/b', 1]]);
    expect(last).toBe('ollama/b');
    // The next one after both had ended is another.
    core.observe('ollama', [a, b].map((model) => observedFixture(model, { busy: false })));
    core.pass(2_000);
    core.observe('ollama', [observedFixture(a, { busy: true, lastUsed: core.now }), observedFixture(b, { busy: false })]);
    expect(usesOf(core.state.demand, 'ollama/a')!.times).toHaveLength(2);
  });

  it('is not what was counted already, by an Airdock that has ended since or before its server was away', () => {
    const ollama = providerFixture('ollama', { ownExpiry: true });
    const [a, b] = [knownModel('ollama/a', 2), knownModel('ollama/b', 2)];
    const demand = [a, b].reduce((known, { weights }, i) => withUse(known, weights, START - HOUR + i * 60_000), noDemand);
    const core = createCore({ models: [a, b], providers: [ollama], capacity: 8, state: { ...stateFixture({ models: [a, b] }), slots: new Map(), demand } });
    const seen = [a, b].map((model, i) => observedFixture(model, { lastUsed: START - HOUR + i * 60_000 + 200 }));
    core.observe('ollama', seen);
    core.pass(1_000);
    core.observe('ollama', []);
    core.pass(1_000);
    core.observe('ollama', seen);
    expect(core.state.demand).toBe(demand);
    // What was used while nobody looked is news.
    core.pass(1_000);
    core.observe('ollama', []);
    core.pass(1_000);
    core.observe('ollama', [observedFixture(a, { lastUsed: START - 60_000 })]);
    expect(usesOf(core.state.demand, 'ollama/a')!.times).toEqual([START - HOUR, START - 60_000]);
  });

  it('fades also after a clock that was ahead has been set right', () => {
    const core = createCore({ models: [often, seldom], capacity: 8 });
    const year = 365 * 24 * HOUR;
    const ahead = ['p/often', 'p/seldom', 'p/often'].reduce((known, key, i) => withUse(known, key, START + year + i), noDemand);
    const state = { ...core.state, demand: ahead };
    const right = createCore({ models: [often, seldom], capacity: 8, state });
    right.load('p/seldom');
    const { all, known } = right.state.demand;
    expect(Math.max(all.at, ...known.flatMap(({ at, times }) => [at, ...times]))).toBe(right.now);
    right.jump(1000 * HOUR);
    right.load('p/often');
    right.load('p/seldom');
    // The slowest of all rates halves in 64 hours.
    expect(usesOf(right.state.demand, 'p/often')!.counts[3]).toBeLessThan(1.01);
  });

  it('is one use where the provider is seen to be busy for somebody who has just been given the model', () => {
    const ollama = providerFixture('ollama', { ownExpiry: true });
    const [a, b] = [knownModel('ollama/a', 2), knownModel('ollama/b', 2)];
    const core = createCore({ models: [a, b], providers: [ollama], capacity: 8 });
    for (const { id } of [a, b]) core.load(id, { lease: { holder: 'a program', ttlMs: null } });
    core.pass(2_000);
    core.observe('ollama', [a, b].map((model) => observedFixture(model, { busy: true, lastUsed: core.now })));
    expect(core.state.demand.known.map(({ times }) => times.length)).toEqual([1, 1]);
  });
});
