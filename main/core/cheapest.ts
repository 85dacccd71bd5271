import type { Footprint } from '../../contract/index.ts';
import { addRoom, fitsIn, type Room } from './room.ts';

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
  if (fitsIn(need, room)) return [];
  const scale = scaleOf(room, need);
  const order = candidates
    .map((candidate) => {
      const size = sizeOn(candidate.footprint, scale);
      return { candidate, size, worth: candidate.worth, perByte: size > 0 ? candidate.worth / size : Number.MAX_VALUE };
    })
    .sort((a, b) => a.perByte - b.perByte || a.worth - b.worth || a.candidate.lastUsedAwake - b.candidate.lastUsedAwake || (a.candidate.key < b.candidate.key ? -1 : 1));
  let everything = room;
  for (const { candidate } of order) everything = addRoom(everything, candidate.footprint, 1);
  if (!fitsIn(need, everything)) return null;

  let best: C[] | null = null;
  let bestWorth = Infinity;
  let looks = 0;
  const taken: C[] = [];
  const short = scale.short;

  /** `freed`: room with what was taken. `rest`: room that would be there if all from `i` on were taken as well. */
  const look = (i: number, freed: Room, rest: Room, worth: number): void => {
    if (worth > bestWorth || (best !== null && worth === bestWorth && taken.length >= best.length)) return;
    if (fitsIn(need, freed)) {
      best = [...taken];
      bestWorth = worth;
      return;
    }
    if (i === order.length || (best !== null && ++looks > maxLooks) || !fitsIn(need, rest)) return;
    // Not even the best filling with parts of models would be worth less.
    if (worth + leastFor(i, short(freed), 1 - freed.slots) > bestWorth) return;
    const { candidate } = order[i]!;
    taken.push(candidate);
    look(i + 1, addRoom(freed, candidate.footprint, 1), rest, worth + candidate.worth);
    taken.pop();
    look(i + 1, freed, addRoom(rest, candidate.footprint, -1), worth);
  };

  /** A lower bound for freeing `missing` and `places` with what comes from `i` on. */
  const leastFor = (i: number, missing: number, places: number): number => {
    let byBytes = 0;
    let left = missing;
    for (let j = i; j < order.length && left > 0; j++) {
      const { size, worth } = order[j]!;
      if (size <= 0) continue;
      byBytes += worth * Math.min(1, left / size);
      left -= size;
    }
    if (places <= 0) return byBytes;
    let cheapest = Infinity;
    for (let j = i; j < order.length; j++) cheapest = Math.min(cheapest, order[j]!.worth);
    return Math.max(byBytes, cheapest * places);
  };

  look(0, room, everything, 0);
  return best;
}

/** One memory to measure by: the one that is shortest. */
function scaleOf(room: Room, need: Footprint): { device: string | null; short(freed: Room): number } {
  const ram = room.ram === null ? 0 : need.ram - room.ram;
  let device: string | null = null;
  let most = ram;
  for (const [id, bytes] of Object.entries(need.vram)) {
    const missing = bytes - (room.vram[id] ?? Infinity);
    if (missing > most && missing > 0) {
      most = missing;
      device = id;
    }
  }
  return device === null
    ? { device, short: (freed) => (freed.ram === null ? 0 : need.ram - freed.ram) }
    : { device, short: (freed) => (need.vram[device] ?? 0) - (freed.vram[device] ?? Infinity) };
}

function sizeOn(footprint: Footprint, { device }: { device: string | null }): number {
  return device === null ? footprint.ram : (footprint.vram[device] ?? 0);
}
