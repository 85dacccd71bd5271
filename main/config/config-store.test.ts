import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { defaultConfig } from '../../contract/index.ts';
import { tempDir } from '../../test/temp-dir.ts';
import { createConfigStore, type ConfigStore, type ConfigStoreOptions, type ConfigView } from './config-store.ts';

async function open(text: string | null, options: Partial<ConfigStoreOptions> = {}): Promise<{ file: string; store: ConfigStore; changes: ConfigView[] }> {
  const file = options.file ?? path.join(await tempDir(), 'config.json');
  if (text !== null) writeFileSync(file, text);
  const changes: ConfigView[] = [];
  const store = createConfigStore({ file, onChange: (view) => changes.push(view), settleMs: 20, debounceMs: 10, ...options });
  onTestFinished(() => store.close());
  return { file, store, changes };
}
const read = (file: string): string => readFileSync(file, 'utf8');

describe('reading', () => {
  it('takes the defaults where there is no file, an empty one or only a comment', async () => {
    for (const text of [null, '', ' \n', '// nothing yet\n']) {
      const { store } = await open(text);
      expect(store.current()).toMatchObject({ config: defaultConfig, problem: null, warnings: [] });
    }
  });

  it('tolerates a byte order mark, CRLF, comments and trailing commas', async () => {
    const { store } = await open('\uFEFF// mine\r\n{\r\n  "$schema": "x",\r\n  "models": { "max_concurrent_loaded": 5, /* many */ },\r\n}\r\n');
    expect(store.current()).toMatchObject({ problem: null, warnings: [], config: { models: { max_concurrent_loaded: 5 } } });
  });

  it('lets a preset supply what is not written out', async () => {
    const models = async (text: string): Promise<unknown> => (await open(`{"models": ${text}}`)).store.current().config.models;
    expect(await models('{"preset": "aggressive"}')).toMatchObject({ max_concurrent_loaded: 3, auto_unload_idle: false, idle_timeout_seconds: 3600 });
    expect(await models('{"preset": "conservative", "idle_timeout_seconds": 5}')).toMatchObject({ max_concurrent_loaded: 1, idle_timeout_seconds: 5 });
    expect(await models('{"preset": "balanced"}')).toEqual({ ...defaultConfig.models, preset: 'balanced' });
  });

  it('names unknown keys, with the nearest that exists, and goes on', async () => {
    const { store } = await open('{\n  "models": { "max_concurent_loaded": 3, "overrides": { "a.b": { "contextlength": 8 } } },\n  "colour": 1\n}');
    expect(store.current()).toMatchObject({ config: defaultConfigWith('a.b'), problem: null });
    expect(store.current().warnings).toEqual([
      'There is no setting models.max_concurent_loaded (line 2, column 15); it is kept but does nothing. Did you mean max_concurrent_loaded?',
      'There is no setting models.overrides.a.b.contextlength (line 2, column 66); it is kept but does nothing. Did you mean context_length?',
      'There is no setting colour (line 3, column 3); it is kept but does nothing.',
    ]);
  });

  it.each([
    ['{"models": {"max_concurrent_loaded": 0}}', 'models.max_concurrent_loaded is 0, allowed is a whole number from 1 to 64 (line 1, column 38)'],
    ['{"gateway":\n {"port": 1.5}}', 'gateway.port is 1.5, allowed is a whole number from 0 to 65535 (line 2, column 11)'],
    ['{"models": {"preset": "fast"}}', 'models.preset is "fast", allowed is one of "aggressive", "balanced", "conservative" (line 1, column 23)'],
    ['{"memory": null}', 'memory is null, allowed is a group of settings in { } (line 1, column 12)'],
    ['{"memory": {"max_ram_usage_gb": -1}}', 'memory.max_ram_usage_gb is -1, allowed is a number, 0 or more or null (line 1, column 33)'],
    ['{"models": {"pinned": ["a", 3]}}', 'models.pinned[1] is 3, allowed is a text in quotes (line 1, column 29)'],
    ['{"models": {"overrides": {"a:b": {"idle_timeout_seconds": "x"}}}}', 'models.overrides.a:b.idle_timeout_seconds is "x", allowed is a number, 0 or more or "auto" or null (line 1, column 59)'],
    ['{\n  "models": {\n    "eviction": "lru"\n    "pinned": []\n  }\n}', 'a comma is missing in line 4, column 5'],
    ['{"models": {', 'a closing } is missing in line 1, column 13'],
    ['[]', 'must hold one object in { }, but line 1, column 1 begins'],
    ['{"ui": {}, "ui": {}}', 'ui is there twice in'],
  ])('says what is wrong with %j', async (text, sentence) => {
    const { store, file } = await open(text);
    const { problem, config } = store.current();
    expect(problem).toMatchObject({ code: 'bad-config', hint: expect.stringContaining('Correct the file') });
    expect(problem?.message).toContain(sentence);
    // Nothing was in force before the start.
    expect(problem?.hint).not.toContain('were in force');
    expect(config).toMatchObject({ gateway: { port: 11500 }, models: { max_concurrent_loaded: 2 } });
    expect(read(file)).toBe(text);
  });

  it('keeps the right values of a file with wrong ones at the start', async () => {
    const { store } = await open('{"models": {"max_concurrent_loaded": "x", "pinned": ["a", 1], "idle_timeout_seconds": 7}, "memory": {"reserve_gb": 2}}');
    expect(store.current().problem).toMatchObject({ message: expect.stringContaining('Wrong values'), hint: expect.stringContaining('Its other values count') });
    expect(store.current().config).toMatchObject({ models: { max_concurrent_loaded: 2, pinned: [], idle_timeout_seconds: 7 }, memory: { reserve_gb: 2 } });
  });
});

