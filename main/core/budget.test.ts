import { describe, expect, it } from 'vitest';
import { createCore, effectsOf, gb, knownModel, observedFixture, textsIn, unloadsIn, type Core, type CoreOptions } from '../../test/core-fixture.ts';
import { OVER_PATIENCE_MS, OVER_TOLERANCE_BYTES, OWN_LOAD_BLIND_MS } from './limits.ts';

const models = ['a', 'b', 'c'].map((name) => knownModel(`p/${name}`, 5));

/** Three models of 5 GB in 16 GB, the last own load long ago. */
function full(change: Partial<CoreOptions> = {}): Core {
  const core = createCore({ models, ...change });
  for (const { id } of models) {
    core.load(id);
    core.pass(1_000);
  }
  core.pass(OWN_LOAD_BLIND_MS);
  core.all.length = 0;
  return core;
}

describe('over budget', () => {
  it('is declared beyond what readings waver by, and ends only when all fits again', () => {
    const core = full();
    core.machine.others = gb(1) + OVER_TOLERANCE_BYTES;
    core.pass(1_000);
    expect(core.state.over).toBeNull();
    core.machine.others = gb(1.5);
    core.config({ yield: false });
    core.pass(1_000);
    expect(core.state.over).toMatchObject({ bytes: gb(0.5) });
    core.machine.others = gb(1) + 1;
    core.pass(1_000);
    expect(core.state.over).toMatchObject({ bytes: 1 });
    core.machine.others = gb(1);
    core.pass(1_000);
    expect(core.state.over).toBeNull();
    expect(textsIn(core.all)).toEqual(['Models and other programs hold 0.5 GB more than this computer has.', 'Models fit the memory again.']);
  });

  it('says so where the settings keep too much free', () => {
    const core = full();
    core.config({ reserve: gb(10), yield: false });
    core.pass(1_000);
    expect(textsIn(core.all)).toEqual(['You keep 10.0 GB free for other programs, and 9.0 GB of that is in use: lower that setting (memory.reserve_gb).']);
  });

  it('counts no more bytes than there are where the settings keep more free than the computer has', () => {
    const core = full({ models: [...models, knownModel('p/tiny', 0.01)] });
    core.config({ reserve: gb(500), yield: false });
    core.pass(1_000);
    const { total } = core.state.memory!;
    expect(core.state.over!.bytes).toBeLessThanOrEqual(total);
    expect(textsIn(core.all)[0]).toMatch(/^You keep 20\.0 GB free for other programs, and 19\.0 GB of that is in use/);
    expect(core.problemOf(core.ask('p/tiny', { force: true }))?.code).toBe('too-big');
  });

  it('admits nothing more', () => {
    const core = full({ models: [...models, knownModel('p/tiny', 0.01)], config: { yield: false } });
    core.machine.others = gb(2);
    core.pass(1_000);
    expect(core.problemOf(core.ask('p/tiny'))?.code).toBe('needs-room');
    core.observe('p', models.map((m) => observedFixture(m, { busy: true })));
    expect(core.problemOf(core.ask('p/tiny', { force: true }))?.code).toBe('over-budget');
  });

  it('lets unused models go after a moment, the least recently used first, and no more than it takes', () => {
    const core = full();
    core.machine.others = gb(2);
    core.pass(OVER_PATIENCE_MS);
    expect(unloadsIn(core.all)).toEqual([]);
    core.pass(1_000);
    expect(unloadsIn(core.all)).toEqual(['p/a']);
    core.pass(2_000);
    core.endUnload('p/a');
    core.pass(20_000);
    expect(unloadsIn(core.all)).toEqual(['p/a']);
    expect(textsIn(core.all)).toContain('Other programs need memory (1.0 GB more was in use than there is): a (5.0 GB, unused for 19 s) was unloaded.');
  });

  it.each<[string, (core: Core) => void]>([
    ['that is switched off', (core) => core.config({ yield: false })],
    ['everything is kept', (core) => core.send({ type: 'mode', mode: 'pause', value: { since: 0, until: null } })],
    ['models are frozen', (core) => core.send({ type: 'mode', mode: 'freeze', value: { since: 0, until: null } })],
    ['all are kept', (core) => core.config({ pinned: new Set(models.map((m) => m.weights)) })],
    ['all are busy', (core) => core.observe('p', models.map((m) => observedFixture(m, { busy: true })))],
  ])('takes nothing where %s', (_what, change) => {
    const core = full();
    change(core);
    core.machine.others = gb(2);
    core.pass(60_000);
    expect(core.state.over).not.toBeNull();
    expect(unloadsIn(core.all)).toEqual([]);
  });

  it('leaves models of other programs alone without leave', () => {
    for (const [unloadForeign, expected] of [['ask', []], ['yes', ['p/a']]] as const) {
      const core = createCore({ models, config: { unloadForeign } });
      core.observe('p', models.map((m) => observedFixture(m)));
      core.machine.others = gb(2);
      core.pass(10_000);
      expect(unloadsIn(core.all)).toEqual(expected);
    }
  });

  it('is not acted on during an own load, nor right after it', () => {
    const core = full({ models: [...models, knownModel('p/d', 1)] });
    core.ask('p/d');
    core.pass(1_000);
    core.endLoad('p/d');
    core.machine.others = gb(2);
    core.pass(OWN_LOAD_BLIND_MS - 1_000);
    expect(core.state.over).not.toBeNull();
    expect(unloadsIn(core.all)).toEqual([]);
    core.pass(1_000);
    expect(unloadsIn(core.all)).toEqual(['p/a']);
  });

  it('is not declared for a load that is counted twice while it cannot be read', () => {
    const core = createCore({ models: [knownModel('p/big', 12)] });
    core.ask('p/big');
    core.machine.others = gb(10);
    core.pass(5_000);
    expect(core.state.over).toBeNull();
    core.machine.others = 0;
    core.endLoad('p/big');
    core.pass(1_000);
    expect(textsIn(core.all)).toEqual(['big was loaded in 5.0 s: 12.0 GB.']);
  });
});

