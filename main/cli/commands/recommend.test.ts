import { expect, it } from 'vitest';
import type { Recommendation } from '../../../contract/index.ts';
import { recommendedText } from './recommend.ts';

const one = (notes: string[]): Recommendation => ({ file: null, task: null, model: null, alternatives: [], reason: 'None is right.', chosenBy: null, notes });

it('says of which files a note is, where there are several', () => {
  const recommendations = [one(['It is long.']), one(['It is long.', 'It is odd.']), one([])];
  const text = recommendedText({ recommendations, groups: [], left: [0, 1, 2], loads: 0, sentence: 'For 3 files no model is right.' }, ['a.txt', 'b.txt', 'c.txt']);
  expect(text).toMatch(/\n\na\.txt, b\.txt: It is long\.\nb\.txt: It is odd\.$/);
});
