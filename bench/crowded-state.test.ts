import { describe, expect, it } from 'vitest';
import { plan } from '../main/core/plan.ts';
import { step } from '../main/core/step.ts';
import { crowdedState } from './crowded-state.ts';
import { forcedLoad } from './plan-cost.ts';

describe('crowdedState', () => {
  const { state, library, newcomers } = crowdedState({ loaded: 16, installed: 1000 });

  it('has as many models in memory and installed as asked for, and no room', () => {
    expect(state.slots.size).toBe(16);
    expect([...state.slots.values()].every((slot) => slot.state === 'ready')).toBe(true);
    expect(library.models).toHaveLength(1000);
    expect(plan(state, newcomers.oneGoes, null).freeRam).toBeCloseTo(0);
  });

  it('holds one newcomer of each kind of answer', () => {
    expect(plan(state, newcomers.oneGoes, null)).toMatchObject({ fit: { kind: 'evicts' }, unloads: [{}] });
    expect(plan(state, newcomers.manyGo, null).unloads).toHaveLength(15);
    expect(plan(state, newcomers.tooBig, null).fit.kind).toBe('too-big');
  });

  it('gives way to a load with force: what is measured is the whole of a decision', () => {
    const { effects } = step(state, forcedLoad(state, newcomers.manyGo));
    expect(effects.filter((effect) => effect.type === 'unload')).toHaveLength(15);
  });
});
