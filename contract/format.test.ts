import { expect, it } from 'vitest';
import { formatBytes, formatCountdown, formatDuration, formatList, GIB } from './format.ts';

it('writes sizes in GB of 1024³ with one decimal, small ones in MB', () => {
  expect([7.84 * GIB, 0.1 * GIB, 0.05 * GIB, -1.2 * GIB, 0].map((bytes) => formatBytes(bytes))).toEqual(['7.8 GB', '0.1 GB', '51 MB', '−1.2 GB', '0 MB']);
  expect(formatBytes(7.84 * GIB, 'de')).toBe('7,8 GB');
  expect(formatBytes(-7.84 * GIB, 'de')).toBe('−7,8 GB');
});

it('writes durations in their largest unit', () => {
  const all = [40_000, 4 * 60_000, 2 * 3_600_000, 72 * 3_600_000];
  expect(all.map((ms) => formatDuration(ms))).toEqual(['40 s', '4 min', '2 h', '3 days']);
  expect(all.map((ms) => formatDuration(ms, 'de'))).toEqual(['40 s', '4 Min.', '2 Std.', '3 Tage']);
});

it('writes what is shorter than a second as such, and nothing as nothing', () => {
  expect([1, 400, 999, 1_000, 1_400, 0].map((ms) => formatDuration(ms))).toEqual(['under 1 s', 'under 1 s', 'under 1 s', '1 s', '1 s', '0 s']);
  expect(formatDuration(400, 'de')).toBe('weniger als 1 s');
});

it('counts down and lists', () => {
  expect([299_000, 3_723_000, -5].map(formatCountdown)).toEqual(['4:59', '1:02:03', '0:00']);
  expect(formatList(['a', 'b', 'c'])).toBe('a, b and c');
  expect(formatList(['a', 'b'], 'de')).toBe('a und b');
});
