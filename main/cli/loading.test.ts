import { describe, expect, it } from 'vitest';
import { problem, type LoadDone, type LoadOptions, type Outcome, type Plan } from '../../contract/index.ts';
import { loadedModelFixture } from '../../test/snapshot-fixture.ts';
import type { ConnectedManager } from '../client/connect-manager.ts';
import type { Context } from './context.ts';
import { loadWithQuestion } from './loading.ts';

const done: Outcome<LoadDone> = { ok: true, value: { model: loadedModelFixture(), already: false, unloaded: [], tookMs: 1 } };

function needsRoom(...names: string[]): Outcome<LoadDone> {
  const plan = { sentence: `It unloads ${names.join()}.`, unloads: names.map((name) => ({ id: `ollama/${name}`, name, ram: 1, idleMs: 1, expired: false })) } as unknown as Plan;
  return { ok: false, problem: problem('needs-room', plan.sentence), plan };
}

/** A load whose answers come one after the other, with somebody who answers the questions. */
async function attempt(answers: Outcome<LoadDone>[], replies: boolean[], { wish = {}, asks = true, json = false }: { wish?: LoadOptions; asks?: boolean; json?: boolean } = {}) {
  const wishes: LoadOptions[] = [];
  const questions: string[] = [];
  const manager = {
    loadModel: async (_name: string, { signal: _, ...options }: LoadOptions) => (wishes.push(options), answers[wishes.length - 1] ?? done),
  } as unknown as ConnectedManager;
  const terminal = { asks, showsProgress: false, note: () => undefined, ask: async (question: string) => (questions.push(question), replies[questions.length - 1] ?? false) };
  const context = { terminal, json, signal: () => new AbortController().signal } as unknown as Context;
  return { outcome: await loadWithQuestion(context, manager, 'm', wish), wishes, questions };
}

describe('loadWithQuestion', () => {
  it('asks before others go, and a yes is a yes to those alone', async () => {
    const { outcome, wishes, questions } = await attempt([needsRoom('a', 'b')], [true]);
    expect(outcome).toBe(done);
    expect(questions).toEqual(['Unload a and b?']);
    expect(wishes).toEqual([{}, { force: true, mayUnload: ['ollama/a', 'ollama/b'] }]);
  });

  it('asks again where others would have to go by then', async () => {
    const { outcome, questions, wishes } = await attempt([needsRoom('a'), needsRoom('c')], [true, true]);
    expect(outcome).toBe(done);
    expect(questions).toEqual(['Unload a?', 'Unload c?']);
    expect(wishes.at(-1)).toEqual({ force: true, mayUnload: ['ollama/c'] });
  });

  it('loads nothing after a no', async () => {
    const { outcome, wishes } = await attempt([needsRoom('a')], [false]);
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'cancelled', message: 'Nothing was changed.' } });
    expect(wishes).toHaveLength(1);
  });

  it('asks nobody where nobody is, for data, or after a yes in advance', async () => {
    for (const options of [{ asks: false }, { json: true }, { wish: { force: true } }]) {
      const { outcome, questions } = await attempt([needsRoom('a')], [true], options);
      expect(outcome).toMatchObject({ ok: false, problem: { code: 'needs-room' } });
      expect(questions).toEqual([]);
    }
  });

  it('passes any other refusal on', async () => {
    const { outcome, questions } = await attempt([{ ok: false, problem: problem('too-big', 'Too big.') }], [true]);
    expect(outcome).toMatchObject({ problem: { code: 'too-big' } });
    expect(questions).toEqual([]);
  });
});
