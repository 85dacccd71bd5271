import { describe, expect, it } from 'vitest';
import { formatTable, isMet } from './table.ts';

describe('isMet', () => {
  it('takes the target itself as met, and NaN as missed', () => {
    expect(isMet({ figure: 50, target: 50 })).toBe(true);
    expect(isMet({ figure: 50.1, target: 50 })).toBe(false);
    expect(isMet({ figure: Number.NaN, target: 50 })).toBe(false);
    expect(isMet({ figure: 50, target: null })).toBeNull();
  });

  it('wants as much or more of what should be large', () => {
    expect([0.89, 0.9, Number.NaN].map((figure) => isMet({ figure, target: 0.9, orMore: true }))).toEqual([false, true, false]);
  });
});

describe('formatTable', () => {
  it('shows on which side of its target a figure should be', () => {
    const text = formatTable([{ name: 'a', figure: 1, unit: '×', target: 0.9, orMore: true }]);
    expect(text.split('\n').at(-1)).toBe('| a        | 1 ×    | ≥ 0.9  | met     |      |');
  });

  it('puts figure, target and verdict side by side', () => {
    const text = formatTable([
      { name: 'plan', figure: 12.3, unit: 'µs', target: 50 },
      { name: 'start', figure: 700, unit: 'ms', target: 500, note: 'slow disk' },
      { name: 'list', figure: 3, unit: 'ms', target: null },
    ]);
    expect(text.split('\n')).toEqual([
      '| measured | figure  | target | verdict | note      |',
      '| -------- | ------- | ------ | ------- | --------- |',
      '| plan     | 12.3 µs | ≤ 50   | met     |           |',
      '| start    | 700 ms  | ≤ 500  | MISSED  | slow disk |',
      '| list     | 3 ms    |        |         |           |',
    ]);
  });
});
