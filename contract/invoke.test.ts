import { expect, it } from 'vitest';
import { handlersFixture } from '../test/web-fixture.ts';
import { invokeOperation } from './invoke.ts';

const context = { signal: new AbortController().signal, caller: 'test' };

it('gives the handler its checked input, defaults filled in, and the context', async () => {
  const seen: unknown[] = [];
  const handlers = handlersFixture({ acquire: async (...args) => (seen.push(...args), { ok: true, value: { id: 'l', model: 'm', ttlMs: 1 } }) });
  expect(await invokeOperation(handlers, 'acquire', { model: 'm', holder: 'h' }, context)).toEqual({ ok: true, value: { ok: true, value: { id: 'l', model: 'm', ttlMs: 1 } } });
  expect(seen).toEqual([{ model: 'm', holder: 'h', ttlMs: 30_000 }, context]);
});

it.each([[undefined], [null], ['m'], [[]], [{}], [{ model: '' }], [{ model: 'm', froce: true }]])('answers %j with a problem and calls nobody', async (input) => {
  let called = false;
  const handlers = handlersFixture({ unload: async () => ((called = true), { ok: true, value: { text: '' } }) });
  expect(await invokeOperation(handlers, 'unload', input, context)).toMatchObject({ ok: false, because: 'input', problem: { code: 'bad-request' } });
  expect(called).toBe(false);
});

it('names at most three things that are wrong', async () => {
  const answer = await invokeOperation(handlersFixture(), 'load', { force: 1, mayUnload: 1, tryOnce: 1, stay: 1 }, context);
  expect(answer.ok ? '' : answer.problem.message.split(';')).toHaveLength(3);
});

it.each([
  ['throws', () => { throw new Error('secret'); }],
  ['rejects', () => Promise.reject(new Error('secret'))],
])('never throws where a handler %s: the fault stands beside a problem without it', async (_how, quit) => {
  const answer = await invokeOperation(handlersFixture({ freeze: quit }), 'freeze', { on: true }, context);
  expect(answer).toMatchObject({ ok: false, because: 'fault', problem: { code: 'internal' }, fault: { message: 'secret' } });
  expect(answer.ok ? '' : JSON.stringify(answer.problem)).not.toContain('secret');
});

it('never throws where there is no such operation or no handler', async () => {
  expect(await invokeOperation(handlersFixture(), 'nonsense' as never, {}, context)).toMatchObject({ ok: false, because: 'fault' });
  expect(await invokeOperation({} as never, 'snapshot', {}, context)).toMatchObject({ ok: false, because: 'fault' });
});
