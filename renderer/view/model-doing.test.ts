import { expect, it } from 'vitest';
import { problem } from '../../contract/index.ts';
import { plan } from '../../test/browser/fixtures.ts';
import { modelDoing } from './model-doing.ts';

const doing = (change: Partial<Parameters<typeof modelDoing>[0]>) => modelDoing({ requests: {}, pending: {}, refusals: {}, ...change }, 'a');
const nothing = { asking: false, pending: [], answered: false };

it('is nothing at first, and nothing of what is done with others', () => {
  expect(doing({})).toEqual(nothing);
  expect(doing({ requests: { b: { phase: 'loading' } }, pending: { 'keep:b': true }, refusals: { 'keep:b': problem('internal', 'no') } })).toEqual(nothing);
});

it('tells what waits for the engine', () => {
  expect(doing({ requests: { a: { phase: 'planning' } } })).toEqual({ ...nothing, asking: true });
  expect(doing({ pending: { 'unload:a': true, 'keep:a': true } })).toEqual({ ...nothing, pending: ['unload', 'keep'] });
});

it('tells what needs a word', () => {
  expect(doing({ requests: { a: { phase: 'preview', plan: plan('a', 1) } } }).answered).toBe(true);
  expect(doing({ refusals: { 'idle:a': problem('bad-config', 'no') } }).answered).toBe(true);
});
