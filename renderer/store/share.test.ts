import fc from 'fast-check';
import { expect, it } from 'vitest';
import { catalog, live, loaded } from '../../test/browser/fixtures.ts';
import { share } from './share.ts';

const copy = <T>(value: T): T => structuredClone(value);

it('always says what the new one says, and is the old one where that says the same', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(share(copy(a), b)).toEqual(b);
      const before = copy(a);
      expect(share(before, copy(a))).toBe(before);
    }),
    { seed: 4 },
  );
});

it('keeps the rows that have not changed, also where one comes or goes before them', () => {
  const [first, second, third] = catalog;
  const before = [first, second, third];
  const next = share(before, copy([second, { ...third!, pinned: true }]));
  expect(next[0]).toBe(second);
  expect(next[1]).toEqual({ ...third, pinned: true });
});

it('keeps the parts of a state of which only the time has changed', () => {
  const before = live([loaded('a', 1), loaded('b', 2)]);
  const next = share(before, { ...copy(before), at: before.at + 1 });
  expect(next).not.toBe(before);
  expect(next.loaded).toBe(before.loaded);
  expect(next.providers).toBe(before.providers);
});

it('takes a missing key for a difference', () => {
  const before: Record<string, unknown> = { a: undefined };
  expect(share(before, { b: undefined })).toEqual({ b: undefined });
  expect(share(before, { b: undefined })).not.toBe(before);
});
