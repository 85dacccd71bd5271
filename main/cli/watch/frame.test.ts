import { describe, expect, it } from 'vitest';
import { GIB } from '../../../contract/index.ts';
import { activityFixture, loadedModelFixture, stateFixture } from '../../../test/snapshot-fixture.ts';
import { clock, frame, summary, summaryKey } from './frame.ts';

const options = { columns: 80, rows: 24, colour: false, blocks: false, now: 1_000_000 };
const loaded = [
  loadedModelFixture(),
  loadedModelFixture({ id: 'ollama/qwen', name: 'qwen', state: 'loading', progress: 0.5, unloadsAt: null }),
];

describe('frame', () => {
  it('shows the gauge, countdowns that go on between two states, and what happened last', () => {
    const now = 1_010_000;
    expect(frame(stateFixture({ loaded }), [activityFixture(1), activityFixture(2)], { ...options, now })).toEqual([
      '16.0 GB free · 2 of 2 models',
      '',
      `[${'='.repeat(23)}${'#'.repeat(7)}${'.'.repeat(30)}]`,
      '# models 4.0 GB   = other programs 12.0 GB   . free 16.0 GB',
      '',
      'llama3.2  4.0 GB  ready          unused for 4 min  unloads in 0:50',
      'qwen      4.0 GB  loading, 50 %  ######......',
      '',
      `${clock(2)}  entry 2`,
      `${clock(1)}  entry 1`,
    ]);
  });

  it('gives the command that does what is advised, where it is a setting', () => {
    const action = (operation: string, set: object) => ({ label: 'Yes', operation, input: { set } });
    const advice = [
      { id: 'a', text: 'Allow 3 models?', action: action('configSet', { 'models.max_concurrent_loaded': 3 }) },
      { id: 'b', text: 'Unload them?', action: action('configSet', { 'models.unload_foreign': 'yes' }) },
      { id: 'c', text: 'Keep it?', action: action('pin', {}) },
    ];
    const lines = frame(stateFixture({ advice }), [], { ...options, colour: true }).map((line) => line.replace(/\x1b\[[\d;]*m/g, ''));
    expect(lines.slice(lines.indexOf('Allow 3 models?'))).toEqual([
      'Allow 3 models?', '  airdock config set models.max_concurrent_loaded 3', 'Unload them?', '  airdock config set models.unload_foreign yes', 'Keep it?',
    ]);
  });

  it('fits the terminal, however small, also in colour', () => {
    const state = stateFixture({ loaded, freeze: { since: 0, until: null }, advice: [{ id: 'a', text: 'x'.repeat(200), action: null }] });
    const many = Array.from({ length: 50 }, (_, id) => activityFixture(id, { text: 'long '.repeat(40) }));
    for (const [columns, rows] of [[80, 24], [20, 10], [10, 3], [200, 60]] as const) {
      for (const colour of [false, true]) {
        const lines = frame(state, many, { ...options, columns, rows, colour, blocks: true });
        expect(lines.length).toBeLessThan(rows);
        for (const line of lines) expect(line.replace(/\x1b\[[\d;]*m/g, '').length, line).toBeLessThanOrEqual(columns);
      }
    }
  });

  it('says who waits, for which model, how long and for what; of a crowd the first, and how many more', () => {
    const request = (id: number, more: object) => ({ id, model: 'ollama/llama3.2', name: 'llama3.2', client: `app-${id}`, route: '/api/chat', state: 'waiting' as const, since: 1_000_000 - 1_000 * id, answeringSince: null, ...more });
    const requests = [request(1, { state: 'answering', answeringSince: 999_500 }), request(20, {}), request(10, { model: 'ollama/qwen', name: 'qwen' }), request(0.5, { model: 'x', name: 'x' })];
    const busy = [loadedModelFixture({ id: 'ollama/llama3.2', inUse: true }), loaded[1]!];
    const lines = frame(stateFixture({ loaded: busy, requests }), [], options);
    const at = lines.indexOf('Requests: 1 being answered, 3 waiting');
    expect(lines.slice(at + 1)).toEqual(['  app-20   for llama3.2  20 s  waits for its turn', '  app-10   for qwen      10 s  it is being loaded', '  app-0.5  for x          0 s']);
    expect(frame(stateFixture({ loaded: busy, requests: Array.from({ length: 9 }, (_, id) => request(id, {})) }), [], options).at(-1)).toBe('  and 4 more');
  });

  it('has colours only where they are wanted', () => {
    const state = stateFixture({ loaded });
    expect(frame(state, [], options).join('')).not.toContain('\x1b');
    const coloured = frame(state, [], { ...options, colour: true }).join('\n');
    expect(coloured).toContain('\x1b[32m');
    expect(coloured.replace(/\x1b\[[\d;]*m/g, '')).toBe(frame(state, [], options).join('\n'));
  });

  it('tells modes, what is over budget, and that nothing is measured yet', () => {
    const { memory } = stateFixture();
    const over = { ...memory!, free: -2 * GIB, overBudget: { bytes: 2 * GIB, since: 0, sentence: 'Too much is in use.' } };
    const text = frame(stateFixture({ memory: over, pause: { since: 0, until: 1_120_000 }, hold: { since: 0, until: null } }), [], options).join('\n');
    for (const part of ['2.0 GB over budget', 'Too much is in use.', 'Everything in memory stays for another 2 min', 'Programs load nothing', 'No model is in memory.']) expect(text).toContain(part);
    expect(frame(stateFixture({ memory: null }), [], options).join('\n')).toContain('not measured yet');
  });
});

describe('the lines for a pipe', () => {
  it('tell the whole of it in one line', () => {
    expect(summary(stateFixture({ loaded, freeze: { since: 0, until: null } }))).toBe('16.0 GB free · 2 of 2 models · llama3.2 (4.0 GB, ready) · qwen (4.0 GB, loading, 50 %) · Frozen: nothing is loaded or unloaded');
  });

  it('name who waits for longer than a moment, and are due for it', () => {
    const request = { id: 1, model: 'm', name: 'm', client: 'app', route: '/api/chat', state: 'waiting' as const, since: 0, answeringSince: null };
    const waits = (ms: number) => stateFixture({ loaded, requests: [{ ...request, since: stateFixture().at - ms }] });
    expect(summary(waits(3_000))).toContain(' · app waits for m');
    expect(summaryKey(waits(3_000))).not.toBe(summaryKey(stateFixture({ loaded })));
    expect(summaryKey(waits(100))).toBe(summaryKey(stateFixture({ loaded })));
  });

  it('are due when a model changes what it does, not when figures move', () => {
    const key = summaryKey(stateFixture({ loaded }));
    expect(summaryKey(stateFixture({ at: 2_000_000, memory: null, loaded: loaded.map((one) => ({ ...one, idleMs: 5, progress: 0.9 })) }))).toBe(key);
    expect(summaryKey(stateFixture({ loaded: loaded.slice(1) }))).not.toBe(key);
    expect(summaryKey(stateFixture({ loaded: loaded.map((one) => ({ ...one, inUse: true })) }))).not.toBe(key);
    expect(summaryKey(stateFixture({ loaded, freeze: { since: 0, until: null } }))).not.toBe(key);
  });
});
