import { expect, it } from 'vitest';
import { de } from './de.ts';
import { en } from './en.ts';
import { desktopText } from './text.ts';

/** Every text with its place; functions are called with something of each kind that they may want. */
function texts(tree: object, place = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]): [string, string][] => {
    const here = place ? `${place}.${key}` : key;
    if (typeof value === 'string') return [[here, value]];
    if (typeof value === 'function') return [[here, said(value as (...given: unknown[]) => string | null) ?? '']];
    return texts(value as object, here);
  });
}

function said(make: (...given: unknown[]) => string | null): string | null {
  for (const given of [[['a', 'b'], '1.5 GB'], ['x', ['a', 'b']], ['x', 'y'], [3, 4]]) {
    try {
      const text = make(...given);
      if (text === null || !text.includes('NaN')) return text;
    } catch {
      // It wanted something else.
    }
  }
  throw new Error('No arguments fit.');
}

it('has a German text in each place of an English one', () => {
  expect(texts(de).map(([place]) => place)).toEqual(texts(en).map(([place]) => place));
  expect(desktopText('de')).toBe(de);
  expect(desktopText('en')).toBe(en);
});

it('leaves nothing untranslated, and no text empty', () => {
  const english = new Map(texts(en));
  const same = texts(de).filter(([place, text]) => text === english.get(place) && place !== 'size');
  expect(same).toEqual([]);
  const empty = texts(de).filter(([, text]) => text === '');
  expect(empty).toEqual([]);
});

it.each([['en', en], ['de', de]] as const)('uses plain words only: %s', (_language, text) => {
  const wrong = texts(text).filter(([, words]) => /\b(evict|lease|footprint|provider|force|foreign)/i.test(words));
  expect(wrong).toEqual([]);
});

it('writes sizes as each language does', () => {
  expect([en.size(9.3 * 1024 ** 3), de.size(9.3 * 1024 ** 3), de.size(12 * 1024 ** 2)]).toEqual(['9.3 GB', '9,3 GB', '12 MB']);
});

it('counts', () => {
  expect([0, 1, 2].map((count) => en.tray.free('1.0 GB', count))).toEqual(['1.0 GB free · no models', '1.0 GB free · 1 model', '1.0 GB free · 2 models']);
  expect([0, 1, 2].map((count) => de.tray.free('1,0 GB', count))).toEqual(['1,0 GB frei · keine Modelle', '1,0 GB frei · 1 Modell', '1,0 GB frei · 2 Modelle']);
});
