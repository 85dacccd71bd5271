import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSeconds, parseSeconds } from './settings-duration.ts';

describe('a duration', () => {
  it.each([
    [0, '0 s'],
    [45, '45 s'],
    [90, '1 min 30 s'],
    [300, '5 min'],
    [3600, '1 h'],
    [5400, '1 h 30 min'],
    [86_400, '24 h'],
    [0.5, '0.5 s'],
    [90.25, '1 min 30.25 s'],
  ])('of %d s reads %s', (value, words) => {
    expect(formatSeconds(value, 'en')).toBe(words);
  });

  it('reads otherwise in German', () => {
    expect(formatSeconds(0.5, 'de')).toBe('0,5 s');
    expect(formatSeconds(5400, 'de')).toBe('1 Std. 30 Min.');
  });

  it.each([
    ['90 s', 90],
    ['5 min', 300],
    ['5min', 300],
    ['1 h 30 min', 5400],
    ['1h30m', 5400],
    ['1,5 h', 5400],
    ['2 Stunden', 7200],
    ['10 Minuten', 600],
    ['30 Sek.', 30],
    ['  2 HOURS ', 7200],
    ['0 s', 0],
  ])('can be typed as %s', (typed, value) => {
    expect(parseSeconds(typed, 300)).toBe(value);
  });

  it('takes the unit that stood there where only a number is typed', () => {
    expect(parseSeconds('10', 300)).toBe(600);
    expect(parseSeconds('10', 45)).toBe(10);
    expect(parseSeconds('2', 3600)).toBe(7200);
    expect(parseSeconds('2', 0)).toBe(120);
  });

  it.each(['', 'soon', '5 parsecs', '-5 min', 'min', '5 min or so', '1:30'])('is not %j', (typed) => {
    expect(parseSeconds(typed, 300)).toBeNull();
  });

  it('means the same when it is read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), fc.constantFrom('en' as const, 'de' as const), (value, language) => {
        expect(parseSeconds(formatSeconds(value, language), 300)).toBe(value);
      }),
      { seed: 4 },
    );
  });
});
