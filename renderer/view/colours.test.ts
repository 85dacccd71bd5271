import { describe, expect, it } from 'vitest';
import { assignColours, colourCount } from './colours.ts';

/** Ids that all have the same colour when each is alone: chance must not hide a clash. */
const alike = Array.from({ length: 400 }, (_, index) => `ollama/model-${index}`).filter((id) => Object.values(assignColours({}, [id]))[0] === 0);
const ids = (count: number) => alike.slice(0, count);

describe('colours of models', () => {
  it('are the same for the same model on its own, whenever it comes', () => {
    expect(assignColours({}, ['ollama/llama3.2'])).toEqual(assignColours({ other: 3 }, ['ollama/llama3.2']));
  });

  it('differ for all models in memory as long as there are enough', () => {
    const assigned = Object.values(assignColours({}, ids(colourCount)));
    expect(new Set(assigned).size).toBe(colourCount);
  });

  it('stay with a model while others come and go', () => {
    const before = assignColours({}, ids(5));
    expect(ids(5)).toHaveLength(5);
    const after = assignColours(before, [...ids(5).slice(2), 'ollama/new']);
    for (const id of ids(5).slice(2)) expect(after[id]).toBe(before[id]);
  });

  it('are shared rather than missing where there are more models than colours', () => {
    const assigned = assignColours({}, ids(colourCount + 3));
    for (const id of ids(colourCount + 3)) expect(assigned[id]).toBeLessThan(colourCount);
  });
});
