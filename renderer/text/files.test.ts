import { expect, it } from 'vitest';
import { modelTasks, modelTraits } from '../../contract/index.ts';
import { files as de } from './de/files.ts';
import { files as en } from './en/files.ts';

function leaves(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, child]) => leaves(child, path === '' ? key : `${path}.${key}`));
}

it('the German words about files have the places of the English ones, and are German', () => {
  const german = new Map(leaves(de));
  expect([...german.keys()].sort()).toEqual(leaves(en).map(([path]) => path).sort());
  expect(leaves(en).filter(([path, value]) => typeof value === 'string' && value === german.get(path)).map(([path]) => path)).toEqual([]);
});

it('say what is right and what is left', () => {
  for (const words of [en, de]) for (const task of modelTasks) expect([words.does[task], words.cannot[task]].every(Boolean)).toBe(true);
  for (const words of [en, de]) for (const trait of modelTraits) expect(words.madeFor[trait]).toMatch(/\w/);
  for (const words of [en, de]) for (const tell of Object.values(words.unheeded)) expect(tell('llava', 'image/*')).toMatch(/llava .*image\/\*.*\.$/);
  expect(en.ready(['llava', 'phi'], 2)).toBe('llava and phi are right. For 2 files none is.');
  expect(en.ready([], 1)).toBe('No model is right for these files.');
  expect(de.ready(['llava'], 1)).toBe('Es passt llava. Für 1 Datei passt keines.');
  expect(en.more(['a', 'b'], 0)).toBe('a and b');
  expect(en.more(['a', 'b'], 3)).toBe('a, b and 3 more');
});
