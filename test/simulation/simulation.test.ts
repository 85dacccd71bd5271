import { describe, expect, it } from 'vitest';
import { simulate } from './world.ts';

// 40 machines with 5,000 events each: 200,000 events per run. More: npm run simulate:core -- --events 5000000
const seeds = Array.from({ length: 40 }, (_, i) => i + 1);

describe('the core against simulated providers that delay, fail, crash and restart', () => {
  it.each(seeds)('keeps its promises, seed %i', (seed) => {
    const result = simulate(seed, 5_000);
    expect(result.loads).toBeGreaterThan(0);
    expect(result.unloads).toBeGreaterThan(0);
  });

  it('is deterministic: the same seed gives the same run', () => {
    expect(simulate(7, 3_000)).toEqual(simulate(7, 3_000));
  });
});
