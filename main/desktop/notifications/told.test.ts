import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Activity, Language, LiveState } from '../../../contract/index.ts';
import { loadedModelFixture, stateFixture } from '../../../test/snapshot-fixture.ts';
import { providerFixture } from '../tray/menu-fixture.ts';
import { entry, gather, minute, setUp, stopTheClock } from './notifier-fixture.ts';

beforeEach(stopTheClock);

describe('what is told', () => {
  const told = (change: Partial<Activity>, state: Partial<LiveState> = {}, language: Language = 'en') => {
    const { notifier, world, texts } = setUp();
    world.language = language;
    notifier.state(stateFixture(state));
    notifier.activity([entry(change)]);
    vi.advanceTimersByTime(gather);
    return texts()[0] ?? null;
  };
  const failed = { kind: 'failed', reason: 'asked', code: 'load-failed', text: 'codellama could not be loaded: out of luck.' } as const;

  it.each([
    ['a model that made room', {}, ['codellama was unloaded', 'To make room for vision, asked for by Open WebUI. 7.0 GB free now.']],
    ['one of unknown size for nobody known', { by: null, forModel: null, ram: null }, ['codellama was unloaded', 'To make room for another model.']],
    ['memory that ran short', { reason: 'pressure', by: null, forModel: null }, ['codellama was unloaded', 'The computer ran short of memory. 7.0 GB free now.']],
    ['a lowered limit', { reason: 'limit', by: null, forModel: null, ram: null }, ['codellama was unloaded', 'The limit was lowered.']],
    ['another context size', { reason: 'replace', ram: null }, ['codellama was unloaded', 'It is loaded again with another context size, asked for by Open WebUI.']],
    ['a server that hung', { reason: 'other', ram: null }, ['codellama was unloaded', 'Loading vision hung behind it.']],
    ['a load that failed', failed, ['codellama could not be loaded', failed.text]],
    ['a model that does not let go', { kind: 'failed', reason: 'idle', by: null, code: 'not-letting-go', text: 'It holds on.' }, ['codellama is not letting go', 'It holds on.']],
    ['a crash', { kind: 'crashed', reason: 'other', by: null, code: 'internal', text: 'Its process died.' }, ['codellama has crashed', 'Its process died.']],
  ] as const)('%s', (_name, change, words) => {
    expect(told(change as Partial<Activity>)).toEqual(words);
  });

  it('in German', () => {
    expect(told({}, {}, 'de')).toEqual(['codellama wurde entladen', 'Um Platz für vision zu schaffen, angefordert von Open WebUI. 7,0 GB sind jetzt frei.']);
    // What the engine says is English: its code has to do.
    expect(told(failed, {}, 'de')).toEqual(['codellama konnte nicht geladen werden', 'Der Grund steht im Verlauf.']);
    expect(told({ ...failed, code: 'out-of-memory' }, {}, 'de')).toEqual(['codellama konnte nicht geladen werden', 'Der Speicher reichte beim Laden nicht.']);
    expect(told({ kind: 'failed', reason: 'idle', by: null, code: 'not-letting-go', text: 'It holds on.' }, {}, 'de')).toEqual(['codellama gibt den Speicher nicht frei', 'Es wurde zum Entladen aufgefordert, und sein Speicher bleibt belegt.']);
    expect(told({ kind: 'crashed', reason: 'other', by: null, code: 'internal', text: 'Its process died.' }, {}, 'de')).toEqual(['codellama ist abgestürzt', 'Sein Prozess endete unerwartet. Mehr steht im Verlauf.']);
  });

  it('with the newcomer called as everywhere else', () => {
    expect(told({ ram: null }, { loaded: [loadedModelFixture({ id: 'ollama/vision:latest', name: 'llama-vision' })] })?.[1]).toBe('To make room for llama-vision, asked for by Open WebUI.');
  });

  it.each([
    ['idle timeouts', { reason: 'idle', by: null, forModel: null }],
    ['what a script asked to unload', { reason: 'asked', forModel: null }],
    ['the end of Airdock', { reason: 'shutdown', by: null }],
    ['the night', { reason: 'sleep', by: 'Airdock' }],
    ['what let go at last', { reason: 'other', by: null, forModel: null }],
    ['loads', { kind: 'loaded', reason: 'asked' }],
    ['refusals', { kind: 'refused', reason: 'asked', code: 'no-room' }],
    ['cancelled loads', { kind: 'failed', reason: 'asked', code: 'cancelled' }],
    ['other programs', { kind: 'disappeared', reason: 'foreign' }],
    ['settings', { kind: 'setting', reason: 'asked' }],
    ['notices', { kind: 'notice', reason: 'other', code: 'in-use' }],
  ] as const)('not %s', (_name, change) => {
    expect(told(change as Partial<Activity>)).toBeNull();
  });

  it.each(['dashboard', 'tray', 'command line'])('nothing that a person did by hand: %s', (by) => {
    for (const reason of ['room', 'replace', 'other', 'limit'] as const) expect(told({ by, reason })).toBeNull();
    expect(told({ ...failed, by })).toBeNull();
    expect(told({ ...failed, code: 'not-letting-go', by })).toBeNull();
  });

  it('no failure of a load that is tried again', () => {
    expect(told(failed, { loaded: [loadedModelFixture({ id: 'ollama/codellama:latest', state: 'loading' })] })).toBeNull();
  });
});

describe('a server', () => {
  const down = () => entry({ kind: 'provider', reason: 'other', model: null, name: null, forModel: null, by: null, provider: 'ollama', code: 'provider-down', text: 'Ollama does not answer.' });
  const state = (status: 'up' | 'down' | 'absent') => stateFixture({ providers: [providerFixture({ status })] });

  it('that stopped is told once, until it runs again', () => {
    const { notifier, texts } = setUp();
    const stops = (): void => {
      notifier.state(state('up'));
      notifier.activity([down()]);
      notifier.state(state('down'));
      notifier.activity([down()]);
      vi.advanceTimersByTime(2 * minute);
    };
    stops();
    expect(texts()).toEqual([['Ollama stopped answering', 'Ollama does not answer. Its models may still hold memory.']]);
    stops();
    expect(texts()).toHaveLength(2);
  });

  it('that never ran is missed by nobody', () => {
    const { notifier, texts } = setUp();
    notifier.state(state('absent'));
    notifier.activity([down()]);
    vi.advanceTimersByTime(gather);
    expect(texts()).toEqual([]);
  });

  it('that was only restarted is no news', () => {
    const { notifier, texts } = setUp();
    notifier.state(state('up'));
    notifier.activity([down()]);
    notifier.state(state('up'));
    vi.advanceTimersByTime(gather);
    expect(texts()).toEqual([]);
  });
});
