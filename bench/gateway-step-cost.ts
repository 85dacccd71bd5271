import { step } from '../main/core/step.ts';
import type { CoreState } from '../main/core/types.ts';
import { crowdedState } from './crowded-state.ts';
import { forcedLoad } from './plan-cost.ts';
import type { BenchResult } from './result.ts';
import { cpuPerCall, rounded } from './statistics.ts';

const TARGET_US = 20;
const MODELS = 16;
const USES = 64;

/** CPU time of what each request asks of the core: a use of a model in memory begins and ends, while 64 others go on. */
export function benchStepCost(): BenchResult[] {
  const { state: crowded } = crowdedState({ loaded: MODELS, installed: 200 });
  const models = [...crowded.catalog.byId.values()].filter(({ weights }) => crowded.slots.has(weights));
  const used = (state: CoreState, use: number): CoreState =>
    step(state, { ...forcedLoad(state, models[use % MODELS]!), waiter: `w${use}`, queued: true, lease: { holder: 'bench', ttlMs: null } }).state;
  const state = Array.from({ length: USES }, (_, use) => use).reduce(used, crowded);
  if (state.leases.size !== USES) throw new Error(`${state.leases.size} uses were granted instead of ${USES}.`);
  const known = new Set(state.leases.keys());
  const useAndLetGo = (): void => {
    const during = used(state, USES);
    const lease = [...during.leases.keys()].find((id) => !known.has(id))!;
    step(during, { at: during.now, type: 'lease-released', lease });
  };
  const cost = cpuPerCall(useAndLetGo, { times: 500, rounds: 31 }) / 2;
  return [{ name: `step: a use begins or ends, ${USES} uses of ${MODELS} models in progress`, figure: rounded(cost), unit: 'µs CPU', target: TARGET_US }];
}
