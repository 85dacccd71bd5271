import { describe, expect, it } from 'vitest';
import { loaded, minute } from '../../test/browser/fixtures.ts';
import { loadedStatus } from './loaded-status.ts';

const now = Date.now();
const status = (more: Parameters<typeof loaded>[2], later = 0) => loadedStatus(loaded('llama3.2', 4.5, more), 'Ollama', now, now + later);
const lease = (holder: string) => ({ id: holder, holder, since: now });

describe('what a row says', () => {
  it('counts idleness up and the rest down, also between readings', () => {
    const idle = { idleMs: 118_000, unloadsAt: now + 182_000 };
    expect(status(idle, 2_000)).toEqual({ tone: 'calm', words: 'unused for 2 min, unloads in 3:00', left: 0.6 });
  });

  it.each([
    [{ pinned: true, unloadsAt: null }, 'unused for 2 min, kept in memory'],
    [{ unloadsAt: null }, 'unused for 2 min, stays while there is room'],
    [{ unloadsAt: now - 1 }, 'unused for 2 min, unloads now'],
    [{ unloadsAt: now + minute, unloadsBy: 'provider', lastUsedFrom: 'unknown' }, 'not seen in use for 2 min, Ollama unloads it in 1:00'],
    [{ idleMs: 0, unloadsAt: null }, 'just used, stays while there is room'],
    [{ inUse: true }, 'In use'],
    [{ inUse: true, uses: [lease('a'), lease('a')] }, 'In use by a'],
    [{ inUse: true, uses: [lease('a'), lease('b'), lease('c')] }, 'In use by 3 programs'],
    [{ state: 'reserved' }, 'Room is booked, waiting for others to leave'],
    [{ state: 'unloading' }, 'Unloading'],
    [{ state: 'stuck', since: now - 40_000 }, 'Not letting go for 40 s; its memory stays booked'],
    [{ state: 'stuck', since: now - 40_000, inUse: true }, 'Leaves memory when its answer has ended'],
    [{ state: 'loading', progress: null, expectedLoadMs: null }, 'Loading'],
    [{ state: 'loading', progress: 0.989, expectedLoadMs: null }, 'Loading, 98 %'],
    [{ state: 'loading', progress: 1, expectedLoadMs: null }, 'Loading, nearly done'],
    [{ state: 'loading', progress: 0.42, since: now - 4_000, expectedLoadMs: 14_000 }, 'Loading, 42 %, about 10 s left'],
    [{ state: 'loading', progress: null, since: now - 20_000, expectedLoadMs: 14_000 }, 'Loading, taking longer than usual'],
  ] as const)('%o', (more, words) => {
    expect(status({ ...more, uses: 'uses' in more ? [...more.uses] : [] }).words).toBe(words);
  });

  it('names who is answered and since when, and whoever else uses it', () => {
    const visit = (client: string, change = {}) => ({ model: 'x', name: 'x', client, requests: 1, since: now - 12_000, goneAt: null, ...change });
    const words = (answering: readonly ReturnType<typeof visit>[], more: Parameters<typeof loaded>[2] = { inUse: true }) => loadedStatus(loaded('llama3.2', 4.5, more), 'Ollama', now, now, { answering, waiting: [] }).words;
    expect(words([visit('Zed')], { inUse: true, uses: [lease('Zed')] })).toBe('Answering Zed for 12 s');
    expect(words([visit('Zed', { since: now - 300 })])).toBe('Answering Zed');
    expect(words([visit('Zed'), visit('curl')])).toBe('Answering Zed and curl');
    expect(words([visit('Zed'), visit('curl'), visit('node')])).toBe('Answering 3 programs');
    expect(words([visit('Zed')], { inUse: true, uses: [lease('Zed'), lease('notes')] })).toBe('In use by Zed and notes');
    // Between two requests that follow each other closely, and after one that was too short to be told.
    expect(words([visit('Zed', { goneAt: now - 500 })], {})).toBe('Answering Zed for 12 s');
    expect(words([visit('Zed', { since: now - 700, goneAt: now - 500 })], { idleMs: 500, unloadsAt: null })).toBe('just used, stays while there is room');
  });

  it('does not count those as answered who wait for their turn', () => {
    const model = loaded('llama3.2', 4.5, { inUse: true, uses: [lease('Zed'), lease('Continue')] });
    const visit = (client: string, of = model.id) => ({ model: of, name: 'x', client, requests: 1, since: now - 12_000, goneAt: null });
    const words = (waiting: readonly ReturnType<typeof visit>[]) => loadedStatus(model, 'Ollama', now, now, { answering: [visit('Zed')], waiting }).words;
    expect(words([visit('Continue')])).toBe('Answering Zed for 12 s');
    expect(words([visit('Continue', 'ollama/other')])).toBe('In use by Zed and Continue');
  });

  it('has a ring only where something counts down', () => {
    expect(status({ pinned: true }).left).toBeNull();
    expect(status({ inUse: true }).left).toBeNull();
  });
});
