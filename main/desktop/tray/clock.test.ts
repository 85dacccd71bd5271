import { afterEach, expect, it, vi } from 'vitest';
import { createClock } from './clock.ts';

const now = Date.UTC(2026, 10, 26, 14, 2);
const hour = 60 * 60_000;

afterEach(() => void vi.restoreAllMocks());

it('says the weekday where the time alone could be taken for today’s', () => {
  const clock = createClock(now, 'en', 'UTC');
  expect([clock(now), clock(now + 17 * hour), clock(now - 17 * hour)]).toEqual(['14:02', '07:02', '21:02']);
  expect([clock(now + 19 * hour), clock(now - 19 * hour)]).toEqual(['Fri 09:02', 'Wed 19:02']);
  expect(createClock(now, 'de', 'UTC')(now + 24 * hour)).toBe('Fr., 14:02');
});

it('makes a formatter of each kind once, however many times are told', () => {
  const { DateTimeFormat } = Intl;
  const made = vi.spyOn(Intl, 'DateTimeFormat').mockImplementation(function (...given) {
    return new DateTimeFormat(...given);
  });
  const clock = createClock(now, 'en', 'UTC');
  expect(made).not.toHaveBeenCalled();
  for (let model = 0; model < 16; model += 1) clock(now + model * 4 * hour);
  expect(made).toHaveBeenCalledTimes(2);
});
