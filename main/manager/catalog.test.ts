import { describe, expect, it } from 'vitest';
import { configSchema, GIB } from '../../contract/index.ts';
import { gb } from '../../test/core-fixture.ts';
import { catalogModel, createFixedLearned } from '../../test/scripted-provider.ts';
import { buildLibrary, coreConfig } from './catalog.ts';

const models = [catalogModel('ollama/a:latest', 4), catalogModel('ollama/b', 2, { weights: 'ollama/a:latest' }), catalogModel('llama.cpp/a', 3)];

function known(overrides: Record<string, unknown>, learned = createFixedLearned()) {
  return buildLibrary(models, configSchema.parse({ models: { overrides } }), learned.store).core.byId;
}

describe('the library', () => {
  it('knows each model by its id and by its weights', () => {
    const library = buildLibrary(models, configSchema.parse({}), createFixedLearned().store);
    expect(library.core.byWeights.get('ollama/a:latest')?.map((m) => m.name)).toEqual(['a:latest', 'b']);
    expect(library.core.byId.get('llama.cpp/a')).toMatchObject({ name: 'llama.cpp/a', source: 'estimated', idleTimeoutMs: 300_000, enabled: true, overcommit: false });
    expect(library.names.get('ollama/b')).toBe('b');
  });

  it('takes what the settings say of a model, under any of its names, and all of it where there are several', () => {
    const byId = known({ B: { idle_timeout_seconds: null, enabled: false }, 'ollama/a': { idle_timeout_seconds: 7 }, 'ollama/a:latest': { overcommit: true }, nobody: { enabled: false } });
    expect(byId.get('ollama/b')).toMatchObject({ idleTimeoutMs: null, enabled: false });
    expect(byId.get('ollama/a:latest')).toMatchObject({ idleTimeoutMs: 7_000, overcommit: true, enabled: true });
    expect(byId.get('llama.cpp/a')).toMatchObject({ idleTimeoutMs: 300_000, enabled: true });
  });

  it('trusts a measured or reported size over an estimate, and lets the settings raise it, never lower it', () => {
    const learned = createFixedLearned();
    const size = (ram_gb: number) => {
      const model = known({ 'ollama/a': { ram_gb } }, learned).get('ollama/a:latest')!;
      return [model.footprint.ram / GIB, model.source];
    };
    expect(size(0)).toEqual([4, 'estimated']);
    expect(size(3)).toEqual([4, 'estimated']);
    expect(size(6)).toEqual([6, 'configured']);
    learned.known.set('ollama/a:latest', { ram: gb(2), vram: {}, source: 'reported' });
    expect(size(1)).toEqual([2, 'reported']);
    learned.known.set('ollama/a:latest', { ram: gb(1), vram: {}, source: 'measured' });
    expect(size(0)).toEqual([1, 'measured']);
    expect(size(1)).toEqual([1, 'measured']);
    expect(size(2)).toEqual([2, 'configured']);
  });

  it('never lets a correction make an estimate smaller: it ran out of memory with less, not with more', () => {
    const learned = createFixedLearned();
    const correct = (ram: number, vram: Record<string, number> = {}) => {
      learned.known.set('llama.cpp/a', { ram: gb(ram), vram, source: 'estimated' });
      return known({}, learned).get('llama.cpp/a');
    };
    expect(correct(2, { g: 5 })).toMatchObject({ footprint: { ram: gb(3), vram: { g: 5 } }, source: 'estimated' });
    expect(correct(4)).toMatchObject({ footprint: { ram: gb(4), vram: {} }, source: 'estimated' });
  });
});

it('the settings become the core’s, in bytes and ms, with pins by weights', () => {
  const config = configSchema.parse({ models: { max_concurrent_loaded: 3, idle_timeout_seconds: 60, pinned: ['b', 'nobody'] }, memory: { reserve_gb: 1.5, max_ram_usage_gb: 8 } });
  expect(coreConfig(config, models)).toMatchObject({ limit: 3, idleTimeoutMs: 60_000, reserve: gb(1.5), maxUsage: gb(8), pinned: new Set(['ollama/a:latest']) });
  expect(coreConfig(configSchema.parse({}), [])).toMatchObject({ limit: 2, autoUnloadIdle: true, maxUsage: null, pinned: new Set() });
});
