import { expect, it } from 'vitest';
import { configSchema } from '../../contract/index.ts';
import { changedSettings, describeChange } from './changed-settings.ts';

const config = (file: unknown = {}) => configSchema.parse(file);
const changeSentence = (before: ReturnType<typeof config>, after: ReturnType<typeof config>) => describeChange(before, after)?.text ?? null;

it('nothing changed', () => {
  expect(changeSentence(config(), config())).toBeNull();
});

it('one setting is named with what it is and was', () => {
  expect(changeSentence(config(), config({ models: { max_concurrent_loaded: 3 } }))).toBe('A setting changed: models.max_concurrent_loaded is 3, was 2.');
  expect(changeSentence(config(), config({ models: { preset: 'balanced' } }))).toBe('A setting changed: models.preset is "balanced", was not set.');
});

it('lists, and what one model has for itself, are one setting', () => {
  const after = config({ models: { pinned: ['a', 'b'], overrides: { 'llama3.2': { ram_gb: 5, enabled: false } } } });
  expect(changedSettings(config(), after)).toEqual([['models', 'pinned'], ['models', 'overrides', 'llama3.2']]);
  expect(changeSentence(after, config())).toBe(
    'Settings changed: models.pinned is [], was ["a","b"]; models.overrides.llama3.2 is not set, was {"ram_gb":5,"enabled":false}.',
  );
});

it('of many, three are named', () => {
  const after = config({ memory: { reserve_gb: 1, yield: false }, gateway: { port: 1 }, ui: { theme: 'dark' } });
  expect(changeSentence(config(), after)).toBe('Settings changed: memory.reserve_gb is 1, was 0; memory.yield is false, was true; gateway.port is 1, was 11500; and 1 more.');
});

it('what changed can be told in another language: by path, with both values', () => {
  const after = config({ memory: { reserve_gb: 1, yield: false }, models: { preset: 'balanced' }, ui: { theme: 'dark' } });
  expect(describeChange(config(), after)?.parts).toEqual({
    what: 'settings',
    changes: [
      { path: ['models', 'preset'], before: null, after: '"balanced"' },
      { path: ['memory', 'reserve_gb'], before: '0', after: '1' },
      { path: ['memory', 'yield'], before: 'true', after: 'false' },
    ],
    more: 1,
  });
});
