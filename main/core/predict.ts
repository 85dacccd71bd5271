import type { Counted, Demand, Followers, Uses } from './demand.ts';
import { chanceOfReturn, returnsAhead, withLatest } from './recency.ts';
import type { WeightsKey } from './types.ts';

/*
 * What is going to be used, by several ways to predict it. Each says how likely every model is to be used next; how far each is believed follows from
 * how likely it held what was used in fact. The figures behind the parameters are in docs/eviction.md.
 */

const HOUR_MS = 3_600_000;

/** How often a model is used, fading with these half-lives: in uses of any model, and in wall time. */
export const RATE_KINDS: readonly { unit: 'uses' | 'ms'; halfLife: number }[] = [
  { unit: 'uses', halfLife: 4 },
  { unit: 'uses', halfLife: 32 },
  { unit: 'ms', halfLife: 16 * HOUR_MS },
  { unit: 'ms', halfLife: 64 * HOUR_MS },
];
/** Belief to begin with, and to return to: the rates, what follows the last two models, and last after how many others a model comes back. */
export const START_WEIGHTS: readonly number[] = [0.125, 0.125, 0.125, 0.125, 0.35, 0.15];
const FOLLOWING = RATE_KINDS.length;
const RETURNING = FOLLOWING + 1;
/** How much of the belief returns with each use: what has just failed may be right again soon. */
export const RETURN = 0.4;
/** What is held to be impossible happens this often. */
const SURPRISE = 0.001;
/** Each step further ahead counts for this much of the one before. */
export const STEP_WEIGHT = 0.9;
/** How far ahead, and over how many models at each step: bounds the work of a forecast. */
export const STEPS = 8;
export const BREADTH = 8;
/** What all uses in these steps count for together. */
const ALL_AHEAD = (STEP_WEIGHT * (1 - STEP_WEIGHT ** STEPS)) / (1 - STEP_WEIGHT);

/** A clock that is set back makes nothing more wanted. */
function fading(kind: number, { at, use }: Counted, now: number, uses: number): number {
  const { unit, halfLife } = RATE_KINDS[kind]!;
  const passed = unit === 'uses' ? uses - use : now - at;
  return passed > 0 ? 2 ** (-passed / halfLife) : 1;
}

export function fadedTo(counted: Counted, at: number, use: number): Counted {
  return { at: Math.max(at, counted.at), use, counts: counted.counts.map((count, kind) => count * fading(kind, counted, at, use)) };
}

/** The weights once `key` is used at `at`. */
export function weightsAfter(demand: Demand, key: WeightsKey, at: number): readonly number[] {
  const { weights, ids, all } = demand;
  const last = ids.get(demand.last ?? '');
  if (last === undefined) return weights;
  const start = startOf(demand, ids.get(demand.previous ?? ''), last);
  const id = ids.get(key);
  const uses = id === undefined ? undefined : demand.known[id];
  const chance = (kind: number): number => {
    if (id === undefined || uses === undefined) return 0;
    if (kind === FOLLOWING) return chanceOf(start, id);
    if (kind === RETURNING) return chanceOfReturn(demand.recency, id);
    const total = all.counts[kind]! * fading(kind, all, at, all.use);
    return total > 0 ? (uses.counts[kind]! * fading(kind, uses, at, all.use)) / total : 0;
  };
  const believed = weights.map((weight, kind) => weight * (chance(kind) + SURPRISE));
  const sum = believed.reduce((a, b) => a + b, 0);
  return believed.map((weight, kind) => ((1 - RETURN) * weight) / sum + RETURN * START_WEIGHTS[kind]!);
}

/** Chances of the next model: those of each list, as far as its share goes. */
type Start = readonly { followers: Followers; share: number }[];

/** By what followed when `before` came before `here`, and as far as that is not known by what followed `here`. */
function startOf({ known }: Demand, before: number | undefined, here: number): Start {
  const { followers, pairs } = known[here]!;
  const pair = pairs.find(([other]) => other === before)?.[1];
  if (pair === undefined) return [{ followers, share: 1 }];
  return [{ followers: pair, share: 1 }, { followers, share: 1 / pair.total }];
}

function chanceOf(start: Start, id: number): number {
  return start.reduce((sum, { followers, share }) => sum + (share * (followers.counts[followers.to.indexOf(id)] ?? 0)) / followers.total, 0);
}

/**
 * How often each model is going to be used in the next steps, the nearest counting most. `from`: the model that is
 * used next, or null where nothing is known about that.
 */
