import { describe, expect, it } from 'vitest';
import { createCore, effectsOf, gb, knownModel, observedFixture, textsIn, unloadsIn, type Core } from '../../test/core-fixture.ts';
import { full, letGo, models, squeeze } from '../../test/full-core.ts';
import { OVER_PATIENCE_MS, OWN_LOAD_BLIND_MS, SIGN_LATE_MS, YIELD_UNUSED_MS } from './limits.ts';

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

  it('get no second model while the memory of the first is still on its way back', () => {
    const core = full();
    squeeze(core, 0.8);
    core.machine.others = gb(5.8);
    core.endUnload('p/a');
    core.pass(2_000);
    core.machine.others = gb(0.8);
    core.pass(30_000);
    expect(unloadsIn(core.all)).toEqual(['p/a']);
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

describe('graphics memory that was looked at before a model came or went', () => {
  const onCard = { footprint: { ram: gb(1), vram: { g: gb(4) } }, idleTimeoutMs: null };
  const [one, two, three] = ['p/one', 'p/two', 'p/three'].map((id) => knownModel(id, 1, onCard));

  /** Two models of 4 GB on a card of which a desktop holds 1.5 GB: full, by nobody else's doing. */
  function onFullCard(): { core: Core; card(free: number): void; lookedAtNoMore(ms: number): void } {
    const core = createCore({ models: [one!, two!, three!], config: { limit: 9, unloadForeign: 'yes' } });
    const card = (free: number): void => void (core.machine.vram = [{ id: 'g', free: gb(free), total: gb(9.6) }]);
    card(8.1);
    core.pass(2_000);
    core.load('p/one');
    core.load('p/two');
    card(0.1);
    core.pass(30_000);
    return { core, card, lookedAtNoMore };

    function lookedAtNoMore(ms: number): void {
      core.machine.vramAge = 500;
      for (let passed = 0; passed < ms; passed += 1_000) {
        core.machine.vramAge += 1_000;
        core.pass(1_000);
      }
    }
  }

  it('is not taken for other programs’ where a model has just given it back', () => {
    const { core, card, lookedAtNoMore } = onFullCard();
    core.unload('p/one');
    core.endUnload('p/one');
    lookedAtNoMore(20_000);
    core.machine.vramAge = 0;
    card(4.1);
    core.pass(30_000);
    expect(unloadsIn(core.all)).toEqual(['p/one']);
  });

  it('nor where another program has just loaded one', () => {
    const { core, card, lookedAtNoMore } = onFullCard();
    core.unload('p/one');
    core.endUnload('p/one');
    card(4.1);
    core.pass(10_000);
    core.observe('p', [two!, three!].map((model) => observedFixture(model)));
    lookedAtNoMore(3_000);
    core.machine.vramAge = 0;
    card(0.1);
    core.pass(30_000);
    expect(unloadsIn(core.all)).toEqual(['p/one']);
  });

  it('is no shortage yet where it is first heard of', () => {
    const core = createCore({ models: [one!, two!], config: { unloadForeign: 'yes' } });
    core.observe('p', [one!, two!].map((model) => observedFixture(model)));
    core.pass(15_000);
    core.machine.vram = [{ id: 'g', free: gb(0.1), total: gb(12) }];
    core.pass(30_000);
    expect(unloadsIn(core.all)).toEqual([]);
  });

  it('makes nobody go twice for one look, nor for what a single look showed', () => {
    const { core, card, lookedAtNoMore } = onFullCard();
    card(2);
    core.pass(30_000);
    card(0.1);
    core.pass(1_000);
    lookedAtNoMore(20_000);
    expect(unloadsIn(core.all)).toEqual([]);
    core.machine.vramAge = 0;
    core.pass(1_000);
    expect(unloadsIn(core.all)).toEqual(['p/one']);
    core.endUnload('p/one');
    lookedAtNoMore(20_000);
    expect(unloadsIn(core.all)).toEqual(['p/one']);
    core.machine.vramAge = 0;
    core.pass(1_000);
    expect(unloadsIn(core.all)).toEqual(['p/one', 'p/two']);
  });
});
