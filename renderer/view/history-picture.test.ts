import { describe, expect, it } from 'vitest';
import { historyMs } from '../store/history.ts';
import { historyPicture, sampleAt } from './history-picture.ts';

const end = 10_000_000;
const sample = (ago: number, models: number, otherPrograms = 2) => ({ at: end - ago, free: 10 - models - otherPrograms, models, otherPrograms });

describe('the picture of the last 15 minutes', () => {
  it('stacks models on other programs, newest at the right', () => {
    const picture = historyPicture([sample(5_000, 0), sample(0, 5)], end, 10);
    expect(picture.otherArea).toBe('M895 100L895 80L900 80L900 100Z');
    expect(picture.modelsLine).toBe('M895 80L900 30');
    expect(picture.modelsArea).toBe('M895 80L900 30L900 80L895 80Z');
    expect(picture.limit).toBe(0);
    expect(picture.gaps).toEqual([{ from: 0, to: 895 / 900 }]);
  });

  it('leaves open what nobody saw, before, between and after', () => {
    const { gaps, modelsLine } = historyPicture([sample(600_000, 1), sample(595_000, 1), sample(300_000, 1), sample(295_000, 1)], end, 10);
    expect(gaps.map(({ from, to }) => [Math.round(from * 900), Math.round(to * 900)])).toEqual([[0, 300], [305, 600], [605, 900]]);
    expect(modelsLine.match(/M/g)).toHaveLength(2);
  });

  it('makes room above the memory for what is over it', () => {
    expect(historyPicture([sample(0, 18)], end, 10).limit).toBe(0.5);
  });

  it('draws nothing of nothing, nor of what is older or yet to come', () => {
    for (const samples of [[], [sample(historyMs + 1, 1)], [sample(-1, 1)]]) {
      expect(historyPicture(samples, end, 10)).toMatchObject({ otherArea: '', modelsArea: '', modelsLine: '', gaps: [{ from: 0, to: 1 }] });
    }
  });
});

it('finds the sample under the pointer, and none in a gap', () => {
  const samples = [sample(300_000, 1), sample(0, 5)];
  expect(sampleAt(samples, end, 1)?.models).toBe(5);
  expect(sampleAt(samples, end, 2 / 3)?.models).toBe(1);
  expect(sampleAt(samples, end, 0.9)).toBeNull();
  expect(sampleAt([], end, 0.9)).toBeNull();
});