export function forecast(demand: Demand, now: number, from: WeightsKey | null): (key: WeightsKey) => number {
  const { all, ids, known } = demand;
  const uses = all.use;
  const comes = from !== null && from !== demand.last;
  const here = ids.get(from ?? demand.last ?? '');
  const before = ids.get((comes ? demand.last : demand.previous) ?? '');
  const weights = comes ? weightsAfter(demand, from, now) : demand.weights;
  const ahead = here === undefined ? new Float64Array(known.length) : followersAhead(demand, startOf(demand, before, here), weights[FOLLOWING]!);
  addReturns(ahead, demand, comes ? (here ?? NEW) : null, weights[RETURNING]!);
  const factors = RATE_KINDS.map((_, kind) => {
    const total = all.counts[kind]! * fading(kind, all, now, uses);
    return total > 0 ? (weights[kind]! * ALL_AHEAD) / total : 0;
  });
  const oftenOf = (own: Uses): number => {
    let sum = 0;
    for (let kind = 0; kind < factors.length; kind++) sum += factors[kind]! * own.counts[kind]! * fading(kind, own, now, uses);
    return sum;
  };
  return (key) => {
    const id = ids.get(key);
    if (id === undefined) return 0;
    return oftenOf(known[id]!) + ahead[id]!;
  };
}

/** The number of no model. */
const NEW = -1;

/** Adds the expected uses of the models used latest, by how many others have been used since; `next` is used before that. */
function addReturns(sums: Float64Array, { recency }: Demand, next: number | null, weight: number): void {
  const latest = next === null ? recency.latest : withLatest(recency.latest, next);
  const ahead = returnsAhead(recency.counts, STEPS, STEP_WEIGHT);
  for (let place = 0; place < latest.length; place++) if (latest[place] !== NEW) sums[latest[place]!]! += weight * ahead[place]!;
}

/** Two rows of chances to work in, all 0 between forecasts: to make new ones would take as long as the forecast. */
let scratch: [Float64Array, Float64Array] = [new Float64Array(0), new Float64Array(0)];

/** By following who follows whom, step by step: the expected uses of each, by its number, weighted by how far ahead they are and by how far this is believed. */
function followersAhead({ known }: Demand, start: Start, believed: number): Float64Array {
  const sums = new Float64Array(known.length);
  if (scratch[0].length < known.length) scratch = [new Float64Array(known.length), new Float64Array(known.length)];
  let [chances, next] = scratch;
  let here: number[] = [];
  for (const { followers, share } of start) addChances(chances, here, followers, share);
  let weight = believed * STEP_WEIGHT;
  for (let step = 1; here.length > 0; step++) {
    for (let i = 0; i < here.length; i++) sums[here[i]!]! += weight * chances[here[i]!]!;
    const met: number[] = [];
    const likely = step < STEPS ? likeliest(here, chances) : [];
    weight *= STEP_WEIGHT;
    for (let i = 0; i < likely.length; i++) addChances(next, met, known[likely[i]!]!.followers, chances[likely[i]!]!);
    for (let i = 0; i < here.length; i++) chances[here[i]!] = 0;
    [chances, next] = [next, chances];
    here = met;
  }
  return sums;
}

/** Adds what may come after something of this chance; `met` gets the numbers that had none before. */
function addChances(chances: Float64Array, met: number[], { to, counts, total }: Followers, chance: number): void {
  const each = chance / total;
  for (let j = 0; j < to.length; j++) {
    const id = to[j]!;
    const more = each * counts[j]!;
    // What has faded to nothing would be met, and counted, once more by each that adds to it.
    if (!(more > 0)) continue;
    const before = chances[id]!;
    if (before === 0) met.push(id);
    chances[id] = before + more;
  }
}

/** At most `BREADTH` of them, of equals those met first. */
function likeliest(met: number[], chances: Float64Array): number[] {
  if (met.length <= BREADTH) return met;
  const best: number[] = [];
  for (let i = 0; i < met.length; i++) {
    const chance = chances[met[i]!]!;
    if (best.length === BREADTH && chances[best[BREADTH - 1]!]! >= chance) continue;
    let place = best.length < BREADTH ? best.length : BREADTH - 1;
    for (; place > 0 && chances[best[place - 1]!]! < chance; place--) best[place] = best[place - 1]!;
    best[place] = met[i]!;
  }
  return best;
}
