import { describe, expect, it } from 'vitest';
import { problem } from '../../contract/index.ts';
import { createCore, effectsOf, knownModel, loadsIn, observedFixture, providerFixture, textsIn, unloadsIn, type Core } from '../../test/core-fixture.ts';
import { UNLOAD_PATIENCE_MS, USE_NOTED_MS } from './limits.ts';

const a = knownModel('p/a', 6);
const b = knownModel('p/b', 6);
function withA(revivesStuck = false): Core {
  const core = createCore({ models: [a, b], providers: [providerFixture('p', { revivesStuck })] });
  core.load('p/a');
  core.pass(1_000);
  return core;
}
const codeOf = (core: Core, waiter: string) => {
  const answer = core.unloadAnswer(waiter);
  return answer && !answer.ok ? answer.problem.code : answer && 'ok';
};

describe('an unload that is asked for', () => {
  it('goes ahead whenever it was used, and each who asked is answered when it is gone', () => {
    const core = withA();
    const [one, two] = [core.unload('p/a'), core.unload('p/a')];
    expect(effectsOf(core.all, 'unload')).toMatchObject([{ key: 'p/a', ifUnusedSince: null }]);
    expect([codeOf(core, one), codeOf(core, two)]).toEqual([null, null]);
    core.endUnload('p/a');
    expect([codeOf(core, one), codeOf(core, two)]).toEqual(['ok', 'ok']);
    expect(core.has('p/a')).toBe(false);
  });

  it.each<[string, (core: Core) => void, boolean, string]>([
    ['not in memory', (core) => void (core.unload('p/a'), core.settle()), false, 'not-loaded'],
    ['frozen', (core) => void core.send({ type: 'mode', mode: 'freeze', value: { since: 0, until: null } }), false, 'frozen'],
    ['kept', (core) => void core.config({ pinned: new Set(['p/a']) }), false, 'pinned'],
    ['in use', (core) => void core.ask('p/a', { lease: { holder: 'editor', ttlMs: null } }), false, 'in-use'],
    ['in use, also with a yes', (core) => void core.ask('p/a', { lease: { holder: 'editor', ttlMs: null } }), true, 'in-use'],
    ['being loaded', (core) => void (core.unload('p/a'), core.settle(), core.ask('p/a')), true, 'in-use'],
  ])('is refused where it is %s', (_what, happens, confirm, code) => {
    const core = withA();
    happens(core);
    const before = unloadsIn(core.all).length;
    expect(codeOf(core, core.unload('p/a', confirm))).toBe(code);
    expect(unloadsIn(core.all)).toHaveLength(before);
  });

  it.each([
    ['a program that it is in use', 'notes.py', (core: Core) => void core.ask('p/a', { lease: { holder: 'editor', ttlMs: null } }), ['An unload, asked for by notes.py, was refused: a is in use by editor.']],
    ['a person that it is in use', 'tray', (core: Core) => void core.ask('p/a', { lease: { holder: 'editor', ttlMs: null } }), ['An unload was refused: a is in use by editor.']],
    ['a program that it is frozen', 'notes.py', (core: Core) => void core.send({ type: 'mode', mode: 'freeze', value: { since: 0, until: null } }), ['An unload, asked for by notes.py, was refused: Models are frozen, so a stays in memory.']],
    ['a person, who is asked instead,', 'dashboard', (core: Core) => void core.send({ type: 'mode', mode: 'freeze', value: { since: 0, until: null } }), []],
  ])('tells in the activity list too why it was refused: %s', (_what, by, happens, texts) => {
    const core = withA();
    happens(core);
    core.send({ type: 'unload-requested', waiter: 'w', key: core.slot('p/a').key, confirm: false, by, reason: 'asked' });
    const refused = effectsOf(core.last, 'activity').flatMap(({ entry }) => (entry.kind === 'refused' ? [entry] : []));
    expect(refused.map((entry) => entry.text)).toEqual(texts);
    expect(refused.every((entry) => entry.parts?.what === 'unload' && entry.model === 'p/a' && entry.by === by && entry.code !== null)).toBe(true);
  });

  it('of all that is unused is no refusal where a model has just been used', () => {
    const core = withA();
    core.ask('p/a', { lease: { holder: 'editor', ttlMs: null } });
    core.send({ type: 'unload-requested', waiter: 'w', key: core.slot('p/a').key, confirm: false, by: 'tray', reason: 'idle' });
    expect(effectsOf(core.last, 'activity')).toEqual([]);
  });

  it('goes ahead with a yes where it is frozen and kept', () => {
    const core = withA();
    core.send({ type: 'mode', mode: 'freeze', value: { since: 0, until: null } });
    core.config({ pinned: new Set(['p/a']) });
    core.unload('p/a', true);
    expect(core.slot('p/a').state).toBe('unloading');
  });

  it('of all that is unused spares what is wanted, busy or not Airdock’s, and asks whether it was used meanwhile', () => {
    const core = withA();
    core.unload('p/a', false, 'idle');
    expect(effectsOf(core.last, 'unload')).toMatchObject([{ ifUnusedSince: core.slot('p/a').lastUsedAt }]);
    const foreign = createCore({ models: [a, b] });
    foreign.observe('p', [observedFixture(a)]);
    expect(codeOf(foreign, foreign.unload('p/a', false, 'idle'))).toBe('in-use');
    const busy = withA();
    busy.observe('p', [observedFixture(a, { busy: true })]);
    expect(codeOf(busy, busy.unload('p/a', false, 'idle'))).toBe('in-use');
  });

  it('does not take the end of Airdock’s own use for another one: providers note it when they have answered', () => {
    const core = withA();
    core.ask('p/a', { lease: { holder: 'editor', ttlMs: null } });
    core.pass(3_000);
    core.send({ type: 'lease-released', lease: [...core.state.leases.keys()][0]! });
    core.unload('p/a', false, 'idle');
    expect(effectsOf(core.last, 'unload')).toMatchObject([{ ifUnusedSince: core.slot('p/a').lastUsedAt! + USE_NOTED_MS }]);
  });

  it('that another program’s use has prevented is told, and the model counts as just used', () => {
    const core = withA();
    const waiter = core.unload('p/a');
    core.pass(5_000);
    core.endUnload('p/a', { kind: 'in-use', lastUsed: core.now - 10 });
    expect(codeOf(core, waiter)).toBe('in-use');
    expect(core.slot('p/a')).toMatchObject({ state: 'ready', busy: true, lastUsedAt: core.now - 10, lastUsedAwake: core.state.awake, unload: null });
  });

  it('that fails is told with the provider’s words, once', () => {
    const core = withA();
    const waiter = core.unload('p/a');
    const op = core.slot('p/a').op;
    core.endUnload('p/a', { kind: 'failed', problem: problem('unload-failed', 'It said 500.') });
    expect(core.unloadAnswer(waiter)).toMatchObject({ ok: false, problem: { message: 'It said 500.' } });
    expect(core.slot('p/a').state).toBe('stuck');
    core.send({ type: 'unload-ended', key: 'p/a', op, result: { kind: 'gone' } });
    expect(core.has('p/a')).toBe(false);
  });
});

