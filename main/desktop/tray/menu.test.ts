import { describe, expect, it } from 'vitest';
import { problem, type InstalledModel, type LiveState, type UpdateState } from '../../../contract/index.ts';
import { installedModelFixture, loadedModelFixture, stateFixture } from '../../../test/snapshot-fixture.ts';
import { clickOn, inputFixture, linesOf, providerFixture, recordActions } from './menu-fixture.ts';
import { trayMenu, type TrayMenuInput } from './menu.ts';

const GB = 1024 ** 3;
const minute = 60_000;
const now = 1_000_000;
const end = ['---', 'Open Airdock', 'Settings…', '---', 'Quit Airdock'];
const modes = ['Keep everything loaded', '  For 1 hour', '  Until I end it', 'Freeze', '  For 1 hour', '  Until I end it'];
const noneInstalled = ['Load', '  No models found yet…'];

const menuOf = (change: Partial<TrayMenuInput> = {}) => trayMenu(inputFixture(change));
const linesFor = (state: Partial<LiveState>, change: Partial<TrayMenuInput> = {}) => linesOf(menuOf({ state: stateFixture(state), ...change }));
const llama = loadedModelFixture({ unloadsAt: now + 3 * minute + 12_000 });
const installed = (name: string, change: Partial<InstalledModel> = {}) => installedModelFixture({ id: `ollama/${name}`, name, weights: `ollama:${name}`, ...change });

