import { describe, expect, it } from 'vitest';
import { installedModelFixture, loadedModelFixture, snapshotFixture, stateFixture } from '../test/snapshot-fixture.ts';
import { problem } from './errors.ts';
import { GIB } from './format.ts';
import { formatStatus } from './status-text.ts';

describe('formatStatus', () => {
  it('tells in columns what holds the memory and for how long', () => {
    const loaded = [
      loadedModelFixture(),
      loadedModelFixture({ name: 'codellama', ramUsed: 12.4 * GIB, inUse: true }),
      loadedModelFixture({ name: 'nomic', ramUsed: 0.3 * GIB, pinned: true, idleMs: 5000, unloadsAt: null }),
      loadedModelFixture({ name: 'qwen', state: 'loading', progress: 0.421 }),
      loadedModelFixture({ name: 'phi', state: 'stuck' }),
    ];
    const provider = { id: 'ollama', kind: 'ollama' as const, label: 'Ollama', status: 'up' as const, since: 0, version: '0.12.3', url: null, problem: null, memory: 'host' as const, installed: 1, advice: [], lost: [] };
    const down = { ...provider, label: 'llama.cpp', status: 'down' as const, problem: problem('provider-down', 'It answered garbage.') };
    const text = formatStatus(snapshotFixture({ state: stateFixture({ loaded, providers: [provider, down], pause: { since: 0, until: 1_120_000 } }), models: [installedModelFixture()] }));
    expect(text).toBe(
      [
        'Airdock 0.1.0',
        '',
        'RAM              32.0 GB',
        'Free for models  16.0 GB',
        'Held by models   4.0 GB',
        'Other programs   12.0 GB',
        'Limit            2 models at a time, 5 now',
        'Kept             everything in memory stays for another 2 min',
        '',
        'In memory',
        '  llama3.2    4.0 GB  ready           unused for 4 min  unloads in 1:00',
        '  codellama  12.4 GB  in use',
        '  nomic       0.3 GB  ready           unused for 5 s    kept in memory',
        '  qwen        4.0 GB  loading, 42 %',
        '  phi         4.0 GB  not letting go',
        '',
        'Installed: 1 model',
        '  Ollama     running 0.12.3, 1 model',
        '  llama.cpp  not working: It answered garbage.',
      ].join('\n'),
    );
  });

  it('tells who waits, for which model and for how long; nearly done is not done, and just used not unused', () => {
    const loaded = [loadedModelFixture({ state: 'loading', progress: 0.999 }), loadedModelFixture({ name: 'b', id: 'b', idleMs: 400 })];
    const request = { id: 1, model: loaded[0]!.id, name: 'llama3.2', client: 'open-webui', route: '/api/chat', state: 'waiting' as const, since: stateFixture().at - 4_000, answeringSince: null };
    const text = formatStatus(snapshotFixture({ state: stateFixture({ loaded, requests: [request, { ...request, id: 2, state: 'answering' }] }) }));
    expect(text).toContain('\n\nWaiting\n  open-webui  for llama3.2  4 s  it is being loaded\n\n');
    expect(text).toContain('loading, nearly done');
    expect(text).toContain('just used');
  });

  it('tells who has the room that a model waits for: those in the same memory', () => {
    const provider = (id: string, memory: 'host' | 'own') => ({ id, kind: 'ollama' as const, label: id, status: 'up' as const, since: 0, version: null, url: null, problem: null, memory, installed: 1, advice: [], lost: [] });
    const providers = [provider('ollama', 'host'), provider('llama.cpp', 'host'), provider('box', 'own')];
    const request = { id: 1, model: 'ollama/new', name: 'new', client: 'Zed', route: '/api/chat', state: 'waiting' as const, since: stateFixture().at - 4_000, answeringSince: null };
    const model = (name: string, where: string, change: object = {}) => loadedModelFixture({ id: `${where}/${name}`, name, provider: where, inUse: true, ...change });
    const reason = (loaded: ReturnType<typeof model>[], of = 'ollama/new') => formatStatus(snapshotFixture({ state: stateFixture({ providers, loaded, requests: [{ ...request, model: of }] }) })).match(/for new  4 s(.*)/)?.[1]?.trim();
    const [a, b, far] = [model('a', 'ollama'), model('b', 'llama.cpp'), model('far', 'box')];
    expect(reason([a, b, far])).toBe('a and b are in use');
    expect(reason([a, b, far], 'box/new')).toBe('far is in use');
    expect(reason([a, model('b', 'llama.cpp', { state: 'loading' })])).toBe('b is being loaded first');
    expect(reason([a, model('b', 'ollama', { state: 'unloading' })])).toBe('b has to leave first');
    expect(reason([model('a', 'ollama', { inUse: false }), far])).toBe('');
    expect(reason([a, b], 'cloud/new')).toBe('');
  });

  it('tells of folders that cannot be read, where they are used', () => {
    const folder = { path: '/gone', label: 'gone', origin: 'configured' as const, used: true, models: 0, problem: problem('bad-folder', 'The folder /gone is not there.') };
    const folders = [folder, { ...folder, problem: null }, { ...folder, used: false, problem: problem('bad-folder', 'Nobody wants this one.') }];
    expect(formatStatus(snapshotFixture({ state: stateFixture({ folders }) }))).toMatch(/\nInstalled: 0 models\n  The folder \/gone is not there\.$/);
  });

  it('tells that a model stays while nobody needs its room', () => {
    const loaded = [loadedModelFixture({ unloadsAt: null, idleTimeoutMs: null, autoIdle: true }), loadedModelFixture({ name: 'b', id: 'b', unloadsAt: null })];
    expect(formatStatus(snapshotFixture({ state: stateFixture({ loaded }) })).match(/stays.*$/gm)).toEqual(['stays while there is room', 'stays']);
  });

  it('tells limits, what is over budget, and that nothing is known yet', () => {
    const { memory } = stateFixture();
    if (!memory) throw new Error('the fixture has a memory');
    const over = { ...memory, free: -GIB, reserve: GIB, limit: { bytes: 8 * GIB, from: 'cgroup' as const }, overBudget: { bytes: GIB, since: 0, sentence: 'Other programs grew by 1.0 GB.' } };
    const text = formatStatus(snapshotFixture({ state: stateFixture({ memory: over, owner: false, configProblem: problem('bad-config', 'Line 3 is wrong.') }) }));
    for (const part of ['of which 8.0 GB may be used (limit of this container)', 'Free for models  0 MB', '1.0 GB kept free', 'Other programs grew', 'only watching', 'Line 3 is wrong.', 'No model is in memory.']) {
      expect(text).toContain(part);
    }
    expect(formatStatus(snapshotFixture({ state: stateFixture({ memory: null }) }))).toContain('not measured yet');
  });
});
