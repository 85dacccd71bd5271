import { describe, expect, it } from 'vitest';
import { configSchema, type Config } from '../../contract/config.ts';
import type { settingFacts} from '../../contract/setting-facts.ts';
import { settingKeys } from '../../contract/setting-facts.ts';
import { choosePreset, presetState } from './settings-preset.ts';
import { defaultOf, differs, factOf, faultOf, keepsAll, valueAt, isEntry } from './settings-value.ts';

const config = (file: unknown = {}): Config => configSchema.parse(file);

describe('the value of a setting', () => {
  it('is found by its path, dots in names and all', () => {
    const some = config({ models: { overrides: { 'llama3.2': { ram_gb: 5 } } }, providers: { 'llama.cpp': { threads: 3 } } });
    expect(valueAt(some, 'providers.llama.cpp.threads')).toBe(3);
    expect(valueAt(some, 'models.overrides.<name>.ram_gb', 'llama3.2')).toBe(5);
    expect(valueAt(some, 'models.overrides.<name>.enabled', 'llama3.2')).toBeUndefined();
    expect(valueAt(some, 'models.overrides.<name>.ram_gb', 'toString')).toBeUndefined();
    expect(valueAt(some, 'models.overrides.<name>.ram_gb')).toBeUndefined();
  });

  it('is the default of every setting in a config of which nothing is written', () => {
    const changed = settingKeys.filter((key) => key !== 'models.preset' && differs(valueAt(config(), key), defaultOf(config(), key)));
    expect(changed).toEqual([]);
  });

  it('differs from the default where it was changed, also within a list', () => {
    const some = config({ models: { pinned: ['a'] }, memory: { reserve_gb: 2 } });
    expect(settingKeys.filter((key) => key !== 'models.preset' && differs(valueAt(some, key), defaultOf(some, key)))).toEqual(['models.pinned', 'memory.reserve_gb']);
  });

  it('has the preset’s value as its default where presets have one', () => {
    const some = config({ models: { preset: 'aggressive' } });
    expect(defaultOf(some, 'models.idle_timeout_seconds')).toBe(3600);
    expect(defaultOf(some, 'models.auto_unload_idle')).toBe(false);
    expect(defaultOf(some, 'models.overrides.<name>.idle_timeout_seconds')).toBeUndefined();
    expect(defaultOf(some, 'models.context_length')).toBe(4096);
  });
});

describe('a preset', () => {
  it('is "balanced" where none is chosen, and changed where one of its values is', () => {
    expect(presetState(config())).toEqual({ name: 'balanced', changed: false });
    expect(presetState(config({ models: { preset: 'balanced', max_concurrent_loaded: 5 } }))).toEqual({ name: 'balanced', changed: true });
    expect(presetState(config({ models: { preset: 'conservative', max_concurrent_loaded: 1, auto_unload_idle: true, idle_timeout_seconds: 60 } }))).toEqual({ name: 'conservative', changed: false });
  });

  it('is chosen together with the removal of what would win over it', () => {
    expect(choosePreset('aggressive')).toEqual({
      'models.preset': 'aggressive',
      'models.max_concurrent_loaded': null,
      'models.auto_unload_idle': null,
      'models.idle_timeout_seconds': null,
    });
  });
});

describe('a fault', () => {
  const fault = (key: keyof typeof settingFacts, value: unknown) => faultOf(factOf(key).kind, value);
  it.each([
    ['models.max_concurrent_loaded', 0, 'bounds'],
    ['models.max_concurrent_loaded', 65, 'bounds'],
    ['models.max_concurrent_loaded', 1.5, 'whole'],
    ['models.max_concurrent_loaded', null, 'empty'],
    ['models.max_concurrent_loaded', 'x', 'number'],
    ['models.max_concurrent_loaded', 64, null],
    ['memory.reserve_gb', -1, 'bounds'],
    ['memory.reserve_gb', 1.5, null],
    ['memory.max_ram_usage_gb', null, null],
    ['gateway.host', ' ', 'empty'],
    ['providers.ollama.host', '', null],
    ['models.auto_unload_idle', true, null],
  ] as const)('in %s of %j is %j', (key, value, expected) => {
    expect(fault(key, value)).toBe(expected);
  });

  it('is to keep all the memory free, and no other figure of that size', () => {
    const total = 15.5 * 1024 ** 3;
    expect([15, 15.5, 16, null].map((value) => keepsAll('memory.reserve_gb', value, total))).toEqual([false, true, true, false]);
    expect(keepsAll('memory.max_ram_usage_gb', 16, total)).toBe(false);
  });

  it('agrees with the schema about every number', () => {
    for (const key of settingKeys) {
      const { kind, path } = factOf(key);
      if (kind.type !== 'number' || path.includes('<name>')) continue;
      for (const value of [-1, 0, 0.5, 1, 3, 4, 64, 65, 65_535, 65_536, null]) {
        const file = path.reduceRight<unknown>((inner, segment) => ({ [segment]: inner }), value);
        expect(faultOf(kind, value) === null, `${key} = ${value}`).toBe(configSchema.safeParse(file).success);
      }
    }
  });
});

it.each([
  ['gateway.allowed_hosts', ['models.example', 'models.example:8443', '192.0.2.7', '[fd00::2]:80'], ['', 'http://models.example', 'models.example/v1', 'a b', '*', 'me@models.example']],
  ['gateway.allowed_origins', ['https://chat.example', 'http://localhost:3000/', 'chrome-extension://*', 'capacitor://localhost'], ['', '*', 'chat.example', 'https://*', 'https://chat.example/a', 'null']],
] as const)('an entry of %s is what can be one', (key, good, bad) => {
  expect(good.filter((entry) => !isEntry(key, entry))).toEqual([]);
  expect(bad.filter((entry) => isEntry(key, entry))).toEqual([]);
});
