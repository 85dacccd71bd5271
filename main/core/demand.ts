import type { WeightsKey } from './types.ts';

/*
 * How much each model is wanted: learned from uses, kept for models that are not in memory too. The figures behind the parameters are in
 * docs/eviction.md.
 */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Uses fade with each of these; the mean of all six predicts better than any one. */
export const HALF_LIVES_MS: readonly number[] = [HOUR_MS / 16, HOUR_MS / 4, HOUR_MS, 4 * HOUR_MS, 16 * HOUR_MS, 64 * HOUR_MS];
/** Uses of one model with none of another between them are one use, up to this pause. */
export const RUN_PAUSE_MS = 10 * MINUTE_MS;
/** How much of the forecast is who follows whom; the rest is how often each is used. */
export const SUCCESSOR_SHARE = 0.5;
/** Each step further ahead counts for this much of the one before. */
export const STEP_WEIGHT = 0.9;
/** What is left of a pair once its first model was followed by something again. */
export const FOLLOWER_FADE = 0.995;
/** How far ahead, over how many models at each step, with how many followers each: bounds the work of a forecast. */
export const STEPS = 8;
export const BREADTH = 8;
export const MAX_FOLLOWERS = 8;
/** More models than anyone uses; the one used longest ago is forgotten first. */
export const MAX_KNOWN = 500;
/** Times that are kept of each, to say how often it was used. */
export const MAX_TIMES = 20;

export interface Uses {
  /** When it was last used, wall time in ms; what the counts are faded to. */
  at: number;
  /** One for each half-life. */
  counts: readonly number[];
  /** What was used next, latest last: how often, faded. */
  followers: readonly (readonly [WeightsKey, number])[];
  /** Starts of its latest uses, wall time in ms, latest last. */
  times: readonly number[];
}

export interface Demand {
  /** In the order of last use. */
  models: ReadonlyMap<WeightsKey, Uses>;
  /** All uses together. */
  all: { at: number; counts: readonly number[] };
  last: WeightsKey | null;
}

export const noDemand: Demand = { models: new Map(), all: { at: 0, counts: HALF_LIVES_MS.map(() => 0) }, last: null };

/** `demand` with a use of `key` that began or ended at `at`. */
export function withUse(demand: Demand, key: WeightsKey, at: number): Demand {
  const before = demand.models.get(key);
  if (demand.last === key && before && at - before.at < RUN_PAUSE_MS) {
    // Once a second is often enough to know when it was last used; programs ask a hundred times a second.
    if (at - before.at < 1000) return demand;
    return { ...demand, models: moved(demand.models, key, { ...before, at, counts: faded(before.counts, at - before.at) }) };
  }
  const models = moved(demand.models, key, {
    at: Math.max(at, before?.at ?? at),
    counts: added(before, at),
    followers: before?.followers ?? [],
    times: [...(before?.times ?? []), at].slice(-MAX_TIMES),
  });
  const previous = demand.last === null || demand.last === key ? undefined : models.get(demand.last);
  if (previous && demand.last !== null) models.set(demand.last, { ...previous, followers: followedBy(previous.followers, key) });
  for (const oldest of models.keys()) {
    if (models.size <= MAX_KNOWN) break;
    models.delete(oldest);
  }
  return { models, all: { at: Math.max(at, demand.all.at), counts: added(demand.all, at) }, last: key };
}

function moved(models: Demand['models'], key: WeightsKey, uses: Uses): Map<WeightsKey, Uses> {
  const next = new Map(models);
  next.delete(key);
  return next.set(key, uses);
}

function added(before: { at: number; counts: readonly number[] } | undefined, at: number): number[] {
  return before ? faded(before.counts, at - before.at).map((count) => count + 1) : HALF_LIVES_MS.map(() => 1);
}

/** A clock that is set back makes nothing more wanted. */
function faded(counts: readonly number[], ms: number): number[] {
  return counts.map((count, i) => count * 2 ** (-Math.max(0, ms) / HALF_LIVES_MS[i]!));
}

