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

/** Has what is wanted written where it has changed. */
export function createDemandKeeper(store: DemandStore): { see(demand: Demand): void } {
  let last: Demand | null = null;
  return {
    see(demand) {
      if (demand === last) return;
      const first = last === null;
      last = demand;
      // What was just read needs no writing.
      if (!first) store.changed(() => savedOf(last!));
    },
  };
}
