import { expect, it } from 'vitest';
import { downloadSchema, fitSchema } from '../../contract/index.ts';
import { library as de } from './de/library.ts';
import { library as en } from './en/library.ts';

function leaves(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, child]) => leaves(child, path === '' ? key : `${path}.${key}`));
}

it('the German words of the library have the places of the English ones, and are German', () => {
  const german = new Map(leaves(de));
  expect([...german.keys()].sort()).toEqual(leaves(en).map(([path]) => path).sort());
  expect(leaves(en).filter(([path, value]) => typeof value === 'string' && value === german.get(path)).map(([path]) => path)).toEqual([]);
});

it('has words for every state of a download, and for whatever fits', () => {
  for (const words of [en, de]) {
    for (const state of downloadSchema.shape.state.options) expect(words.state[state]).not.toBe('');
    for (const kind of fitSchema.shape.kind.options) expect(words.fit({ kind, missing: 1024 ** 3 }, ['x']), kind).toMatch(/\w/);
  }
  expect(en.fit({ kind: 'evicts' }, ['codellama', 'phi'])).toBe('fits after unloading codellama and phi');
  expect(de.fit({ kind: 'evicts' }, ['codellama', 'phi'])).toMatch(/^passt, wenn codellama (?:und|and) phi gehen$/);
  expect(en.fit({ kind: 'too-big', missing: 3.2 * 1024 ** 3 }, [])).toBe('too big for this computer by 3.2 GB');
});
