import { describe, expect, it } from 'vitest';
import { createCore, effectsOf, knownModel, observedFixture, providerFixture, START, textsIn } from '../../test/core-fixture.ts';
import type { Observed } from './events.ts';
import { CLOCKS_APART_MS, REMEMBERED_MAX_MS } from './limits.ts';
import type { Remembered } from './remembered.ts';

const a = knownModel('ollama/a', 6);
const MINUTE = 60_000;

function remembered(change: Partial<Remembered> = {}): Remembered {
  return { key: a.weights, contextLength: 4096, pid: null, loadedBy: 'editor', lastUsedAt: START - 2 * MINUTE, expiresAt: START + 4 * MINUTE, at: START - MINUTE, ...change };
}

/** The first listing of a server after the start. */
function first(record: Remembered, seen: Partial<Observed> = {}) {
  const core = createCore({ models: [a], providers: [providerFixture('ollama', { ownExpiry: true, parallelLoads: 1 })] });
  const list = (records: readonly Remembered[], change: Partial<Observed> = {}) =>
    core.send({ type: 'observed', provider: 'ollama', asOf: core.state.awake, loaded: [observedFixture(a, { expiresAt: START + 4 * MINUTE, ...seen, ...change })], remembered: records });
  const effects = list([record]);
  return { core, list, effects };
}

describe('what an Airdock before this one had loaded', () => {
  it('is Airdock’s own again, and its server is told how long to keep it', () => {
    const { core, effects } = first(remembered());
    expect(core.slot('ollama/a')).toMatchObject({ state: 'ready', foreign: false, loadedBy: 'editor' });
    expect(textsIn(effects)).toEqual(['a was in memory already: Airdock loaded it before it ended.']);
    expect(effectsOf(effects, 'activity')[0]!.entry).toMatchObject({ kind: 'notice', reason: 'restart', by: null, parts: { what: 'stayed' } });
    expect(effectsOf(effects, 'rearm')).toMatchObject([{ key: a.weights, provider: 'ollama', keepAliveMs: 6 * MINUTE }]);
  });

  it('goes for being idle since its last use, whichever is the later one that is known', () => {
    const { core } = first(remembered(), { lastUsed: START - 3 * MINUTE });
    expect(core.slot('ollama/a')).toMatchObject({ lastUsedAt: START - 2 * MINUTE, lastUsedAwake: -2 * MINUTE, lastUsedFrom: 'provider' });
    core.pass(3 * MINUTE - 1_000);
    expect(core.slot('ollama/a').state).toBe('ready');
    core.pass(2_000);
    expect(core.slot('ollama/a').state).toBe('unloading');
    expect(first(remembered(), { lastUsed: START - MINUTE }).core.slot('ollama/a').lastUsedAwake).toBe(-MINUTE);
  });

  it.each<[string, Partial<Remembered>, Partial<Observed>]>([
    ['other weights', { key: 'ollama/b' }, {}],
    ['another context', { contextLength: 8192 }, {}],
    ['another process', { pid: 7 }, { pid: 8 }],
    ['a time when its server had let go of it', { expiresAt: START - CLOCKS_APART_MS - 1 }, {}],
    ['long ago', { at: START - REMEMBERED_MAX_MS - 1, expiresAt: null }, {}],
    ['long ago, of the same number of a process', { at: START - REMEMBERED_MAX_MS - 1, pid: 7 }, { pid: 7 }],
  ])('is another program’s where what is remembered is of %s', (_, record, seen) => {
    const { core, effects } = first(remembered(record), seen);
    expect(core.slot('ollama/a')).toMatchObject({ foreign: true, loadedBy: null });
    expect(textsIn(effects)).toEqual(['a (6.0 GB) was loaded into ollama by another program.']);
    expect(effectsOf(effects, 'rearm')).toEqual([]);
  });

  it.each<[string, Partial<Remembered>, Partial<Observed>]>([
    ['the context was not known then', { contextLength: null }, {}],
    ['the context is not known now', {}, { contextLength: null }],
    ['the process was not known then', {}, { pid: 8 }],
    ['the process is not known now', { pid: 8 }, {}],
    ['the process is the same, although it was used beyond its time', { pid: 8, expiresAt: START - 10 * MINUTE }, { pid: 8 }],
    ['the server keeps it for ever', { expiresAt: null }, {}],
    ['the clocks differ a little', { expiresAt: START - CLOCKS_APART_MS }, {}],
  ])('is Airdock’s own where %s', (_, record, seen) => {
    expect(first(remembered(record), seen).core.slot('ollama/a').foreign).toBe(false);
  });

  it('counts for the listing that it comes with alone', () => {
    const { core, list } = first(remembered());
    core.unload('ollama/a');
    core.endUnload('ollama/a');
    core.pass(1_000);
    core.observe('ollama', [observedFixture(a)]);
    expect(core.slot('ollama/a').foreign).toBe(true);
    // And what is in the picture already stays what it is.
    list([remembered()]);
    expect(core.slot('ollama/a').foreign).toBe(true);
  });
});
