import { afterEach, expect, it } from 'vitest';
import { changeLanguage } from '../text/text.ts';
import { ago } from './ago.ts';

const minute = 60_000;
const hour = 60 * minute;
const now = new Date('2026-03-02T12:00:00').getTime();

afterEach(() => changeLanguage('en', []));

it.each([
  [0, 'just now'],
  [-5_000, 'just now'],
  [59_000, 'just now'],
  [minute, '1 min ago'],
  [59 * minute, '59 min ago'],
  [hour, '1 hr ago'],
  [23 * hour, '23 hr ago'],
  [24 * hour, 'yesterday'],
  [72 * hour, '3 days ago'],
])('%d ms: %s', (ms, words) => {
  expect(ago(now - ms, now)).toBe(words);
});

it('speaks German', async () => {
  await changeLanguage('de', ['de-AT']);
  expect([0, minute * 4, 24 * hour].map((ms) => ago(now - ms, now))).toEqual(['gerade eben', 'vor 4 Min.', 'gestern']);
});
