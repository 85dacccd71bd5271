import { expect, it } from 'vitest';
import { problem } from '../../contract/index.ts';
import { problemIn } from './problem-in.ts';

const cause = problem('forbidden', 'Not from there.');

it('finds a problem bare or wrapped', () => {
  expect(problemIn(cause)).toEqual(cause);
  expect(problemIn({ problem: cause })).toEqual(cause);
  expect(problemIn({ ok: false, error: cause })).toEqual(cause);
});

it('finds none in anything else', () => {
  for (const answer of [null, 'text', 7, {}, { error: 'text' }, []]) expect(problemIn(answer)).toBeNull();
});
