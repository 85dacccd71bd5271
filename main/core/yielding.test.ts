import { describe, expect, it } from 'vitest';
import { createCore, effectsOf, gb, knownModel, loadsIn, observedFixture, providerFixture, textsIn, unloadsIn, type Core, type CoreOptions } from '../../test/core-fixture.ts';
import { COME_BACK_CALM_MS, COME_BACK_WITHIN_MS, OVER_PATIENCE_MS, OWN_LOAD_BLIND_MS, SIGN_LATE_MS, YIELD_UNUSED_MS } from './limits.ts';

const models = ['a', 'b', 'c'].map((name) => knownModel(`p/${name}`, 5, { idleTimeoutMs: null }));

/** Three models of 5 GB in room for 16 GB on a computer of 20, of which others hold 4; the last own load long ago. */
function full(change: Partial<CoreOptions> = {}, loaded = change.models ?? models): Core {
  const core = createCore({ models, ...change, config: { limit: 9, ...change.config } });
  for (const { id } of loaded) {
    core.load(id);
    core.pass(1_000);
  }
  core.pass(OWN_LOAD_BLIND_MS + YIELD_UNUSED_MS);
  core.all.length = 0;
  return core;
}

/** Others take this much of the 1 GB that is left. */
function squeeze(core: Core, gigabytes: number): void {
  core.machine.others = gb(gigabytes);
  core.pass(OVER_PATIENCE_MS + 1_000);
}

/** Lets whoever leaves go, and time pass as long as readings need. */
function letGo(core: Core): string[] {
  const gone = [...core.state.slots.values()].filter((slot) => slot.state === 'unloading').map((slot) => slot.key);
  for (const key of gone) core.endUnload(key);
  core.pass(5_000);
  return gone;
}

describe('other programs that need memory', () => {
  it('get one model after the other, the least recently used first, until enough is left', () => {
    const core = full();
    squeeze(core, 0.8);
    expect(unloadsIn(core.all)).toEqual(['p/a']);
    expect(letGo(core)).toEqual(['p/a']);
    core.pass(60_000);
    expect(unloadsIn(core.all)).toEqual(['p/a']);
    // The next need takes the next.
    core.machine.others = gb(5.9);
    core.pass(10_000);
    letGo(core);
    expect(unloadsIn(core.all)).toEqual(['p/a', 'p/b']);
    expect(textsIn(core.all)).toEqual([
      'Other programs need memory (0.2 GB left): a (5.0 GB, unused for 27 s) was unloaded.',
      expect.stringMatching(/^Other programs need memory \(0\.1 GB left\): b \(5\.0 GB, unused for .*\) was unloaded\.$/),
    ]);
    expect(effectsOf(core.all, 'activity')[0]!.entry).toMatchObject({ kind: 'unloaded', reason: 'pressure', parts: { what: 'yield', sign: 'available', figure: gb(1) - gb(0.8) } });
  });

  it('take the least valuable first, and none beside it that would be enough alone', () => {
    const small = knownModel('p/small', 0.3, { idleTimeoutMs: null, expectedLoadMs: 100 });
    const core = full({ models: [...models.slice(0, 2), small], capacity: 11, config: { eviction: 'value' } });
    // 0.7 GB are left; the small one alone would not do.
    squeeze(core, 0.6);
    expect(unloadsIn(core.all)).toEqual(['p/a']);
  });

  it('are not taken to be short where models filled the memory themselves', () => {
    const core = full({ capacity: 15.1 });
    core.pass(60_000);
    expect(core.state.memory!.available).toBeLessThan(gb(0.2));
    expect(unloadsIn(core.all)).toEqual([]);
    // What readings waver by is no growth.
    core.machine.others = gb(0.09);
    core.pass(60_000);
    expect(unloadsIn(core.all)).toEqual([]);
  });

  it('and begin anew with what they hold after an own load', () => {
    const late = knownModel('p/late', 0.1, { idleTimeoutMs: null });
    const core = full({ models: [...models, late], config: { yield: false } }, models);
    core.machine.others = gb(0.7);
    core.pass(5_000);
    core.load('p/late', { origin: 'person' });
    core.config({ yield: true });
    core.pass(60_000);
    expect(core.state.memory!.available).toBeLessThan(gb(0.3));
    expect(unloadsIn(core.all)).toEqual([]);
  });

  it('wait while Airdock loads, and ten seconds more', () => {
    const core = full({ models: [...models, knownModel('p/late', 0.1, { idleTimeoutMs: null })] }, models);
    core.ask('p/late');
    core.machine.others = gb(0.9);
    core.pass(20_000);
    expect(unloadsIn(core.all)).toEqual([]);
    core.endLoad('p/late');
    core.pass(OWN_LOAD_BLIND_MS - 1_000);
    expect(unloadsIn(core.all)).toEqual([]);
    // From there on what comes is theirs.
    core.pass(1_000);
    core.machine.others = gb(1.1);
    core.pass(OVER_PATIENCE_MS + 1_000);
    expect(unloadsIn(core.all)).toEqual(['p/a']);
  });

  it.each<[string, (core: Core) => void]>([
    ['it is switched off', (core) => core.config({ yield: false })],
    ['everything is kept', (core) => core.send({ type: 'mode', mode: 'pause', value: { since: 0, until: null } })],
    ['models are frozen', (core) => core.send({ type: 'mode', mode: 'freeze', value: { since: 0, until: null } })],
    ['all are kept', (core) => core.config({ pinned: new Set(models.map((m) => m.weights)) })],
    ['all are busy', (core) => core.observe('p', models.map((m) => observedFixture(m, { busy: true })))],
    ['all are held', (core) => models.forEach(({ id }) => core.ask(id, { lease: { holder: 'x', ttlMs: null } }))],
    ['the server is down', (core) => core.provider('p', { status: 'down' })],
    ['the server cannot be told', (core) => core.provider('p', { canUnload: false })],
  ])('get nothing where %s', (_what, change) => {
    const core = full();
    change(core);
    squeeze(core, 0.8);
    core.pass(60_000);
    expect(unloadsIn(core.all)).toEqual([]);
  });

  it('get models of other programs only with leave', () => {
    for (const [unloadForeign, expected] of [['ask', []], ['no', []], ['yes', ['p/a']]] as const) {
      const core = createCore({ models, config: { unloadForeign } });
      core.observe('p', models.map((m) => observedFixture(m)));
      core.pass(15_000);
      squeeze(core, 0.8);
      expect(unloadsIn(core.all)).toEqual(expected);
    }
  });

  it('never get what was used just now', () => {
    const core = full({ models: models.slice(0, 1), capacity: 6 });
    const waiter = core.ask('p/a', { lease: { holder: 'x', ttlMs: null } });
    core.machine.others = gb(0.8);
    core.pass(20_000);
    core.release(waiter);
    core.pass(YIELD_UNUSED_MS - 1_000);
    expect(unloadsIn(core.all)).toEqual([]);
    core.pass(1_000);
    expect(unloadsIn(core.all)).toEqual(['p/a']);
  });

  it('once they have enough a new need has to be a new growth', () => {
    const core = full();
    squeeze(core, 0.8);
    letGo(core);
    core.machine.others = gb(0.4);
    core.pass(5_000);
    core.all.length = 0;
    // Below the least since then, and up again: 5.2 GB are left.
    core.machine.others = gb(0.8);
    core.pass(60_000);
    expect(unloadsIn(core.all)).toEqual([]);
  });
});

