import { describe, expect, it } from 'vitest';
import { createCore, effectsOf, knownModel, observedFixture, providerFixture, unloadsIn } from '../../test/core-fixture.ts';
import { full, models, squeeze } from '../../test/full-core.ts';

describe('auto instead of an idle timeout', () => {
  const auto = models.map((model) => ({ ...model, idleTimeoutMs: 'auto' as const }));

  it('lets nobody go while nobody wants the room', () => {
    const core = full({ models: auto });
    core.pass(24 * 3_600_000, 600_000);
    expect(unloadsIn(core.all)).toEqual([]);
  });

  it('gives the room to a load without a question, five minutes after the last use', () => {
    const newcomer = knownModel('p/new', 5);
    const core = full({ models: auto });
    core.send({ type: 'catalog', catalog: { byId: new Map([...auto, newcomer].map((m) => [m.id, m])), byWeights: new Map([...auto, newcomer].map((m) => [m.weights, [m]])) } });
    expect(core.problemOf(core.ask('p/new', { origin: 'person' }))?.code).toBe('needs-room');
    core.pass(300_000, 5_000);
    core.ask('p/new', { origin: 'person' });
    expect(unloadsIn(core.all)).toEqual(['p/a']);
  });

  it('lets the least valuable go for a load that need not ask, not the longest unused', () => {
    const dear = { ...auto[0]!, expectedLoadMs: 60_000 };
    const cheap = { ...auto[1]!, expectedLoadMs: 100 };
    const newcomer = knownModel('p/new', 9);
    for (const [ask, expected] of [[{ force: true }, ['p/b']], [{ origin: 'person' as const }, ['p/a']]] as const) {
      const core = full({ models: [dear, cheap, newcomer], config: { eviction: 'value', limit: 9 } }, [dear]);
      core.pass(300_000, 5_000);
      core.load('p/b');
      core.pass(20_000);
      core.all.length = 0;
      core.ask('p/new', ask);
      expect(unloadsIn(core.all)).toEqual(expected);
    }
  });

  it('gives it to other programs also where that is switched off, unless nothing is unloaded for being idle', () => {
    for (const [autoUnloadIdle, expected] of [[true, ['p/a']], [false, []]] as const) {
      const core = full({ models: auto, config: { yield: false, autoUnloadIdle } });
      squeeze(core, 0.8);
      expect(unloadsIn(core.all)).toEqual(expected);
    }
  });

  it('keeps a model at a server with an expiry of its own for ever', () => {
    const core = createCore({ models: auto, providers: [providerFixture('p', { ownExpiry: true })] });
    core.ask('p/a');
    expect(effectsOf(core.last, 'load')[0]!.keepAliveMs).toBe(Infinity);
  });

  it('counts for models that nobody knows, too', () => {
    const core = createCore({ models: [], providers: [providerFixture('p')], config: { idleTimeoutMs: 'auto', unloadForeign: 'yes' } });
    core.observe('p', [observedFixture(models[0]!)]);
    core.pass(3_600_000, 60_000);
    expect(unloadsIn(core.all)).toEqual([]);
  });
});
