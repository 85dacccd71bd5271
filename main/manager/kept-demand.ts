import { HALF_LIVES_MS, noDemand, type Demand } from '../core/demand.ts';
import type { DemandStore, SavedDemand } from '../memory/demand-store.ts';

/** What the core knew when Airdock ended. Of an Airdock with other half-lives: nothing that could be used. */
export function demandOf(saved: SavedDemand | null): Demand {
  if (saved === null || [saved.all, ...saved.models].some(({ counts }) => counts.length !== HALF_LIVES_MS.length)) return noDemand;
  const models = new Map(saved.models.map(({ weights, at, counts, followers, times }) => [weights, { at, counts, followers, times }]));
  return { models, all: saved.all, last: saved.last };
}

function savedOf({ models, all, last }: Demand): SavedDemand {
  return {
    all: { at: all.at, counts: [...all.counts] },
    last,
    models: [...models].map(([weights, { at, counts, followers, times }]) => ({ weights, at, counts: [...counts], followers: followers.map(([key, count]) => [key, count]), times: [...times] })),
  };
}

/** Has what is wanted written where it has changed; `known` is what the core began with. */
export function createDemandKeeper(store: DemandStore, known: Demand): { see(demand: Demand): void } {
  let last = known;
  return {
    see(demand) {
      if (demand === last) return;
      last = demand;
      store.changed(() => savedOf(last));
    },
  };
}
