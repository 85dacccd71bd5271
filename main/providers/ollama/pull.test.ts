import { expect, it } from 'vitest';
import { createPullReader } from './pull.ts';

it('adds up layers as they are told, and knows what was there before', () => {
  const reader = createPullReader();
  expect(reader.read({ status: 'pulling manifest' })).toEqual({ doneBytes: 0, totalBytes: null, parts: null, checking: false });
  reader.read({ status: 'pulling a', digest: 'a', total: 100, completed: 40 });
  // A line without a figure does not take back what was told.
  expect(reader.read({ status: 'pulling a', digest: 'a', total: 100 })).toMatchObject({ doneBytes: 40, totalBytes: 100 });
  reader.read({ status: 'pulling a', digest: 'a', total: 100, completed: 100 });
  expect(reader.read({ status: 'pulling b', digest: 'b', total: 10, completed: 5 })).toEqual({ doneBytes: 105, totalBytes: 110, parts: { done: 1, total: 2 }, checking: false });
  expect(reader.read({ status: 'verifying sha256 digest' }).checking).toBe(true);
  expect(reader.succeeded()).toBe(false);
  reader.read({ status: 'success' });
  expect(reader.succeeded()).toBe(true);
});

it.each([
  ['a negative size', { status: 'x', digest: 'a', total: -5, completed: -1 }],
  ['no size', { status: 'x', digest: 'a', total: 0 }],
  ['words for a size', { status: 'x', digest: 'a', total: 'many' }],
  ['no object', 'success'],
  ['nothing', null],
  ['a list', [1, 2]],
])('believes %s not at all', (_, line) => {
  const reader = createPullReader();
  expect(reader.read(line)).toEqual({ doneBytes: 0, totalBytes: null, parts: null, checking: false });
  expect(reader.succeeded()).toBe(false);
});

it('never has more than there is', () => {
  const reader = createPullReader();
  expect(reader.read({ status: 'x', digest: 'a', total: 10, completed: 1e9 })).toMatchObject({ doneBytes: 10, totalBytes: 10 });
});