describe('programs that wait for memory', () => {
  const stalled = { some: 40, full: 12 };

  it('are short where little is left, and not where a container thrashes by itself', () => {
    for (const [others, expected] of [[0, []], [0.45, ['p/a']]] as const) {
      // 2 GB of 20 is the line: 2.1 GB are left, then 1.65.
      const core = full({ capacity: 17.1 });
      core.machine.pressure = stalled;
      core.machine.others = gb(others);
      core.pass(10_000);
      expect(unloadsIn(core.all)).toEqual(expected);
    }
  });

  it('are not those that a model of ours makes wait while it answers', () => {
    const core = full({ capacity: 17.1 });
    const waiter = core.ask('p/c', { lease: { holder: 'x', ttlMs: null } });
    core.machine.others = gb(0.5);
    core.machine.pressure = stalled;
    core.pass(60_000);
    expect(unloadsIn(core.all)).toEqual([]);
    core.release(waiter);
    core.pass(YIELD_UNUSED_MS + OVER_PATIENCE_MS + 1_000);
    expect(unloadsIn(core.all)).toEqual(['p/a']);
    core.endUnload('p/a');
    expect(textsIn(core.all).at(-1)).toMatch(/^Other programs need memory \(they waited for it 40 % of the time\): a /);
  });

  it('get the next model only once the average can tell of it', () => {
    const core = full({ capacity: 15.9 });
    core.machine.others = gb(0.3);
    core.machine.pressure = stalled;
    core.pass(OVER_PATIENCE_MS + 1_000);
    core.endUnload('p/a');
    core.pass(SIGN_LATE_MS - 5_000);
    expect(unloadsIn(core.all)).toEqual(['p/a']);
    core.pass(10_000);
    expect(unloadsIn(core.all)).toEqual(['p/a', 'p/b']);
    core.endUnload('p/b');
    core.machine.pressure = { some: 15, full: 1 };
    core.pass(60_000);
    expect(unloadsIn(core.all)).toEqual(['p/a', 'p/b']);
  });
});

it('the system’s own word is taken for need where others have grown', () => {
  for (const [grown, expected] of [[0, []], [0.5, ['p/a']]] as const) {
    const core = full({ capacity: 18 });
    core.machine.others = gb(grown);
    core.machine.level = 'warning';
    core.pass(10_000);
    expect(unloadsIn(core.all)).toEqual(expected);
    core.machine.level = 'normal';
    core.settle();
    core.pass(60_000);
    expect(unloadsIn(core.all)).toEqual(expected);
  }
});

it('graphics memory is given back by the models that hold it', () => {
  const onCard = { footprint: { ram: gb(1), vram: { g: gb(4) } } };
  const core = createCore({ models: [knownModel('p/cpu', 1), knownModel('p/gpu', 1, onCard), knownModel('p/gpu2', 1, onCard)] });
  const card = (free: number) => (core.machine.vram = [{ id: 'g', free: gb(free), total: gb(12) }]);
  card(12);
  core.load('p/cpu');
  core.load('p/gpu');
  core.load('p/gpu2');
  // The card holds more for a model than the model reports: that is nobody else's.
  card(3.2);
  core.pass(30_000);
  expect(unloadsIn(core.all)).toEqual([]);
  card(0.1);
  core.pass(OVER_PATIENCE_MS + 1_000);
  expect(unloadsIn(core.all)).toEqual(['p/gpu']);
  core.endUnload('p/gpu');
  expect(textsIn(core.all).at(-1)).toMatch(/^Other programs need graphics memory \(0\.1 GB left\): gpu /);
  card(4.1);
  core.pass(60_000);
  expect(unloadsIn(core.all)).toEqual(['p/gpu']);
});

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