function defaultConfigWith(override: string): unknown {
  return { ...defaultConfig, models: { ...defaultConfig.models, overrides: { [override]: {} } } };
}

describe('following the file', () => {
  const limit = (store: ConfigStore) => (): number => store.current().config.models.max_concurrent_loaded;
  const withLimit = (count: number): string => `{"models": {"max_concurrent_loaded": ${count}}}`;

  it('sees a save in place, a save by renaming, a deletion and a new file', async () => {
    const { file, store, changes } = await open(withLimit(3));
    writeFileSync(file, withLimit(4));
    await expect.poll(limit(store)).toBe(4);
    writeFileSync(`${file}~`, withLimit(5));
    renameSync(`${file}~`, file);
    await expect.poll(limit(store)).toBe(5);
    rmSync(file);
    await expect.poll(limit(store)).toBe(2);
    writeFileSync(file, withLimit(6));
    await expect.poll(limit(store)).toBe(6);
    expect(changes.map((view) => view.config.models.max_concurrent_loaded)).toEqual([4, 5, 2, 6]);
  });

  it('sees by polling what no event tells: a linked file, and a folder that comes later', async () => {
    const dir = await tempDir();
    writeFileSync(path.join(dir, 'real.json'), withLimit(3));
    mkdirSync(path.join(dir, 'conf'));
    symlinkSync(path.join(dir, 'real.json'), path.join(dir, 'conf', 'config.json'));
    const linked = await open(null, { file: path.join(dir, 'conf', 'config.json'), pollMs: 20 });
    writeFileSync(path.join(dir, 'real.json'), withLimit(4));
    await expect.poll(limit(linked.store)).toBe(4);
    expect(await linked.store.set({ 'models.max_concurrent_loaded': 5 })).toMatchObject({ ok: true });
    expect(lstatSync(linked.file).isSymbolicLink()).toBe(true);
    expect(read(path.join(dir, 'real.json'))).toBe(withLimit(5));

    const later = await open(null, { file: path.join(dir, 'later', 'config.json'), pollMs: 20 });
    mkdirSync(path.join(dir, 'later'));
    writeFileSync(later.file, withLimit(7));
    await expect.poll(limit(later.store)).toBe(7);
  });

  it('keeps the last good settings while the file is broken, and takes the file up again', async () => {
    const { file, store, changes } = await open(withLimit(3));
    writeFileSync(file, '{"models": {');
    await expect.poll(() => store.current().problem?.code).toBe('bad-config');
    expect(limit(store)()).toBe(3);
    writeFileSync(file, withLimit(0));
    await expect.poll(() => store.current().problem?.message).toContain('from 1 to 64');
    expect(limit(store)()).toBe(3);
    writeFileSync(file, withLimit(4));
    await expect.poll(limit(store)).toBe(4);
    expect(store.current().problem).toBeNull();
    expect(changes).toHaveLength(3);
  });

  it('takes no notice of the empty moment of a save', async () => {
    const { file, store, changes } = await open(withLimit(3), { settleMs: 150 });
    writeFileSync(file, '');
    const reloaded = store.reload();
    writeFileSync(file, withLimit(4));
    await reloaded;
    await expect.poll(limit(store)).toBe(4);
    expect(changes).toHaveLength(1);
  });
});

