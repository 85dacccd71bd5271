import { afterEach, describe, expect, it } from 'vitest';
import { gb, installed } from '../../test/browser/fixtures.ts';
import { changeLanguage } from '../text/text.ts';
import { fitWords, statusWords } from './fit-words.ts';

const names: Record<string, string> = { a: 'llama3.2', b: 'codellama' };
const around = { nameOf: (id: string) => names[id] ?? null, limit: 2 };
type Fit = Parameters<typeof fitWords>[0];

afterEach(() => changeLanguage('en', []));

describe('fit', () => {
  const cases: [Fit, string, string, string][] = [
    [{ kind: 'fits' }, 'fits now', 'passt jetzt', 'good'],
    [{ kind: 'evicts', unload: ['a', 'b'] }, 'fits after unloading llama3.2 and codellama', 'passt, wenn llama3.2 und codellama gehen', 'warn'],
    [{ kind: 'evicts', unload: ['left meanwhile'] }, 'fits after unloading unused models', 'passt, wenn unbenutzte Modelle gehen', 'warn'],
    [{ kind: 'evicts', unload: ['b'], because: 'limit' }, 'limit of 2: unloads codellama', 'Grenze von 2: entlädt codellama', 'warn'],
    [{ kind: 'blocked', because: 'limit' }, 'limit of 2 is reached', 'Grenze von 2 ist erreicht', 'bad'],
    [{ kind: 'blocked', because: 'frozen' }, 'frozen', 'eingefroren', 'none'],
    [{ kind: 'waits' }, 'fits in a moment', 'passt gleich', 'warn'],
    [{ kind: 'short', missing: gb(2.4) }, 'needs 2.4 GB more', 'braucht 2,4 GB mehr', 'bad'],
    [{ kind: 'short' }, 'needs more than is free now', 'braucht mehr, als gerade frei ist', 'bad'],
    [{ kind: 'too-big', missing: gb(20) }, 'too big for this computer', 'zu groß für diesen Computer', 'none'],
    [{ kind: 'blocked' }, 'cannot be loaded right now', 'kann gerade nicht geladen werden', 'bad'],
  ];
  it.each(cases)('%o', async (fit, english, german, tone) => {
    expect(fitWords(fit, around)).toEqual({ tone, words: english });
    await changeLanguage('de', []);
    expect(fitWords(fit, around)).toEqual({ tone, words: german });
  });
});

it.each([
  ['none', 'fits now'],
  ['broken', 'cannot be loaded'],
  ['absent', 'Ollama is not running'],
  ['unavailable', 'Ollama does not answer'],
  ['off', 'Ollama is switched off'],
  ['reserved', 'Making room'],
  ['loading', 'Loading'],
  ['ready', 'In memory'],
  ['in-use', 'In memory, in use'],
  ['unloading', 'Unloading'],
  ['stuck', 'Not letting go of its memory'],
] as const)('status %s', (status, words) => {
  expect(statusWords(installed('x', 4), status, 'Ollama', around).words).toBe(words);
});
