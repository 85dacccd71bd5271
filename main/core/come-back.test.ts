import { describe, expect, it } from 'vitest';
import { createCore, effectsOf, gb, knownModel, loadsIn, observedFixture, providerFixture, textsIn, unloadsIn, type Core } from '../../test/core-fixture.ts';
import { full, letGo, models, squeeze } from '../../test/full-core.ts';
import { COME_BACK_CALM_MS, COME_BACK_WITHIN_MS, OWN_LOAD_BLIND_MS, YIELD_UNUSED_MS } from './limits.ts';

describe('what was given back', () => {
  function givenBack(): Core {
    const core = full({ capacity: 16.5, config: { yieldRestore: true } });
    squeeze(core, 1.3);
    letGo(core);
    core.all.length = 0;
    return core;
  }
  const again = (core: Core) => effectsOf(core.all, 'load-again').map(({ modelId }) => modelId);

  it('comes back once other programs have let go for a while, and is told as that', () => {
    const core = givenBack();
    core.pass(COME_BACK_CALM_MS * 2);
    expect(again(core)).toEqual([]);
    core.machine.others = 0;
    core.pass(1_000);
    expect(again(core)).toEqual(['p/a']);
    core.ask('p/a', { origin: 'auto' });
    expect(loadsIn(core.all)).toEqual(['p/a']);
    core.endLoad('p/a');
    expect(effectsOf(core.all, 'activity').at(-1)!.entry).toMatchObject({ kind: 'loaded', reason: 'pressure', text: 'a was loaded again in 0.0 s, since other programs no longer need its memory: 5.0 GB.' });
    core.pass(COME_BACK_WITHIN_MS);
    expect(again(core)).toEqual(['p/a']);
  });

  it('stays away without the setting, past the limit on models, and while somebody holds loads back', () => {
    for (const change of [
      (core: Core) => core.config({ yieldRestore: false }),
      (core: Core) => core.config({ limit: 2 }),
      (core: Core) => core.send({ type: 'mode', mode: 'freeze', value: { since: 0, until: null } }),
      (core: Core) => core.send({ type: 'mode', mode: 'hold', value: { since: 0, until: null } }),
    ]) {
      const core = givenBack();
      core.machine.others = 0;
      change(core);
      core.pass(COME_BACK_CALM_MS * 3);
      expect(again(core)).toEqual([]);
    }
  });

  it('is forgotten when a person loads or unloads something, when it came otherwise, and after an hour', () => {
    for (const change of [
      (core: Core) => core.ask('p/c', { origin: 'person' }),
      (core: Core) => core.send({ type: 'unload-requested', waiter: 'u', key: 'p/c', confirm: true, by: 'tray', reason: 'asked' }),
      (core: Core) => {
        core.machine.others = 0;
        core.load('p/a');
        core.unload('p/a', true);
        core.settle();
      },
      (core: Core) => core.pass(COME_BACK_WITHIN_MS, 5_000),
    ]) {
      const core = givenBack();
      core.pass(1_000);
      change(core);
      core.settle();
      core.machine.others = 0;
      core.pass(COME_BACK_CALM_MS * 3);
      expect(again(core)).toEqual([]);
    }
  });

  it('does not come back where a person decided while it was on its way out', () => {
    for (const decide of [
      (core: Core) => core.send({ type: 'unload-requested', waiter: 'u', key: 'p/a', confirm: true, by: 'tray', reason: 'asked' }),
      (core: Core) => core.send({ type: 'mode', mode: 'hold', value: { since: 0, until: core.now + 1_000 } }),
    ]) {
      const core = full({ capacity: 16.5, config: { yieldRestore: true } });
      squeeze(core, 1.3);
      expect(core.slot('p/a').state).toBe('unloading');
      decide(core);
      letGo(core);
      core.machine.others = 0;
      core.pass(COME_BACK_CALM_MS * 3);
      expect(again(core)).toEqual([]);
    }
  });

  it('does not come back where its idle timeout would be over by now', () => {
    const timed = models.map((model) => (model.id === 'p/a' ? { ...model, idleTimeoutMs: 120_000 } : model));
    for (const [autoUnloadIdle, waitMs, expected] of [[true, 0, ['p/a']], [true, 120_000, []], [false, 120_000, ['p/a']]] as const) {
      const core = full({ models: timed, capacity: 16.5, config: { yieldRestore: true, autoUnloadIdle } });
      squeeze(core, 1.3);
      letGo(core);
      core.all.length = 0;
      core.pass(waitMs);
      core.machine.others = 0;
      core.pass(COME_BACK_CALM_MS + 10_000);
      expect(again(core)).toEqual(expected);
    }
  });

  it('takes nobody’s place: where somebody else has come for the room at that moment, it stays away without a word', () => {
    const auto = [...models.map((model) => (model.id === 'p/b' ? { ...model, idleTimeoutMs: 'auto' as const } : model)), knownModel('p/new', 1.6)];
    const core = full({ models: auto, capacity: 16.5, config: { yieldRestore: true } }, models);
    core.pass(300_000, 5_000);
    squeeze(core, 1.3);
    expect(letGo(core)).toEqual(['p/a']);
    core.machine.others = 0;
    for (let seconds = 0; seconds < 120 && again(core).length === 0; seconds++) core.pass(1_000);
    core.all.length = 0;
    const ask = (waiter: string, modelId: string, origin: 'client' | 'auto') =>
      core.send({ type: 'load-requested', waiter, modelId, force: false, mayUnload: null, tryOnce: false, contextLength: null, origin, by: 'test', lease: null });
    ask('first', 'p/new', 'client');
    ask('back', 'p/a', 'auto');
    expect(core.problemOf('back')?.code).toBe('needs-room');
    expect([unloadsIn(core.all), loadsIn(core.all), textsIn(core.all)]).toEqual([[], ['p/new'], []]);
  });

  it('is somebody’s load, and use, as soon as somebody asks for it', () => {
    const core = givenBack();
    core.machine.others = 0;
    core.pass(COME_BACK_CALM_MS * 2);
    const uses = core.state.demand.all.use;
    core.ask('p/a', { origin: 'auto' });
    core.request('p/a');
    core.endLoad('p/a');
    expect(effectsOf(core.all, 'activity').at(-1)!.entry).toMatchObject({ kind: 'loaded', reason: 'asked', by: 'test' });
    expect(core.state.demand.all.use).toBe(uses + 1);
  });

  it('comes back most valuable first, one at a time', () => {
    const core = full({ capacity: 16.5, config: { yieldRestore: true } });
    squeeze(core, 1.3);
    letGo(core);
    core.machine.others = gb(6.4);
    core.pass(10_000);
    letGo(core);
    expect(core.state.yielding.givenUp.map(({ key }) => key)).toEqual(['p/a', 'p/b']);
    core.machine.others = 0;
    core.pass(COME_BACK_CALM_MS + 10_000);
    expect(again(core)[0]).toBe('p/b');
  });

  it('does not come and go: where memory is short again soon, nothing comes back a second time', () => {
    const core = givenBack();
    for (let i = 0; i < 20; i++) {
      core.machine.others = 0;
      core.pass(COME_BACK_CALM_MS + 5_000);
      if (effectsOf(core.last, 'load-again').length > 0) {
        core.ask('p/a', { origin: 'auto' });
        core.settle();
      }
      core.pass(OWN_LOAD_BLIND_MS + YIELD_UNUSED_MS);
      squeeze(core, 1.3 + i * 0.01);
      letGo(core);
    }
    expect(again(core)).toEqual(['p/a']);
  });

  it('of another program is not Airdock’s to load', () => {
    const core = createCore({ models, providers: [providerFixture('p')], config: { unloadForeign: 'yes', yieldRestore: true } });
    core.observe('p', models.map((m) => observedFixture(m)));
    core.pass(15_000);
    squeeze(core, 0.8);
    letGo(core);
    expect(core.state.yielding.givenUp).toEqual([]);
  });
});
