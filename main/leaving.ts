import { isPerson } from '../contract/index.ts';
import type { Leaving } from './airdock.ts';
import { ramHeld } from './core/room.ts';
import { inUse, leasesOf, mayTouch } from './core/standing.ts';
import type { CoreState, Slot } from './core/types.ts';

/** Providers whose models are processes of Airdock's own: they end with it. */
const OWN = 'llama.cpp';

/** What ending Airdock would mean, and what it waits for. Pure. */
export function leavingView(state: CoreState, callers: readonly string[]): Leaving {
  const slots = [...state.slots.values()];
  const holders = [...state.leases.values()].map((lease) => lease.holder);
  return {
    inUse: [
      ...slots.filter((slot) => usedThroughAirdock(state, slot)).map((slot) => ({ id: slot.modelId, name: slot.name, holders: unique(leasesOf(state, slot.key).map((lease) => lease.holder)) })),
      ...[...state.jobs.values()].flatMap((job) => {
        const waiting = unique(job.waiters.filter((waiter) => waiter.lease !== null).map((waiter) => waiter.by));
        return waiting.length === 0 ? [] : [{ id: job.modelId, name: state.catalog.byId.get(job.modelId)?.name ?? job.modelId, holders: waiting }];
      }),
    ],
    ends: slots.filter((slot) => endsWithAirdock(slot)).map((slot) => ({ id: slot.modelId, name: slot.name, ram: ramHeld(state, slot) })),
    stays: slots.filter((slot) => staysBehind(state, slot)).map((slot) => ({ id: slot.modelId, name: slot.name, ram: ramHeld(state, slot), until: slot.armedMs === Infinity ? null : slot.expiresAt, goes: leavesOnUnload(state, slot) })),
    programs: unique([...callers, ...holders]).filter((name) => !isPerson(name)),
  };
}

export function endsWithAirdock(slot: Slot): boolean {
  return slot.provider === OWN;
}

/** A load that is under way is given up at the end, and what is leaving leaves. What is never Airdock's to unload is not its business here either. */
export function staysBehind(state: CoreState, slot: Slot): boolean {
  if (endsWithAirdock(slot) || (slot.state !== 'ready' && slot.state !== 'stuck')) return false;
  return !(slot.foreign && state.config.unloadForeign === 'no');
}

/** What an ending that unloads takes along: other programs' models only where the user has agreed to that for good, since nobody is asked. */
export function leavesOnUnload(state: CoreState, slot: Slot): boolean {
  return slot.state === 'ready' && staysBehind(state, slot) && mayTouch(state, slot);
}

/** Programs that talk to a server directly lose nothing when Airdock ends; those that talk to its own models do. */
export function usedThroughAirdock(state: CoreState, slot: Slot): boolean {
  return leasesOf(state, slot.key).length > 0 || (endsWithAirdock(slot) && inUse(state, slot));
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