describe('a lowered limit', () => {
  const lowered = (core: Core, change: Parameters<Core['config']>[0]) => {
    core.config(change);
    return unloadsIn(core.last);
  };

  it('lets the least recently used go, as many as are too many', () => {
    const core = full();
    expect(lowered(core, { limit: 1 })).toEqual(['p/a', 'p/b']);
    core.settle();
    core.pass(1_000);
    expect(core.state.draining).toBe(false);
    expect(textsIn(core.all).every((t) => t.endsWith('because the limit was lowered.'))).toBe(true);
  });

  it('waits for those in use, and never takes kept ones or other programs’', () => {
    const core = full();
    core.config({ pinned: new Set(['p/b']) });
    core.ask('p/a', { lease: { holder: 'x', ttlMs: null } });
    expect(lowered(core, { limit: 1 })).toEqual(['p/c']);
    core.settle();
    core.pass(60_000);
    expect(unloadsIn(core.last)).toEqual([]);
    core.send({ type: 'lease-released', lease: [...core.state.leases.keys()][0]! });
    expect(unloadsIn(core.last)).toEqual(['p/a']);
    const foreign = createCore({ models, config: { unloadForeign: 'yes', idleTimeoutMs: 1e9 } });
    foreign.observe('p', models.map((m) => observedFixture(m)));
    expect(lowered(foreign, { limit: 1 })).toEqual([]);
  });

  it('of the memory lets go as many as it takes', () => {
    const core = full();
    expect(lowered(core, { maxUsage: gb(10) })).toEqual(['p/a']);
    // The reading still has the one that has gone.
    core.endUnload('p/a');
    core.pass(5_000);
    expect(unloadsIn(core.all)).toEqual(['p/a']);
    expect(lowered(full(), { reserve: gb(2) })).toEqual(['p/a']);
    expect(lowered(full(), { reserve: gb(7) })).toEqual(['p/a', 'p/b']);
  });

  it('lets nobody go while frozen, nor when it has been raised again', () => {
    const core = full();
    core.send({ type: 'mode', mode: 'freeze', value: { since: 0, until: null } });
    expect(lowered(core, { limit: 1 })).toEqual([]);
    core.config({ limit: 3 });
    core.send({ type: 'mode', mode: 'freeze', value: null });
    core.pass(5_000);
    expect(unloadsIn(core.all)).toEqual([]);
    expect(lowered(core, { limit: 4 })).toEqual([]);
  });

  it('leaves a load that is under way', () => {
    const core = createCore({ models });
    core.ask('p/a');
    core.ask('p/b');
    core.config({ limit: 1 });
    expect(effectsOf(core.all, 'cancel-load')).toEqual([]);
    expect(unloadsIn(core.all)).toEqual([]);
  });
});