describe('ten states', () => {
  it('1: two models, one counting down and one in use', () => {
    const used = loadedModelFixture({ id: 'ollama/notes', name: 'notes', weights: 'n', ramUsed: 2 * GB, inUse: true, uses: [{ id: 'l', holder: 'notes-script', since: 0 }] });
    const models = [installed('small'), installed('vision', { fit: { kind: 'evicts', unload: [llama.id] } }), installed('big', { fit: { kind: 'short', missing: 2.4 * GB } }), installed('huge', { fit: { kind: 'too-big', missing: 40 * GB } })];
    expect(linesFor({ loaded: [llama, used] }, { models })).toEqual([
      '(16.0 GB free · 2 models)',
      '---',
      'llama3.2 · unloads in 3:12',
      '  (Takes 4.0 GB)',
      '  Unload',
      '  [ ] Keep in memory',
      '  Show in Airdock',
      'notes · in use by notes-script',
      '  (Takes 2.0 GB)',
      '  (Unload)',
      '  [ ] Keep in memory',
      '  Show in Airdock',
      '---',
      'Load',
      '  small · fits now',
      '  vision · unloads llama3.2…',
      '  big · needs 2.4 GB more…',
      '  (huge · too big for this computer)',
      'Free memory',
      ...modes,
      ...end,
    ]);
  });

  it('2: nothing in memory, nothing installed', () => {
    expect(linesFor({})).toEqual(['(16.0 GB free · no models)', '---', '(No models in memory)', '---', ...noneInstalled, '(Free memory)', ...modes, ...end]);
  });

  it('3: not running yet, or not able to', () => {
    expect(linesOf(menuOf({ state: null }))).toEqual(['(Airdock is starting…)', ...end]);
    expect(linesOf(menuOf({ state: null, trouble: 'The port 11500 is taken.' }))[0]).toBe('(The port 11500 is taken.)');
  });

  it('4: a server that stopped', () => {
    const lines = linesFor({ providers: [providerFixture({ status: 'down', since: now }), providerFixture({ id: 'b', status: 'absent' })], loaded: [llama] });
    expect(lines.slice(0, 4)).toEqual(['(16.0 GB free · 1 model)', 'Ollama stopped answering at 00:16…', '---', 'llama3.2 · unloads in 3:12']);
  });

  it('5: over budget', () => {
    const memory = { ...stateFixture().memory!, free: -1.2 * GB, overBudget: { bytes: 1.2 * GB, since: 0, sentence: '' } };
    expect(linesFor({ memory, loaded: [llama] }).slice(0, 3)).toEqual(['(1.2 GB over budget · 1 model)', 'Nothing is loaded until memory is free again…', '---']);
  });

  it('a model that stays until its room is needed', () => {
    expect(linesFor({ loaded: [{ ...llama, unloadsAt: null, autoIdle: true }] })).toContain('llama3.2 · stays while there is room');
  });

  it('6: frozen for an hour', () => {
    const lines = linesFor({ freeze: { since: now, until: now + 60 * minute }, loaded: [{ ...llama, unloadsAt: null }] }, { models: [installed('small')] });
    expect(lines.slice(2)).toEqual([
      'llama3.2 · stays',
      '  (Takes 4.0 GB)',
      '  Unload…',
      '  [ ] Keep in memory',
      '  Show in Airdock',
      '---',
      '(Load)',
      '  small · fits now',
      '(Free memory)',
      ...modes.slice(0, 3),
      '[x] Frozen until 01:16',
      ...end,
    ]);
  });

  it('7: only watching', () => {
    const lines = linesFor({ owner: false, loaded: [llama] }, { models: [installed('small')] });
    expect(lines.filter((line) => !line.trimStart().startsWith('('))).toEqual(['---', 'llama3.2 · unloads in 3:12', '  Show in Airdock', '---', '  small · fits now', ...modes.filter((line) => line.startsWith('  ')), ...end]);
    expect(lines).toContain('(Only watching: another Airdock is in charge)');
  });

  it('8: kept, and held after memory was set free', () => {
    const lines = linesFor({ pause: { since: 0, until: null }, hold: { since: 0, until: now + 30 * minute }, loaded: [{ ...llama, unloadsAt: null }, { ...llama, id: 'b', name: 'b', pinned: true }] });
    expect(lines).toEqual(expect.arrayContaining(['llama3.2 · stays', 'b · kept', '[x] Everything is kept', '[x] No loads by themselves until 00:46', 'Freeze']));
  });

  it('9: on the way in, on the way out, and not letting go', () => {
    const at = (name: string, change: object) => loadedModelFixture({ id: name, name, ...change });
    const lines = linesFor({ loaded: [at('a', { state: 'reserved' }), at('b', { state: 'loading', progress: 0.416 }), at('c', { state: 'loading' }), at('d', { state: 'unloading' }), at('e', { state: 'stuck', canEnd: true }), at('f', { state: 'stuck' })] });
    expect(lines.slice(2, -17).filter((line) => !line.includes('Takes') && !line.includes('Show'))).toEqual([
      'a · waiting for room', '  Cancel loading', 'b · loading, 42 %', '  Cancel loading', 'c · loading', '  Cancel loading', 'd · unloading', 'e · not letting go', '  End its process…', 'f · not letting go',
    ]);
  });

  it('10: a mistake in the settings, and suggestions', () => {
    const advice = [{ id: 'a', text: '', action: null }, { id: 'b', text: '', action: null }];
    expect(linesFor({ configProblem: problem('bad-config', 'Line 3.'), advice, memory: null }).slice(0, 5)).toEqual(['(Reading the memory…)', 'The settings file has a mistake…', '2 suggestions…', '---', ...noneInstalled.slice(0, 1)]);
  });

  it('speaks German', () => {
    const lines = linesFor({ loaded: [llama], freeze: { since: 0, until: null } }, { language: 'de', models: [installed('big', { fit: { kind: 'short', missing: 2.4 * GB } })] });
    expect(lines).toEqual([
      '(16,0 GB frei · 1 Modell)', '---', 'llama3.2 · wird in 3:12 entladen', '  (Belegt 4,0 GB)', '  Entladen…', '  [ ] Im Speicher behalten', '  In Airdock zeigen', '---',
      '(Laden)', '  big · braucht 2,4 GB mehr…', '(Speicher freigeben)', 'Alles im Speicher behalten', '  Für 1 Stunde', '  Bis ich es beende', '[x] Eingefroren', '---',
      'Airdock öffnen', 'Einstellungen…', '---', 'Airdock beenden',
    ]);
  });
});

