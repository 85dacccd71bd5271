import { expect, it } from 'vitest';
import type { Activity } from '../../contract/index.ts';
import { gb } from '../../test/core-fixture.ts';
import { catalogModel } from '../../test/scripted-provider.ts';
import { createEstimates } from './estimates.ts';

/** What is told of a model with this estimate once it was seen to take so much, in GB. */
function told(estimated: number, taken: number): string[] {
  const noted: Omit<Activity, 'id'>[] = [];
  const estimates = createEstimates({ learned: { tellOnce: () => true }, nameOf: () => 'm', now: () => 0, note: (entry) => noted.push(entry) });
  estimates.compare(catalogModel('ollama/m', estimated), null, { ram: gb(taken), vram: {} }, false);
  return noted.map(({ text }) => text);
}

it('tells of an estimate that was wrong, but not of two figures that read the same', () => {
  expect(told(0.2, 0.4)).toEqual(['m takes 0.4 GB; its estimate was 0.2 GB. From now on Airdock plans with what it takes.']);
  // A fifth less, and both are 0.2 GB on the screen.
  expect(told(0.24, 0.19)).toEqual([]);
});
