import { expect, it } from 'vitest';
import { knownModel, slotFixture, stateFixture } from '../../test/core-fixture.ts';
import type { Slot } from '../core/types.ts';
import { createSeenContexts } from './seen-contexts.ts';

const model = knownModel('ollama/a', 1);

function seen(...looks: (Partial<Slot> | null)[]): [string, number][] {
  const recorded: [string, number][] = [];
  const contexts = createSeenContexts((id, contextLength) => recorded.push([id, contextLength]));
  for (const look of looks) contexts.see(stateFixture({ models: [model], slots: look === null ? [] : [slotFixture(model, look)] }));
  return recorded;
}

it('remembers the context with which a server has loaded a model anew', () => {
  expect(seen({ contextLength: 4096 }, { contextLength: 8192 }, { contextLength: 8192 })).toEqual([['ollama/a', 8192]]);
});

it.each([
  ['a load of Airdock’s own with another context', [{ op: 1, contextLength: 4096 }, { op: 2, contextLength: 8192 }]],
  ['what is loaded for the first time, whoever did it', [{ contextLength: 8192 }]],
  ['what went and came again', [{ contextLength: 4096 }, null, { contextLength: 8192 }]],
  ['a model whose context is not told', [{ contextLength: 4096 }, { contextLength: null }]],
  ['a model that is only on its way', [{ contextLength: 4096 }, { state: 'loading', contextLength: 8192 }]],
] as [string, (Partial<Slot> | null)[]][])('is not told by %s', (_what, looks) => {
  expect(seen(...looks)).toEqual([]);
});