describe('times', () => {
  const first = (change: object, input: Partial<TrayMenuInput> = {}) => linesFor({ loaded: [{ ...llama, ...change }] }, input)[2];

  it('are times of day where a countdown would grow old', () => {
    expect(first({}, { times: 'clock' })).toBe('llama3.2 · unloads at 00:19');
    expect(first({ unloadsAt: now + 3 * 24 * 60 * minute }, { times: 'clock' })).toBe('llama3.2 · unloads at Sun 00:16');
  });

  it('never run below nothing', () => {
    expect(first({ unloadsAt: now - 5 })).toBe('llama3.2 · unloads now');
  });

  it('name who uses it, as long as that is a line', () => {
    const uses = (...holders: string[]) => holders.map((holder, id) => ({ id: String(id), holder, since: 0 }));
    expect(first({ inUse: true })).toBe('llama3.2 · in use');
    expect(first({ uses: uses('a', 'b', 'a') })).toBe('llama3.2 · in use by a and b');
    expect(first({ uses: uses('a', 'b', 'c') })).toBe('llama3.2 · in use by 3 programs');
  });
});

describe('the list of models to load', () => {
  const offered = (models: readonly InstalledModel[], state: Partial<LiveState> = {}) => {
    const lines = linesFor(state, { models });
    const at = lines.indexOf('Load');
    return lines.slice(at + 1, lines.findIndex((line, index) => index > at && !line.startsWith('  '))).map((line) => line.trim());
  };

  it('begins with what fits, and among that with what was in memory last', () => {
    const unloadedAt = (at: number) => ({ activity: 1, at, reason: 'idle' as const, text: '' });
    const models = [
      installed('short', { fit: { kind: 'short' } }),
      installed('evicts', { fit: { kind: 'evicts', unload: [] } }),
      installed('b'),
      installed('blocked', { fit: { kind: 'blocked' } }),
      installed('broken', { problem: problem('bad-file', 'Cut off.') }),
      installed('a'),
      installed('waits', { fit: { kind: 'waits' } }),
      installed('lately', { lastUnload: unloadedAt(5) }),
    ];
    expect(offered(models)).toEqual(['lately · fits now', 'a · fits now', 'b · fits now', 'evicts · unloads others…', 'waits · fits soon…', 'short · needs more room…', 'blocked · not now…', 'broken · cannot be loaded…']);
  });

  it('leaves out what is in memory under any of its names', () => {
    expect(offered([installed('a', { weights: llama.weights }), installed('b', { fit: { kind: 'loaded' } })], { loaded: [llama] })).toEqual(['(All models are in memory)']);
  });

  it('ends where a menu gets too long', () => {
    const lines = offered(Array.from({ length: 40 }, (_, index) => installed(`m${String(index).padStart(2, '0')}`)));
    expect(lines).toHaveLength(17);
    expect(lines.slice(-3)).toEqual(['m14 · fits now', '---', '25 more in the dashboard…']);
  });

  it('counts where three or more would go', () => {
    expect(offered([installed('a', { fit: { kind: 'evicts', unload: ['x', 'y', 'z'] } })])).toEqual(['a · unloads 3 models…']);
  });
});

describe('names', () => {
  it('keep their ampersands and lose what would break the line', () => {
    expect(linesFor({ loaded: [loadedModelFixture({ id: 'x', name: 'Q&A\tmodel\n' })] })[2]).toBe('Q&&A model · unloads in 1:00');
  });

  it('are shortened in their middle, and stay apart', () => {
    const long = (tail: string) => `a-very-long-name-of-a-model-that-nobody-would-like-to-read-${tail}-in-a-menu-q4_k_m.gguf`;
    const names = linesFor({ loaded: [loadedModelFixture({ id: 'x', name: long('one') })] });
    expect(names[2]).toBe('a-very-long-name-of-a-m…menu-q4_k_m.gguf · unloads in 1:00');
    const both = linesFor({}, { models: [installed(long('one')), installed(long('two')), installed('x'), installed('x', { id: 'llama.cpp/x' })] }).filter((line) => line.includes('fits now'));
    expect(both.map((line) => line.trim())).toEqual([`${long('one')} · fits now`, `${long('two')} · fits now`, 'llama.cpp/x · fits now', 'ollama/x · fits now']);
  });
});

