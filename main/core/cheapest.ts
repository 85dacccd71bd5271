import type { Footprint } from '../../contract/index.ts';
import type { Room } from './room.ts';

export interface Priced {
  key: string;
  footprint: Footprint;
  worth: number;
  lastUsedAwake: number;
}

/** Sets that are looked at before the best one so far is taken: bounds the time whatever the number of models. docs/eviction.md has what it costs. */
export const MAX_LOOKS = 2_000;

/**
 * The set of candidates that is worth least of those that free enough, or null where not even all of them do. Exact up to `maxLooks`
 * steps of the search, and never worse than taking what is worth least per byte. Of sets worth the same, the smaller.
 */
export function cheapestSet<C extends Priced>(candidates: readonly C[], room: Room, need: Footprint, maxLooks = MAX_LOOKS): C[] | null {
  const short = shortPools(room, need);
  if (short.length === 0) return [];
  const { order, worths, frees, rests, leastWorths } = laidOut(candidates, short);
  const count = order.length;
  const pools = short.length;
  const missing = short.map(({ missing: amount }) => amount);
  if (missing.some((amount, pool) => rests[pool]! < amount)) return null;

  let best: number[] | null = null;
  let bestWorth = Infinity;
  let looks = 0;
  const taken: number[] = [];

  const enough = (): boolean => {
    for (let pool = 0; pool < pools; pool++) if (missing[pool]! > 0) return false;
    return true;
  };
  const restTooLittle = (i: number): boolean => {
    for (let pool = 0; pool < pools; pool++) if (rests[i * pools + pool]! < missing[pool]!) return true;
    return false;
  };
  /** A lower bound of what freeing the rest costs with what comes from `i` on: in the first pool with parts of models, and by their number. */
  const leastFor = (i: number): number => {
    let least = 0;
    let left = missing[0]!;
    for (let j = i; j < count && left > 0; j++) {
      const size = frees[j * pools]!;
      if (size <= 0) continue;
      least += size >= left ? (worths[j]! * left) / size : worths[j]!;
      left -= size;
    }
    const places = missing[pools - 1]!;
    return short[pools - 1]!.device === PLACES && places > 0 ? Math.max(least, leastWorths[i]! * places) : least;
  };
  const take = (i: number, sign: 1 | -1): void => {
    for (let pool = 0; pool < pools; pool++) missing[pool]! -= sign * frees[i * pools + pool]!;
  };
  const look = (i: number, worth: number): void => {
    if (worth > bestWorth || (best !== null && worth === bestWorth && taken.length >= best.length)) return;
    if (enough()) {
      best = [...taken];
      bestWorth = worth;
      return;
    }
    if (i === count || (best !== null && ++looks > maxLooks) || restTooLittle(i)) return;
    if (worth + leastFor(i) > bestWorth) return;
    taken.push(i);
    take(i, 1);
    look(i + 1, worth + worths[i]!);
    take(i, -1);
    taken.pop();
    look(i + 1, worth);
  };

  look(0, 0);
  return best === null ? null : (best as number[]).map((i) => order[i]!);
}

const PLACES = Symbol('places');
const RAM = Symbol('ram');

interface Short {
  device: string | typeof PLACES | typeof RAM;
  missing: number;
}

/** What there is too little of: the one that misses most bytes first, places last. */
function shortPools(room: Room, need: Footprint): Short[] {
  const short: Short[] = [];
  if (room.ram !== null && need.ram > room.ram) short.push({ device: RAM, missing: need.ram - room.ram });
  for (const [device, bytes] of Object.entries(need.vram)) {
    const free = room.vram[device];
    if (free !== undefined && bytes > free) short.push({ device, missing: bytes - free });
  }
  if (short.length > 1) short.sort((a, b) => b.missing - a.missing);
  if (room.slots < 1) short.push({ device: PLACES, missing: 1 - room.slots });
  return short;
}

function freedBy({ footprint }: Priced, { device }: Short): number {
  if (device === PLACES) return 1;
  return device === RAM ? footprint.ram : (footprint.vram[device as string] ?? 0);
}

/**
 * The candidates, least worth first for what they free of the pool that is shortest, in figures that the search does not have to look for: `frees` and `rests` (what all from `i` on
 * would free) have one figure for each pool and candidate, `leastWorths` what the cheapest from `i` on is worth.
 */
function laidOut<C extends Priced>(candidates: readonly C[], short: readonly Short[]) {
  const perFreed = (candidate: C): number => {
    const size = freedBy(candidate, short[0]!);
    return size > 0 ? candidate.worth / size : Number.MAX_VALUE;
  };
  const ordered = candidates
    .map((candidate) => ({ candidate, rank: perFreed(candidate) }))
    .sort((a, b) => a.rank - b.rank || a.candidate.worth - b.candidate.worth || a.candidate.lastUsedAwake - b.candidate.lastUsedAwake || (a.candidate.key < b.candidate.key ? -1 : 1));
  const count = ordered.length;
  const pools = short.length;
  const order = ordered.map(({ candidate }) => candidate);
  const worths = new Float64Array(count);
  const frees = new Float64Array(count * pools);
  const rests = new Float64Array((count + 1) * pools);
  const leastWorths = new Float64Array(count + 1).fill(Infinity);
  for (let i = count - 1; i >= 0; i--) {
    const candidate = order[i]!;
    worths[i] = candidate.worth;
    leastWorths[i] = Math.min(candidate.worth, leastWorths[i + 1]!);
    for (let pool = 0; pool < pools; pool++) {
      const freed = freedBy(candidate, short[pool]!);
      frees[i * pools + pool] = freed;
      rests[i * pools + pool] = rests[(i + 1) * pools + pool]! + freed;
    }
  }
  return { order, worths, frees, rests, leastWorths };
}