describe('a model that does not let go', () => {
  it('is told as that once, and its memory stays booked', () => {
    const core = withA();
    const waiter = core.unload('p/a');
    core.pass(UNLOAD_PATIENCE_MS - 1);
    expect(codeOf(core, waiter)).toBeNull();
    core.pass(1);
    expect(codeOf(core, waiter)).toBe('not-letting-go');
    core.pass(60_000);
    expect(textsIn(core.all).filter((t) => t.includes('not letting go'))).toHaveLength(1);
    const big = core.ask('p/b', { force: true });
    expect(core.answer(big)).toBeNull();
    expect(core.state.slots.size).toBe(2);
  });

  it('lets go late, by its answer or by a listing', () => {
    const byAnswer = withA();
    byAnswer.unload('p/a');
    byAnswer.pass(UNLOAD_PATIENCE_MS);
    byAnswer.endUnload('p/a');
    expect(byAnswer.has('p/a')).toBe(false);
    expect(textsIn(byAnswer.last)).toEqual(['a has let go of its memory.']);
    const byListing = withA();
    byListing.unload('p/a');
    byListing.pass(UNLOAD_PATIENCE_MS);
    byListing.pass(1_000);
    byListing.observe('p', []);
    expect(byListing.has('p/a')).toBe(false);
    expect(textsIn(byListing.last)).toEqual(['a has let go of its memory.']);
  });

  it('is no victim, and the plan is made anew without it', () => {
    const c = knownModel('p/c', 6);
    const core = createCore({ models: [a, b, c], config: { limit: 2 } });
    core.load('p/a');
    core.pass(1_000);
    core.load('p/b');
    core.pass(1_000);
    const waiter = core.ask('p/c', { force: true });
    core.pass(UNLOAD_PATIENCE_MS);
    expect([core.slot('p/a').state, core.slot('p/b').state]).toEqual(['stuck', 'unloading']);
    core.endUnload('p/b');
    // Its memory is still there, so the two that are left are all that fit.
    expect(core.problemOf(waiter)?.code ?? 'loading').toMatch(/no-room|loading/);
    expect(core.state.slots.get('p/a')?.state).toBe('stuck');
  });

  it('can be asked to go again', () => {
    const core = withA();
    core.unload('p/a');
    core.pass(UNLOAD_PATIENCE_MS);
    const again = core.unload('p/a');
    expect(unloadsIn(core.all)).toHaveLength(2);
    core.endUnload('p/a');
    expect(codeOf(core, again)).toBe('ok');
  });

  it('is kept by a new request where its provider can do that, and refused elsewhere', () => {
    const kept = withA(true);
    kept.unload('p/a');
    kept.pass(UNLOAD_PATIENCE_MS);
    const waiter = kept.ask('p/a');
    expect(loadsIn(kept.last)).toEqual(['p/a']);
    kept.endLoad('p/a');
    expect(kept.answer(waiter)).toMatchObject({ ok: true });
    const dying = withA(false);
    dying.unload('p/a');
    dying.pass(UNLOAD_PATIENCE_MS);
    expect(dying.problemOf(dying.ask('p/a'))?.code).toBe('not-letting-go');
  });
});

