import { expect, it } from 'vitest';
import { createCore, knownModel, type Core } from '../../test/core-fixture.ts';
import { createRandom } from '../../test/simulation/random.ts';
import { decide, wishFor } from './plan.ts';
import { sharedSurroundings } from './surroundings.ts';

const models = Array.from({ length: 12 }, (_, i) => knownModel(`p/m${i}`, 1 + (i % 5) * 3, { idleTimeoutMs: i % 3 === 0 ? 1_000 : 300_000 }));

/** A core in which things have happened: loads under way, leaving, in use, kept. */
function lively(seed: number): Core {
  const random = createRandom(seed);
  const core = createCore({ models, capacity: 24, config: { limit: 4, pinned: new Set(['p/m1']) } });
  for (let i = 0; i < 30; i++) {
    const id = `p/m${random.int(models.length)}`;
    const lease = random.chance(0.2) ? { holder: 'x', ttlMs: 5_000 } : null;
    core.ask(id, { force: random.chance(0.6), lease });
    if (random.chance(0.6)) core.settle();
    core.pass(random.int(4) * 500);
  }
  return core;
}

it('are the same for every newcomer that has nothing there: shared or not, the decision is one', () => {
  const kinds = new Set<string>();
  for (let seed = 1; seed <= 60; seed++) {
    const { state } = lively(seed);
    const shared = sharedSurroundings(state, true);
    for (const model of models) {
      const wish = { ...wishFor(model, null, true), contextLength: null };
      const alone = decide(state, wish);
      kinds.add(alone.kind);
      expect(decide(state, wish, shared), `seed ${seed}, ${model.id}`).toEqual(alone);
    }
  }
  expect([...kinds].sort()).toEqual(expect.arrayContaining(['blocked', 'evicts', 'fits', 'loaded', 'short', 'waits']));
});
