import { expect, it } from 'vitest';
import { loaded } from '../../test/browser/fixtures.ts';
import { keepOrder } from './keep-order.ts';

const at = (name: string, loadedAt: number | null, since = 0) => loaded(name, 1, { loadedAt, since });
const id = (name: string) => `ollama/${name}:latest`;

it('orders by the time of the load at first', () => {
  expect(keepOrder([], [at('b', 20), at('a', 10), at('c', null, 15)])).toEqual(['a', 'c', 'b'].map(id));
});

it('keeps the places of what is shown, drops what left, and appends what came', () => {
  expect(keepOrder(['b', 'a', 'gone'].map(id), [at('new', 1), at('a', 5), at('b', 99)])).toEqual(['b', 'a', 'new'].map(id));
});
