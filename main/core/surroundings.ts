import type { Candidate } from './policy.ts';
import { heldFootprint, roomNow, roomSoon, slotsIn, type Room } from './room.ts';
import { blockerOf, isExpired } from './standing.ts';
import type { CoreState, Slot, WeightsKey } from './types.ts';

/** What a newcomer finds in a memory, whatever it is that comes. */
export interface Surroundings {
  /** Models there beside itself. */
  others: readonly Slot[];
  now: Room;
  /** Once what is under way has ended. */
  soon: Room;
  /** Who goes without a question, being past its timeout. */
  expired(): readonly Candidate[];
  /** Who may go. */
  evictable(): readonly Slot[];
  evictableCandidates(): readonly Candidate[];
}

/** `but`: the newcomer's own weights, which neither stand in their own way nor count twice. */
export function surroundings(state: CoreState, domain: string, but: WeightsKey | null, job: WeightsKey | null, consent: boolean): Surroundings {
  const others = slotsIn(state, domain).filter((slot) => slot.key !== but);
  const ready = (): Slot[] => others.filter((slot) => slot.state === 'ready');
  const evictable = once(() => ready().filter((slot) => blockerOf(state, slot, consent) === null));
  return {
    others,
    now: roomNow(state, domain),
    soon: roomSoon(state, domain, job),
    expired: once(() => ready().filter((slot) => isExpired(state, slot) && blockerOf(state, slot, false) === null).map((slot) => candidate(state, slot))),
    evictable,
    evictableCandidates: once(() => evictable().map((slot) => candidate(state, slot))),
  };
}

/**
 * The same for many newcomers to one state that does not change meanwhile: only models that hold or await room
 * of their own find something else than the rest.
 */
export function sharedSurroundings(state: CoreState, consent: boolean): (domain: string, weights: WeightsKey) => Surroundings | null {
  const known = new Map<string, Surroundings>();
  return (domain, weights) => {
    if (state.slots.has(weights) || state.jobs.has(weights)) return null;
    const found = known.get(domain) ?? surroundings(state, domain, null, null, consent);
    known.set(domain, found);
    return found;
  };
}

export function candidate(state: CoreState, slot: Slot): Candidate {
  return { key: slot.key, footprint: heldFootprint(state, slot), lastUsedAwake: slot.lastUsedAwake, worth: 0 };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
