import { afterEach, expect, it } from 'vitest';
import { changeLanguage } from '../text/text.ts';
import { clockOf, dayOf, daysAgo } from './entry-times.ts';

const at = (when: string) => new Date(when).getTime();

afterEach(() => changeLanguage('en', []));

it.each([
  ['2026-03-02T00:00:00', '2026-03-02T23:59:59', 0],
  ['2026-03-01T23:59:59', '2026-03-02T00:00:01', 1],
  ['2026-02-28T12:00:00', '2026-03-02T00:00:00', 2],
  // A night in which clocks change somewhere.
  ['2026-03-28T12:00:00', '2026-03-30T01:00:00', 2],
  ['2026-10-24T12:00:00', '2026-10-26T01:00:00', 2],
])('between %s and %s lie %d midnights', (then, now, days) => {
  expect(daysAgo(at(then), at(now))).toBe(days);
});

it('speaks the language of the screen, also after that has changed', async () => {
  await changeLanguage('en', ['en-GB']);
  expect([clockOf(at('2026-03-02T14:02:00')), dayOf(at('2026-03-02T14:02:00'))]).toEqual(['14:02', 'Monday 2 March']);
  await changeLanguage('de', ['de']);
  expect(dayOf(at('2026-03-02T14:02:00'))).toBe('Montag, 2. März');
});
