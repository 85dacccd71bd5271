import type { Footprint } from '../../contract/index.ts';
import { cheapestSet } from './cheapest.ts';
import { addRoom, fitsIn, type Room } from './room.ts';
import type { CoreConfig } from './types.ts';

/** A model that may go, as an eviction policy sees it. */
export interface Candidate {
  key: string;
  footprint: Footprint;
  lastUsedAwake: number;
  /** What unloading it is expected to cost (`worthOf`); 0 where the policy does not ask. */
  worth: number;
}

/** Chooses who goes so that `need` fits, or null where all candidates together do not free enough. Pure. */
export interface EvictionPolicy {
  readonly name: string;
  /** It wants to know what each is worth. */
  readonly weighs: boolean;
  choose(candidates: readonly Candidate[], room: Room, need: Footprint): Candidate[] | null;
}

/** Least recently used first; ties by key, so that the same state always gives the same answer. */
export const lru: EvictionPolicy = {
  name: 'lru',
  weighs: false,
  choose(candidates, room, need) {
    const order = [...candidates].sort((a, b) => a.lastUsedAwake - b.lastUsedAwake || (a.key < b.key ? -1 : 1));
    return takeAndTrim(order, room, need);
  },
};

/** The cheapest to be without: of all sets that free enough, the one whose reloads are expected to cost least. */
export const value: EvictionPolicy = {
  name: 'value',
  weighs: true,
  choose: (candidates, room, need) => cheapestSet(candidates, room, need),
};

/** Takes from the front until `need` fits, then gives back, latest taken first, whoever turns out not to be needed. */
export function takeAndTrim(order: readonly Candidate[], room: Room, need: Footprint): Candidate[] | null {
  const taken: Candidate[] = [];
  let freed = room;
  for (const candidate of order) {
    if (fitsIn(need, freed)) break;
    taken.push(candidate);
    freed = addRoom(freed, candidate.footprint, 1);
  }
  if (!fitsIn(need, freed)) return null;
  for (let i = taken.length - 1; i >= 0; i--) {
    const without = addRoom(freed, taken[i]!.footprint, -1);
    if (fitsIn(need, without)) {
      freed = without;
      taken.splice(i, 1);
    }
  }
  return taken;
}

/** By the name that `models.eviction` has for it. */
export const policies: Readonly<Record<CoreConfig['eviction'], EvictionPolicy>> = { value, lru };
