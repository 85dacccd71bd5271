import { describe, expect, it } from 'vitest';
import { problem, type InstalledModel, type LiveState, type LoadedModel, type ProblemCode } from '../../contract/index.ts';
import { gb, installed, live, loaded, memory, ollama, plan } from '../../test/browser/fixtures.ts';
import { answersAfterLeaving, answersStillTrue } from './stale-answers.ts';
import { type DashboardState, initialState, type LoadRequest } from './state.ts';

const model = installed('llama3.2', 4.5);
const { id } = model;
const mode = { since: 0, until: null };
const withFit = (fit: InstalledModel['fit']): Partial<DashboardState> => ({ models: [{ ...model, fit }] });
const withLive = (more: Partial<LiveState>, rows: readonly LoadedModel[] = []): Partial<DashboardState> => ({ live: live(rows, more) });
const withRow = (more: Parameters<typeof loaded>[2]) => withLive({}, [loaded('llama3.2', 4.5, more)]);
const refused = (code: ProblemCode): LoadRequest => ({ phase: 'refused', problem: problem(code, 'no'), plan: null });
const preview: LoadRequest = { phase: 'preview', plan: plan('llama3.2', 4.5) };

const state = (more: Partial<DashboardState>): DashboardState => ({ ...initialState, live: live(), models: [model], ...more });
const over = { bytes: gb(1), since: 0, sentence: 'too much' };

/** Whether the answer is still there. */
function stays(request: LoadRequest, before: Partial<DashboardState>, after: Partial<DashboardState>): boolean {
  const requests = { [id]: request };
  return id in answersStillTrue(state({ ...before, requests }), state({ ...after, requests })).requests;
}

describe('an answer about a load', () => {
  const blocked = withFit({ kind: 'blocked' });
  it.each<[string, LoadRequest, Partial<DashboardState>, Partial<DashboardState>, boolean]>([
    ['the freeze ends', refused('frozen'), { ...blocked, ...withLive({ freeze: mode }) }, blocked, false],
    ['the freeze goes on', refused('frozen'), withLive({ freeze: mode }), withLive({ freeze: { ...mode, until: 5 } }), true],
    ['the freeze ends, but was not the cause', refused('load-failed'), withLive({ freeze: mode }), {}, true],
    ['loads of programs are let again', refused('over-budget'), withLive({ hold: mode }), {}, false],
    ['memory is not overbooked any more', refused('over-budget'), withLive({ memory: memory([], { overBudget: over }) }), {}, false],
    ['memory stays overbooked', refused('over-budget'), withLive({ memory: memory([], { overBudget: over }) }), withLive({ memory: memory([], { overBudget: over }) }), true],
    ['the model fits now', refused('no-room'), withFit({ kind: 'short', missing: 5 }), withFit({ kind: 'fits' }), false],
    ['room can be made now', refused('no-room'), withFit({ kind: 'short', missing: 5 }), withFit({ kind: 'evicts' }), false],
    ['less is missing', refused('no-room'), withFit({ kind: 'short', missing: 5 }), withFit({ kind: 'short', missing: 4 }), true],
    ['it fits, which was not what failed', refused('load-failed'), withFit({ kind: 'short', missing: 5 }), withFit({ kind: 'fits' }), true],
    ['the model is in memory', refused('load-failed'), {}, withRow({}), false],
    ['another name of it is in memory', preview, {}, withLive({}, [loaded('alias', 4.5, { weights: model.weights })]), false],
    ['it was in memory all along', refused('in-use'), withRow({}), withRow({ idleMs: 5 }), true],
    ['it is no longer installed', preview, {}, { models: [] }, false],
    ['nothing has to leave any more', preview, withFit({ kind: 'evicts' }), withFit({ kind: 'fits' }), false],
    ['somebody else has to leave', preview, withFit({ kind: 'evicts', unload: ['a'] }), withFit({ kind: 'evicts', unload: ['b'] }), true],
    ['it is still on its way', { phase: 'loading' }, {}, withRow({ state: 'loading' }), true],
  ])('%s', (_what, request, before, after, expected) => {
    expect(stays(request, before, after)).toBe(expected);
  });

  it('stays where its model is told for the first time', () => {
    expect(stays(refused('no-room'), { models: [] }, {})).toBe(true);
  });
});

describe('a refusal of another click', () => {
  const lost = [{ id, name: 'llama3.2' }];
  it.each<[string, string, ProblemCode, Partial<DashboardState>, Partial<DashboardState>, boolean]>([
    ['the freeze ends', `unload:${id}`, 'frozen', { ...withLive({ freeze: mode }, [loaded('llama3.2', 4.5)]) }, withRow({}), false],
    ['it is not in use any more', `unload:${id}`, 'in-use', withRow({ inUse: true }), withRow({}), false],
    ['it is still in use', `unload:${id}`, 'in-use', withRow({ inUse: true }), withRow({ inUse: true, idleMs: 3 }), true],
    ['it is not kept any more', `unload:${id}`, 'pinned', withRow({ pinned: true }), withRow({}), false],
    ['it is kept and was in use', `unload:${id}`, 'pinned', withRow({ pinned: true, inUse: true }), withRow({ pinned: true }), true],
    ['it left', `unload:${id}`, 'unload-failed', withRow({}), {}, false],
    ['it left, but that was about a setting', `idle:${id}`, 'bad-config', withRow({}), {}, true],
    ['its load ended', `cancel:${id}`, 'internal', withRow({ state: 'loading' }), withRow({}), false],
    ['it has let go', `end:${id}`, 'unload-failed', withRow({ state: 'stuck' }), withRow({}), false],
    ['the mode is on after all', 'mode:freeze', 'internal', {}, withLive({ freeze: mode }), false],
    ['another mode began', 'mode:freeze', 'internal', {}, withLive({ pause: mode }), true],
    ['what was lost is back', 'lost:ollama', 'load-failed', withLive({ providers: [ollama({ lost })] }), withLive({ providers: [ollama()] }), false],
    ['figures come', 'addFolder', 'bad-folder', {}, withLive({ at: 1 }), true],
  ])('%s', (_what, key, code, before, after, expected) => {
    const refusals = { [key]: problem(code, 'no') };
    expect(key in answersStillTrue(state({ ...before, refusals }), state({ ...after, refusals })).refusals).toBe(expected);
  });

  it('is the same object as long as all of it holds', () => {
    const before = state({ refusals: { samples: problem('disk-full', 'no') }, requests: { [id]: preview } });
    const kept = answersStillTrue(before, { ...before, live: live() });
    expect([kept.refusals, kept.requests]).toEqual([before.refusals, before.requests]);
    expect(kept.refusals).toBe(before.refusals);
    expect(kept.requests).toBe(before.requests);
  });
});

describe('what a page has answered', () => {
  const answers = {
    requests: { [id]: preview, other: { phase: 'loading' as const } },
    refusals: { addFolder: problem('bad-folder', 'no'), [`keep:${id}`]: problem('internal', 'no'), 'setting:memory.reserve_gb': problem('bad-config', 'no') },
  };
  it.each([
    ['memory', [id, 'other'], ['setting:memory.reserve_gb']],
    ['models', ['other'], ['setting:memory.reserve_gb']],
    ['activity', ['other'], ['addFolder', 'setting:memory.reserve_gb']],
    ['settings', [id, 'other'], [`keep:${id}`]],
  ] as const)('stays behind on %s, and what nobody has seen yet does not', (page, requests, refusals) => {
    const left = answersAfterLeaving(page, answers);
    expect([Object.keys(left.requests), Object.keys(left.refusals)]).toEqual([requests, refusals]);
  });
});
