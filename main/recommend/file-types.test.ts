import { describe, expect, it } from 'vitest';
import { installedModelFixture } from '../../test/snapshot-fixture.ts';
import { findNamed, fitsGlob, namedFor } from './file-types.ts';

it.for<[glob: string, name: string, fits: boolean]>([
  ['*.sql', 'a.sql', true],
  ['*.sql', 'dir/A.SQL', true],
  ['*.sql', 'a.sql.bak', false],
  ['*.s?l', 'a.sxl', true],
  ['*.{ts,tsx}', 'a.tsx', true],
  ['*.{ts,tsx}', 'a.js', false],
  ['notes/**', 'home/notes/2024/a.md', true],
  ['notes/**', 'home/mynotes/a.md', false],
  ['notes/*', 'notes/2024/a.md', false],
  ['src/**/*.py', 'x/src/a.py', true],
  ['src/**/*.py', 'src/b/c/a.py', true],
  ['src/**/*.py', 'src/b/c/a.pyc', false],
  ['./a+b(1).txt', 'a+b(1).txt', true],
  ['Makefile', 'sub\\Makefile', true],
  ['a.b', 'axb', false],
  ['{', '{', true],
  ['', 'a', false],
])('%s and %s: %s', ([glob, name, fits]) => expect(fitsGlob(glob, name)).toBe(fits));

describe('namedFor', () => {
  const types = { 'image/*': 'any', 'image/png': 'png', '*.png': 'glob', '*/*': 'all', 'shots/*.png': 'longer' };
  it.for<[string | null, string, string]>([
    [null, 'image/png', 'png'],
    [null, 'image/jpeg', 'any'],
    ['a.png', 'image/png', 'glob'],
    ['shots/a.png', 'image/png', 'longer'],
    ['a.txt', 'text/plain', 'all'],
  ])('%s, %s: %s', ([name, mime, model]) => expect(namedFor(types, { name, mime })?.model).toBe(model));
  it('nothing', () => expect(namedFor({ 'image/*': 'x' }, { name: 'a.png', mime: 'text/plain' })).toBeNull());
});

it('findNamed takes the names that people use', () => {
  const model = installedModelFixture();
  const other = installedModelFixture({ id: 'llama.cpp/llama3.2', name: 'llama.cpp/llama3.2' });
  for (const name of ['llama3.2', 'LLAMA3.2:latest', 'ollama/llama3.2', ' ollama/llama3.2:latest ']) expect(findNamed([other, model], name)?.id, name).toBe(model.id);
  expect(findNamed([other], 'llama3.2')?.id).toBe(other.id);
  expect(findNamed([model], 'llama')).toBeNull();
});
