import { expect, it } from 'vitest';
import { activityFixture } from '../../test/snapshot-fixture.ts';
import { createRepeats } from './repeats.ts';

const refused = activityFixture(1, { at: 0, kind: 'refused', reason: 'asked', model: 'ollama/a', by: 'notes.py', code: 'no-room', text: 'a needs 2.4 GB more.' });

it('knows the same refusal again within a minute, whatever its figures, and lets it be told once a minute', () => {
  const isRepeat = createRepeats();
  const told: number[] = [];
  for (let second = 0; second < 150; second++) if (!isRepeat({ ...refused, at: second * 1_000, text: `a needs ${second} MB more.` })) told.push(second);
  expect(told).toEqual([0, 60, 120]);
  // A clock that was set back must not silence it.
  expect(isRepeat({ ...refused, at: -1_000_000 })).toBe(false);
});

it('knows an unload that does not succeed again, but tells each failed load', () => {
  const isRepeat = createRepeats();
  const failed = (code: 'not-letting-go' | 'load-failed') => isRepeat({ ...refused, kind: 'failed', code });
  expect([failed('not-letting-go'), failed('not-letting-go'), failed('load-failed'), failed('load-failed')]).toEqual([false, true, false, false]);
});

it.each([
  ['another model', { model: 'ollama/b' }],
  ['another reason', { code: 'limit-reached' as const }],
  ['somebody else', { by: 'dashboard' }],
  ['an unload, not a load', { parts: { what: 'unload' as const } }],
  ['no refusal', { kind: 'failed' as const }],
  ['an unload that did not succeed', { kind: 'failed' as const, code: 'not-letting-go' as const }],
])('takes %s for something else', (_what, change) => {
  const isRepeat = createRepeats();
  isRepeat(refused);
  expect(isRepeat({ ...refused, ...change })).toBe(false);
});