function followedBy(followers: Uses['followers'], key: WeightsKey): Uses['followers'] {
  const own = followers.find(([follower]) => follower === key)?.[1] ?? 0;
  const others = followers.filter(([follower]) => follower !== key).map(([follower, count]) => [follower, count * FOLLOWER_FADE] as const);
  // The rarest goes; of equals the one seen longest ago.
  if (others.length >= MAX_FOLLOWERS) others.splice(others.reduce((least, [, count], i) => (count < others[least]![1] ? i : least), 0), 1);
  return [...others, [key, own * FOLLOWER_FADE + 1]];
}

/** Uses per ms to be expected of what was used like this. */
function rateOf({ at, counts }: { at: number; counts: readonly number[] }, now: number): number {
  const ms = Math.max(0, now - at);
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += (counts[i]! / HALF_LIVES_MS[i]!) * 2 ** (-ms / HALF_LIVES_MS[i]!);
  return sum / HALF_LIVES_MS.length;
}

/**
 * How often each model is going to be used, as a share of all uses, the nearest counting most. `from`: the model that is
 * used next, or null where nothing is known about that.
 */
export function forecast(demand: Demand, now: number, from: WeightsKey | null): (key: WeightsKey) => number {
  const all = rateOf(demand.all, now);
  const ahead = followersAhead(demand, from ?? demand.last);
  const often = STEP_WEIGHT / (1 - STEP_WEIGHT);
  return (key) => {
    const uses = demand.models.get(key);
    const share = uses && all > 0 ? rateOf(uses, now) / all : 0;
    return (1 - SUCCESSOR_SHARE) * often * share + SUCCESSOR_SHARE * (ahead.get(key) ?? 0);
  };
}

/** By following who follows whom from `from`, step by step: the expected uses of each, weighted by how far ahead they are. */
function followersAhead(demand: Demand, from: WeightsKey | null): ReadonlyMap<WeightsKey, number> {
  if (from === null) return new Map();
  // Numbers instead of keys, given as they are met: what a step costs is adding up.
  const numbers = new Map<WeightsKey, number>([[from, 0]]);
  const keys: WeightsKey[] = [from];
  const followed: ({ to: number[]; chance: number[] } | undefined)[] = [];
  const sums: number[] = [0];
  const chances: number[] = [1];
  const follow = (n: number): { to: number[]; chance: number[] } => {
    const followers = demand.models.get(keys[n]!)?.followers ?? [];
    // One for whatever has never followed it yet.
    let total = 1;
    for (const follower of followers) total += follower[1];
    const found = { to: [] as number[], chance: [] as number[] };
    for (const [key, count] of followers) {
      let number = numbers.get(key);
      if (number === undefined) {
        number = keys.push(key) - 1;
        numbers.set(key, number);
        sums.push(0);
        chances.push(0);
      }
      found.to.push(number);
      found.chance.push(count / total);
    }
    return found;
  };

  let here = [0];
  let weight = 1;
  for (let step = 0; step < STEPS && here.length > 0; step++) {
    weight *= STEP_WEIGHT;
    const from = here.map((n) => chances[n]!);
    for (const n of here) chances[n] = 0;
    const met: number[] = [];
    for (let i = 0; i < here.length; i++) {
      const { to, chance } = (followed[here[i]!] ??= follow(here[i]!));
      for (let j = 0; j < to.length; j++) {
        const n = to[j]!;
        if (chances[n] === 0) met.push(n);
        chances[n] = chances[n]! + from[i]! * chance[j]!;
      }
    }
    for (const n of met) sums[n] = sums[n]! + weight * chances[n]!;
    here = likeliest(met, chances);
  }
  return new Map(keys.map((key, n) => [key, sums[n]!]));
}

/** At most `BREADTH` of them, of equals those met first; the others' chances are forgotten. */
function likeliest(met: readonly number[], chances: number[]): number[] {
  if (met.length <= BREADTH) return [...met];
  const best: number[] = [];
  for (const n of met) {
    const chance = chances[n]!;
    let place = best.length;
    while (place > 0 && chances[best[place - 1]!]! < chance) place--;
    if (place >= BREADTH) {
      chances[n] = 0;
      continue;
    }
    best.splice(place, 0, n);
    if (best.length > BREADTH) chances[best.pop()!] = 0;
  }
  return best;
}