describe('on whose account a model goes', () => {
  const unloaded = (core: Core) => effectsOf(core.all, 'activity').flatMap(({ entry }) => (entry.kind === 'unloaded' || entry.kind === 'failed' || entry.kind === 'notice' ? [entry] : []));

  it('is who asked for the newcomer, and the one who agreed where that was somebody else', () => {
    const core = createCore({ models: [a, b, knownModel('p/c', 6)], capacity: 12 });
    core.load('p/a');
    core.pass(1_000);
    core.load('p/b');
    core.pass(1_000);
    const ask = { waiter: 'w', modelId: 'p/c', force: true, mayUnload: null, tryOnce: false, contextLength: null, lease: null };
    core.send({ type: 'load-requested', ...ask, origin: 'client', by: 'Open WebUI' });
    core.endUnload('p/a');
    expect(unloaded(core)).toMatchObject([{ reason: 'room', by: 'Open WebUI', forModel: 'p/c', code: null, text: 'a (6.0 GB, unused for 2 s) was unloaded to make room for c, asked for by Open WebUI.' }]);
  });

  it('is who agreed, where somebody else had only asked', () => {
    const core = createCore({ models: [a, b], capacity: 12, config: { limit: 1 } });
    core.load('p/a');
    core.pass(1_000);
    // It waits for its reading; meanwhile a person says yes.
    core.machine.readingAge = 2_000;
    core.jump(2_000);
    const ask = { modelId: 'p/b', mayUnload: null, tryOnce: false, contextLength: null, lease: null };
    core.send({ type: 'load-requested', ...ask, waiter: 'w1', force: false, origin: 'client', by: 'Open WebUI' });
    core.send({ type: 'load-requested', ...ask, waiter: 'w2', force: true, origin: 'person', by: 'dashboard' });
    expect([...core.state.jobs.values()]).toMatchObject([{ by: 'Open WebUI', agreedBy: 'dashboard' }]);
    core.machine.readingAge = 0;
    core.measure();
    core.endUnload('p/a');
    expect(unloaded(core)).toMatchObject([{ reason: 'room', by: 'dashboard', forModel: 'p/b', code: 'limit-reached', text: 'a (6.0 GB, unused for 3 s) was unloaded to make room for b.' }]);
  });

  it('is told also where it does not let go, and when it has after all', () => {
    const core = createCore({ models: [a, b], capacity: 8, providers: [providerFixture('p')] });
    core.load('p/a');
    core.pass(1_000);
    core.ask('p/b', { force: true });
    core.pass(UNLOAD_PATIENCE_MS + 1_000);
    core.observe('p', []);
    expect(unloaded(core).map(({ kind, reason, by, forModel }) => ({ kind, reason, by, forModel }))).toEqual([
      { kind: 'failed', reason: 'room', by: 'test', forModel: 'p/b' },
      { kind: 'unloaded', reason: 'room', by: 'test', forModel: 'p/b' },
    ]);
  });
});
