import { expect, it } from 'vitest';
import { keepPlaces } from './keep-places.ts';

it('keeps the places of what is there, drops what left, and appends what came in its own order', () => {
  expect(keepPlaces(['b', 'gone', 'a'], ['a', 'new', 'b', 'newer'])).toEqual(['b', 'a', 'new', 'newer']);
});

it('has nothing to keep at first', () => {
  expect(keepPlaces([], ['b', 'a'])).toEqual(['b', 'a']);
});