describe('clicks', () => {
  const clicked = (id: string, change: Partial<TrayMenuInput>): unknown[][] => {
    const actions = recordActions();
    clickOn(menuOf({ ...change, actions }), id);
    return actions.asked;
  };
  const holding = (change: object, state: Partial<LiveState> = {}) => ({ state: stateFixture({ loaded: [{ ...llama, ...change }], ...state }) });
  const offering = (change: Partial<InstalledModel>) => ({ models: [installed('m', change)] });

  it.each([
    ['unload', { state: stateFixture({ loaded: [llama] }) }, `unload:${llama.id}`, ['unload', llama.id]],
    ['keep', holding({}), `keep:${llama.id}`, ['pin', llama.id, true]],
    ['no longer keep', holding({ pinned: true }), `keep:${llama.id}`, ['pin', llama.id, false]],
    ['ask before unloading what is kept', holding({ pinned: true }), `unload:${llama.id}`, ['show', { page: 'memory', model: llama.id }]],
    ['ask before unloading what is frozen', holding({}, { freeze: { since: 0, until: null } }), `unload:${llama.id}`, ['show', { page: 'memory', model: llama.id }]],
    ['cancel', holding({ state: 'loading' }), `cancel:${llama.id}`, ['cancelLoad', llama.id]],
    ['ask before ending a process', holding({ state: 'stuck', canEnd: true }), `end:${llama.id}`, ['show', { page: 'memory', model: llama.id }]],
    ['load what fits', offering({}), 'load:ollama/m', ['load', 'ollama/m']],
    ['show the preview where others would go', offering({ fit: { kind: 'evicts', unload: ['x'] } }), 'load:ollama/m', ['show', { page: 'models', model: 'ollama/m' }]],
    ['show why it does not fit', offering({ fit: { kind: 'short' } }), 'load:ollama/m', ['show', { page: 'models', model: 'ollama/m' }]],
    ['free memory', holding({}), 'free-memory', ['freeMemory', true]],
    ['load by itself again', { state: stateFixture({ hold: { since: 0, until: null } }) }, 'hold', ['freeMemory', false]],
    ['keep everything', {}, 'pause:hour', ['pause', true, 3600]],
    ['keep everything until the end', {}, 'pause:on', ['pause', true, null]],
    ['end keeping', { state: stateFixture({ pause: { since: 0, until: null } }) }, 'pause', ['pause', false, null]],
    ['freeze', {}, 'freeze:on', ['freeze', true, null]],
    ['thaw', { state: stateFixture({ freeze: { since: 0, until: null } }) }, 'freeze', ['freeze', false, null]],
    ['open', { state: null }, 'open', ['show', {}]],
    ['settings', {}, 'settings', ['show', { page: 'settings' }]],
    ['quit', { state: null }, 'quit', ['quit']],
  ] as const)('%s', (_name, change, id, asked) => {
    expect(clicked(id, change as Partial<TrayMenuInput>)).toEqual([asked]);
  });

  it('cannot load what is too big, nor unload what is in use', () => {
    expect(() => clicked('load:ollama/m', offering({ fit: { kind: 'too-big' } }))).toThrow('cannot be clicked');
    expect(() => clicked(`unload:${llama.id}`, holding({ inUse: true }))).toThrow('cannot be clicked');
  });
});

describe('updates', () => {
  const state = (change: Partial<UpdateState>): UpdateState => ({ status: 'idle', version: '0.2.0', progress: null, waitsFor: null, problem: null, ...change });
  const lineOf = (updates: UpdateState | null) => {
    const lines = linesOf(menuOf({ updates }));
    const at = lines.indexOf('Settings…') + 1;
    return lines[at] === '---' ? null : lines[at];
  };

  it.each([
    ['off', null],
    ['idle', 'Check for updates…'],
    ['current', 'Check for updates…'],
    ['failed', 'Check for updates…'],
    ['checking', '(Checking for updates…)'],
    ['available', 'Update to 0.2.0…'],
    ['ready', 'Restart and update to 0.2.0'],
    ['waiting', '(Updates when no model is in use)'],
  ] as const)('%s', (status, line) => {
    expect(lineOf(state({ status }))).toBe(line);
  });

  it('tells how far a download is', () => {
    expect([lineOf(state({ status: 'downloading', progress: 0.337 })), lineOf(state({ status: 'downloading' })), lineOf(null)]).toEqual(['(Downloading the update, 34 %)', '(Downloading the update…)', null]);
  });

  it('looks, and shows the answer', () => {
    const actions = recordActions();
    clickOn(menuOf({ updates: state({}), actions }), 'updates');
    clickOn(menuOf({ updates: state({ status: 'ready' }), actions }), 'updates');
    expect(actions.asked).toEqual([['checkForUpdates'], ['show', { page: 'settings' }], ['installUpdate']]);
  });
});
