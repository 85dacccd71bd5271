import { expect, it } from 'vitest';
import { problem } from '../../contract/index.ts';
import { gb, installed } from '../../test/browser/fixtures.ts';
import { fitWords } from './fit-words.ts';

const names: Record<string, string> = { a: 'llama3.2', b: 'codellama' };
const words = (fit: Parameters<typeof installed>[2]) => fitWords(installed('x', 4, fit), (id) => names[id] ?? null);

it.each([
  [{ kind: 'fits' }, 'fits now', 'good'],
  [{ kind: 'evicts', unload: ['a', 'b'] }, 'fits after unloading llama3.2 and codellama', 'warn'],
  [{ kind: 'evicts', unload: ['left meanwhile'] }, 'fits after unloading unused models', 'warn'],
  [{ kind: 'waits' }, 'fits when what is under way is done', 'warn'],
  [{ kind: 'short', missing: gb(2.4) }, 'needs 2.4 GB more', 'bad'],
  [{ kind: 'short' }, 'needs more than is free now', 'bad'],
  [{ kind: 'too-big', missing: gb(20) }, 'too big for this computer', 'bad'],
  [{ kind: 'blocked' }, 'cannot be loaded right now', 'bad'],
] as const)('%o', (fit, expected, tone) => {
  expect(words({ fit: { ...fit, ...('unload' in fit ? { unload: [...fit.unload] } : {}) } as never })).toEqual({ tone, words: expected });
});

it('says that a broken file cannot be loaded, whatever room there is', () => {
  expect(words({ problem: problem('bad-file', 'The file is cut off.') }).words).toBe('cannot be loaded');
});
