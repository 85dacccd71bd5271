import { plan } from '../main/core/plan.ts';
import { step } from '../main/core/step.ts';
import type { CoreEvent } from '../main/core/events.ts';
import type { CoreState, KnownModel } from '../main/core/types.ts';
import { installedView } from '../main/manager/view.ts';
import { crowdedState } from './crowded-state.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { cpuPerCall, rounded } from './statistics.ts';

const TARGET_US = 50;
const DECISION_TARGET_US = 100;
const LOADED = 16;
const INSTALLED = 1000;

/**
 * CPU time of a decision on a full machine at its limit, by each policy. `plan` is the preview: newcomers that one and that fifteen models make
 * room for, and one that is too big, in turn. The step is a whole load request with force, from the event to the orders to
 * unload. The core is pure, so the same state is asked again and again, but each time as if a use had just changed what is wanted. The list of all installed models, each with how it
 * would fit, is worked out once a second while a dashboard is open.
 */
export async function benchPlanCost({ quick }: BenchOptions): Promise<BenchResult[]> {
  const { state: lru, library, newcomers } = crowdedState({ loaded: LOADED, installed: INSTALLED });
  const turns = Object.values(newcomers);
  const rounds = 31;
  const where = `${LOADED} loaded, ${INSTALLED.toLocaleString('en')} installed`;
  return (['lru', 'value'] as const).flatMap((eviction) => {
    const state = { ...lru, config: { ...lru.config, eviction } };
    const anew = (): CoreState => ({ ...state, demand: { ...state.demand } });
    let turn = 0;
    const preview = cpuPerCall(() => void plan(anew(), turns[turn++ % turns.length]!, null), { times: 900, rounds });
    const few = forcedLoad(state, newcomers.oneGoes);
    const one = cpuPerCall(() => void step(anew(), few), { times: 300, rounds });
    const event = forcedLoad(state, newcomers.manyGo);
    const request = cpuPerCall(() => void step(anew(), event), { times: 300, rounds });
    const list = cpuPerCall(() => void installedView(anew(), library, () => null), { times: 4, rounds: quick ? 5 : rounds });
    return [
      { name: `plan by ${eviction}, ${where}`, figure: rounded(preview), unit: 'µs CPU', target: TARGET_US, note: 'mean of: 1 makes room, 15 make room, too big' },
      { name: `step: load by force, ${eviction}`, figure: rounded(one), unit: 'µs CPU', target: DECISION_TARGET_US, note: 'one event that unloads 1' },
      { name: `step: load by force, ${eviction}`, figure: rounded(request), unit: 'µs CPU', target: DECISION_TARGET_US, note: 'one event that unloads 15' },
      { name: `list of installed models with fit, ${eviction}`, figure: rounded(list / 1000), unit: 'ms CPU', target: null },
    ];
  });
}

export function forcedLoad(state: CoreState, model: KnownModel): Extract<CoreEvent, { type: 'load-requested' }> {
  return { at: state.now, type: 'load-requested', waiter: 'w1', modelId: model.id, force: true, mayUnload: null, tryOnce: false, contextLength: null, origin: 'client', by: 'bench', lease: null };
}
