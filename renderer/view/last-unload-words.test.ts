import { afterEach, expect, it } from 'vitest';
import { changeLanguage } from '../text/text.ts';
import { lastUnloadWords } from './last-unload-words.ts';

const now = new Date('2026-03-02T12:00:00').getTime();
type Reason = Parameters<typeof lastUnloadWords>[0]['reason'];
const words = (reason: Reason, newcomer: string | null = null) => lastUnloadWords({ activity: 1, at: now - 12 * 60_000, reason, text: '' }, newcomer, now);

afterEach(() => changeLanguage('en', []));

it.each([
  ['idle', 'Unloaded 12 min ago because it was unused.', 'Vor 12 Min. entladen, weil es unbenutzt war.'],
  ['room', 'Unloaded 12 min ago to make room for another model.', 'Vor 12 Min. entladen, um Platz für ein anderes Modell zu schaffen.'],
  ['asked', 'Unloaded 12 min ago, as asked for.', 'Vor 12 Min. entladen, auf Wunsch.'],
  ['pinned', 'Unloaded 12 min ago.', 'Vor 12 Min. entladen.'],
] as const)('%s', async (reason, english, german) => {
  expect(words(reason)).toBe(english);
  await changeLanguage('de', []);
  expect(words(reason)).toBe(german);
});

it('names the newcomer', () => {
  expect(words('room', 'qwen3')).toBe('Unloaded 12 min ago to make room for qwen3.');
});
