import { RATE_KINDS, START_WEIGHTS, weightsAfter, fadedTo } from './predict.ts';
import { noRecency, recencyAfter, type Recency } from './recency.ts';
import type { WeightsKey } from './types.ts';

/*
 * How much each model is wanted: learned from uses, kept for models that are not in memory too. What is made of it is in predict.ts; the
 * figures behind the parameters are in docs/eviction.md.
 */

/** Uses of one model with none of another between them are one use, up to this pause. */
export const RUN_PAUSE_MS = 10 * 60_000;
/** What is left of a pair once its first model was followed by something again. */
export const FOLLOWER_FADE = 0.995;
/** Followers that are kept of each model, and of each pair. */
export const MAX_FOLLOWERS = 8;
/** Pairs that are kept of each model: what was used right before it, and what followed then. */
export const MAX_PAIRS = 8;
/** More models than anyone uses; the one used longest ago is forgotten first. */
export const MAX_KNOWN = 500;
/** Times that are kept of each, to say how often it was used. */
export const MAX_TIMES = 20;

/** What was used next, latest last: numbers of models, and how often, faded. */
export interface Followers {
  readonly to: readonly number[];
  readonly counts: readonly number[];
  /** Of `counts`, and one for whatever has never followed yet. */
  readonly total: number;
}

/** Counts that fade, and when they were counted last: wall time in ms, and the number of uses until then. */
export interface Counted {
  readonly at: number;
  readonly use: number;
  /** One for each of `RATE_KINDS`. */
  readonly counts: readonly number[];
}

/** `at` and `use` are those of its last use. */
export interface Uses extends Counted {
  readonly key: WeightsKey;
  readonly followers: Followers;
  /** The number of the model before it, and what came next then; latest last. */
  readonly pairs: readonly (readonly [number, Followers])[];
  /** Starts of its latest uses, wall time in ms, latest last. */
  readonly times: readonly number[];
}

export interface Demand {
  /** The number of each model: its place in `known`. */
  readonly ids: ReadonlyMap<WeightsKey, number>;
  readonly known: readonly Uses[];
  /** All uses together; `all.use` counts them. */
  readonly all: Counted;
  /** The last model, and the one before it. */
  readonly last: WeightsKey | null;
  readonly previous: WeightsKey | null;
  readonly recency: Recency;
  /** How far each way to predict is believed (`predict.ts`); together 1. */
  readonly weights: readonly number[];
}

const noFollowers: Followers = { to: [], counts: [], total: 1 };

export const noDemand: Demand = { ids: new Map(), known: [], all: { at: 0, use: 0, counts: RATE_KINDS.map(() => 0) }, last: null, previous: null, recency: noRecency, weights: START_WEIGHTS };

export function usesOf(demand: Demand, key: WeightsKey): Uses | undefined {
  const id = demand.ids.get(key);
  return id === undefined ? undefined : demand.known[id];
}

/** `demand` with a use of `key` that began or ended at `at`. */
export function withUse(demand: Demand, key: WeightsKey, at: number): Demand {
  const before = usesOf(demand, key);
  if (before && demand.last === key && at - before.at < RUN_PAUSE_MS) {
    // Once a second is often enough to know when it was last used; programs ask a hundred times a second.
    if (at - before.at < 1000) return demand;
    return { ...demand, known: demand.known.with(demand.ids.get(key)!, { ...before, ...fadedTo(before, at, before.use) }) };
  }
  const { ids, known, id } = withModel(demand, key);
  const use = demand.all.use + 1;
  const weights = weightsAfter(demand, key, at);
  const all = fadedTo(demand.all, at, use);
  const own = before ? fadedTo(before, at, use) : { at, use, counts: RATE_KINDS.map(() => 0) };
  known[id] = { ...known[id]!, ...own, counts: own.counts.map((count) => count + 1), times: [...known[id]!.times, at].slice(-MAX_TIMES) };
  const next = { ids, known, all: { ...all, counts: all.counts.map((count) => count + 1) }, recency: recencyAfter(demand.recency, id), weights };
  if (demand.last === key) return { ...next, last: key, previous: demand.previous };
  const last = ids.get(demand.last ?? '');
  const previous = ids.get(demand.previous ?? '');
  if (last !== undefined) {
    const then = known[last]!;
    known[last] = { ...then, followers: followedBy(then.followers, id), pairs: previous === undefined ? then.pairs : pairFollowedBy(then.pairs, previous, id) };
  }
  return { ...next, last: key, previous: demand.last };
}

/** What was counted later than `now` was counted by a clock that has been set back since: it fades from now on, not only once the clock is there again. */
export function withClockSetBack(demand: Demand, now: number): Demand {
  // Of all, only the last one can have been counted later than `all` was.
  const last = usesOf(demand, demand.last ?? '');
  if (Math.max(demand.all.at, last?.at ?? 0) <= now) return demand;
  const known = demand.known.map((uses): Uses => (uses.at <= now ? uses : { ...uses, at: now, times: uses.times.map((time) => Math.min(time, now)) }));
  return { ...demand, known, all: { ...demand.all, at: Math.min(demand.all.at, now) } };
}

/** A copy that knows `key`. Where there are too many, it takes the place of the model used longest ago, of which nothing is left. */
function withModel({ ids, known }: Demand, key: WeightsKey): { ids: Demand['ids']; known: Uses[]; id: number } {
  const id = ids.get(key);
  if (id !== undefined) return { ids, known: [...known], id };
  const fresh: Uses = { key, at: 0, use: 0, counts: [], followers: noFollowers, pairs: [], times: [] };
  if (known.length < MAX_KNOWN) return { ids: new Map(ids).set(key, known.length), known: [...known, fresh], id: known.length };
  const oldest = known.reduce((found, uses, i) => (uses.use < known[found]!.use ? i : found), 0);
  const others = known.map((uses): Uses => ({
    ...uses,
    followers: without(uses.followers, oldest),
    pairs: uses.pairs.filter(([before]) => before !== oldest).map(([before, followers]) => [before, without(followers, oldest)] as const),
  }));
  others[oldest] = fresh;
  const left = new Map(ids);
  left.delete(known[oldest]!.key);
  return { ids: left.set(key, oldest), known: others, id: oldest };
}

export function followersOf(pairs: readonly (readonly [number, number])[]): Followers {
  return { to: pairs.map(([id]) => id), counts: pairs.map(([, count]) => count), total: pairs.reduce((sum, [, count]) => sum + count, 1) };
}

function without(followers: Followers, gone: number): Followers {
  if (!followers.to.includes(gone)) return followers;
  return followersOf(followers.to.flatMap((id, i) => (id === gone ? [] : [[id, followers.counts[i]!] as const])));
}

function followedBy({ to, counts }: Followers, id: number): Followers {
  const own = counts[to.indexOf(id)] ?? 0;
  const others = to.flatMap((other, i) => (other === id ? [] : [[other, counts[i]! * FOLLOWER_FADE] as const]));
  // The rarest goes; of equals the one seen longest ago.
  if (others.length >= MAX_FOLLOWERS) others.splice(others.reduce((least, [, count], i) => (count < others[least]![1] ? i : least), 0), 1);
  return followersOf([...others, [id, own * FOLLOWER_FADE + 1]]);
}

function pairFollowedBy(pairs: Uses['pairs'], before: number, id: number): Uses['pairs'] {
  const own = pairs.find(([other]) => other === before)?.[1] ?? noFollowers;
  return [...pairs.filter(([other]) => other !== before), [before, followedBy(own, id)] as const].slice(-MAX_PAIRS);
}