describe('editing', () => {
  it('makes the file with the first edit and keeps comments, line ends and mark afterwards', async () => {
    const { file, store, changes } = await open(null);
    expect(await store.set({ 'models.max_concurrent_loaded': 4, 'providers.llama.cpp.gpu': 'off' })).toMatchObject({ ok: true, value: { config: { models: { max_concurrent_loaded: 4 } } } });
    expect(JSON.parse(read(file))).toEqual({ models: { max_concurrent_loaded: 4 }, providers: { 'llama.cpp': { gpu: 'off' } } });
    expect(changes).toHaveLength(1);
    const other = await open('\uFEFF{\r\n  "ui": {}, // look\r\n}\r\n');
    await other.store.set({ 'ui.theme': 'dark', 'models.overrides.llama3.2:latest.context_length': 8192, 'models.overrides.a.b': { idle_timeout_seconds: null } });
    expect(other.store.current().config.models.overrides).toEqual({ 'llama3.2:latest': { context_length: 8192 }, 'a.b': { idle_timeout_seconds: null } });
    expect(read(other.file)).toMatch(/^\uFEFF\{\r\n {2}"ui": \{\r\n {4}"theme": "dark"\r\n {2}\}, \/\/ look\r\n/);
    expect(read(other.file).replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('removes with null, also what nobody knows', async () => {
    const { file, store } = await open('{\n  "models": {\n    "max_concurrent_loaded": 3, // why\n    "nonsense": 1\n  }\n}\n');
    expect(await store.set({ 'models.max_concurrent_loaded': null, 'models.nonsense': null, 'memory.reserve_gb': null })).toMatchObject({ ok: true });
    expect(read(file)).toBe('{\n  "models": {\n    // why\n  }\n}\n');
    expect(store.current()).toMatchObject({ config: defaultConfig, warnings: [] });
  });

  it('writes nothing where the result would be wrong', async () => {
    const text = '{ "ui": {} }';
    const { file, store, changes } = await open(text);
    expect(await store.set({ 'ui.theme': 'dark', 'models.max_concurrent_loaded': 99 })).toEqual({
      ok: false,
      problem: { code: 'bad-config', message: 'Wrong value: models.max_concurrent_loaded is 99, allowed is a whole number from 1 to 64.', hint: 'Nothing was changed.' },
    });
    expect(await store.set({ 'models.max_loaded': 1 })).toMatchObject({ ok: false, problem: { message: 'There is no setting models.max_loaded.', hint: 'Did you mean models.max_concurrent_loaded?' } });
    expect(await store.set({ 'models.__proto__.x': 1 })).toMatchObject({ ok: false });
    expect(read(file)).toBe(text);
    expect(changes).toEqual([]);
  });

  it('never writes to a file that is broken on disk', async () => {
    const { file, store } = await open('{"models": {"max_concurrent_loaded": 3}}');
    writeFileSync(file, '{"models": ');
    expect(await store.set({ 'ui.theme': 'dark' })).toMatchObject({ ok: false, problem: { code: 'bad-config', hint: expect.stringContaining('never overwritten') } });
    expect(read(file)).toBe('{"models": ');
    expect(store.current()).toMatchObject({ config: { models: { max_concurrent_loaded: 3 } }, problem: { code: 'bad-config' } });
  });

  it('loses no edit, neither of many at once nor one made by hand just before', async () => {
    const { file, store } = await open('{}');
    writeFileSync(file, '{"ui": {"theme": "dark"}}');
    await Promise.all(Array.from({ length: 10 }, (_, index) => store.set({ [`models.overrides.m${index}.enabled`]: false })));
    expect(Object.keys(store.current().config.models.overrides)).toHaveLength(10);
    expect(store.current().config.ui.theme).toBe('dark');
    expect(JSON.parse(read(file))).toMatchObject({ ui: { theme: 'dark' } });
  });

  it('says why nothing could be written or read', async () => {
    const missing = await open(null, { file: path.join(await tempDir(), 'no', 'config.json') });
    expect(await missing.store.set({ 'ui.theme': 'dark' })).toMatchObject({ ok: false, problem: { code: 'bad-folder', hint: 'Nothing was changed.' } });
    const folder = path.join(await tempDir(), 'config.json');
    mkdirSync(folder);
    const odd = await open(null, { file: folder });
    expect(odd.store.current()).toMatchObject({ config: defaultConfig, problem: { code: 'bad-config', message: expect.stringContaining('it is a folder') } });
  });
});
