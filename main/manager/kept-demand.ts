import { followersOf, MAX_FOLLOWERS, MAX_PAIRS, noDemand, withUse, type Demand, type Followers } from '../core/demand.ts';
import { RATE_KINDS, START_WEIGHTS } from '../core/predict.ts';
import { MAX_LATEST, noRecency } from '../core/recency.ts';
import type { DemandStore, FirstSavedDemand, SavedDemand } from '../memory/demand-store.ts';

/** What the core knew when Airdock ended. Of an Airdock that counted otherwise: what the times of uses still tell. */
export function demandOf(saved: SavedDemand | FirstSavedDemand | null): Demand {
  if (saved === null) return noDemand;
  return (saved.version === 1 ? null : asKept(saved)) ?? replayed(saved.models);
}

/** Null where the figures do not belong together. What is believed, and after how many others a model comes back, is learned again in a few uses where they alone are of another kind. */
function asKept({ all, last, previous, weights, returns, models }: SavedDemand): Demand | null {
  const ids = new Map(models.map((model, id) => [model.weights, id]));
  const isThere = (id: number): boolean => id < models.length;
  const whole = [all, ...models].every(({ counts, use }) => counts.length === RATE_KINDS.length && use <= all.use);
  const sum = weights.reduce((a, b) => a + b, 0);
  if (!whole || ids.size !== models.length) return null;
  const followers = (pairs: readonly (readonly [number, number])[]): Followers => followersOf(pairs.filter(([id]) => isThere(id)).slice(-MAX_FOLLOWERS));
  return {
    ids,
    known: models.map(({ weights: key, at, use, counts, followers: next, pairs, times }) => ({
      key,
      at,
      use,
      counts,
      followers: followers(next),
      pairs: pairs.filter(([id]) => isThere(id)).slice(-MAX_PAIRS).map(([id, then]) => [id, followers(then)] as const),
      times,
    })),
    all,
    last,
    previous,
    recency: {
      latest: models.map((_, id) => id).sort((a, b) => models[b]!.use - models[a]!.use).slice(0, MAX_LATEST),
      counts: returns?.length === MAX_LATEST ? returns : noRecency.counts,
    },
    weights: weights.length === START_WEIGHTS.length && sum > 0 ? weights.map((weight) => weight / sum) : START_WEIGHTS,
  };
}

/** The uses whose times are known, one after the other. */
function replayed(models: readonly { weights: string; times: readonly number[] }[]): Demand {
  const uses = models.flatMap(({ weights, times }) => times.map((at) => ({ weights, at })));
  return uses.sort((a, b) => a.at - b.at).reduce((demand, { weights, at }) => withUse(demand, weights, at), noDemand);
}

function savedOf({ known, all, last, previous, recency, weights }: Demand): Omit<SavedDemand, 'version'> {
  const pairs = ({ to, counts }: Followers): [number, number][] => to.map((id, i) => [id, counts[i]!]);
  return {
    all: { ...all, counts: [...all.counts] },
    last,
    previous,
    weights: [...weights],
    returns: [...recency.counts],
    models: known.map((uses) => ({
      weights: uses.key,
      at: uses.at,
      use: uses.use,
      counts: [...uses.counts],
      followers: pairs(uses.followers),
      pairs: uses.pairs.map(([before, then]) => [before, pairs(then)]),
      times: [...uses.times],
    })),
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
