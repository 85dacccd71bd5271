import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configSchema } from '../../contract/config.ts';
import { anyModel } from '../../contract/setting-facts.ts';
import { settings as german } from '../text/de/settings.ts';
import { settings as english, type SettingText } from '../text/en/settings.ts';
import { aboutSection, advancedSections, basicSections, countSettings, perModelKeys } from './settings-layout.ts';

interface Shape {
  enum?: string[];
  const?: unknown;
  anyOf?: Shape[];
  properties?: Record<string, Shape>;
  additionalProperties?: Shape | boolean;
}

function leaves(shape: Shape, path: readonly string[] = []): { key: string; choices: string[] }[] {
  const below = Object.entries(shape.properties ?? {});
  if (typeof shape.additionalProperties === 'object' && shape.additionalProperties.properties) below.push([anyModel, shape.additionalProperties]);
  if (below.length > 0) return below.flatMap(([key, child]) => leaves(child, [...path, key]));
  return [{ key: path.join('.'), choices: shape.enum ?? wordsOf(shape) }];
}

/** Words that may stand in place of another kind of value. */
function wordsOf({ const: word, anyOf = [] }: Shape): string[] {
  return typeof word === 'string' ? [word] : anyOf.flatMap(wordsOf);
}

const keys = leaves(z.toJSONSchema(configSchema, { io: 'input' }) as Shape);

it('every setting of the config has one row', () => {
  const others = ['address', 'key', 'pairing', 'scriptKey', 'startAtLogin', 'single'];
  const rows = [...basicSections, ...advancedSections].flatMap(({ rows }) => rows).filter((row) => !others.includes(row));
  expect([...rows, ...perModelKeys].sort()).toEqual(keys.map(({ key }) => key).sort());
});

it('a few are in sight, the rest is counted', () => {
  const inSight = basicSections.flatMap(({ rows }) => rows);
  expect(inSight).toHaveLength(12);
  expect(countSettings(advancedSections)).toBe(keys.length - inSight.filter((row) => row.includes('.')).length + ['pairing', 'scriptKey'].length);
});

/** Every text, with what stands in for values that change. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function') return [String(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

describe.each([['English', english], ['German', german]] as const)('in %s', (_name, { settings }) => {
  it('every setting has a name, a meaning and words for each choice', () => {
    for (const { key, choices } of keys) {
      const words: SettingText = settings.rows[key as keyof typeof settings.rows];
      expect(words.name, key).toMatch(/\S/);
      expect(words.meaning, key).toMatch(/\.$/);
      const named = key === 'models.preset' ? settings.preset.names : (words.options ?? {});
      expect(Object.keys(named).sort(), key).toEqual([...choices].sort());
    }
  });

  it('no word of the code is on the screen', () => {
    expect(strings(settings).filter((said) => /evict|\blease|footprint|\bprovider|\bforce/i.test(said))).toEqual([]);
  });

  it('every section has a title', () => {
    const titles = [...basicSections, ...advancedSections, aboutSection].map(({ id }) => settings.sections[id].title);
    for (const title of titles) expect(title).toMatch(/\S/);
    // A screen reader lists sections by their titles.
    expect(new Set(titles).size).toBe(titles.length);
  });
});

it('no German text is still English', () => {
  const same = Object.entries(english.settings.rows).filter(([key, words]) => german.settings.rows[key as keyof typeof english.settings.rows].meaning === words.meaning);
  expect(same).toEqual([]);
});
