import { SHORT_LOOK_MS } from './limits.ts';
import { blockerOf, expiresInMs, freeToTakeAfterMs, idleMs, inUse } from './standing.ts';
import type { CoreState, Slot } from './types.ts';

/** Models that nobody uses: unused for `idleForMs`, or (null) each past its own timeout. */
export function idleSlots(state: CoreState, idleForMs: number | null): Slot[] {
  return [...state.slots.values()].filter((slot) => {
    if (slot.state !== 'ready' || inUse(state, slot) || blockerOf(state, slot, false) !== null) return false;
    const limit = idleForMs ?? freeToTakeAfterMs(state, slot);
    return limit !== null && idleMs(state, slot) >= limit;
  });
}

/** Ms until something happens by itself, for the manager's timer; null: nothing is due. */
export function nextWakeMs(state: CoreState): number | null {
  const due: number[] = [];
  for (const slot of state.slots.values()) {
    // What cannot go now (nobody is there to unload it) is no reason to wake for.
    const expires = state.providers.get(slot.provider)?.status === 'up' && !state.jobs.has(slot.key) ? expiresInMs(state, slot) : null;
    if (expires !== null) due.push(expires);
  }
  if (state.yielding.short) due.push(SHORT_LOOK_MS);
  for (const lease of state.leases.values()) if (lease.ttlMs !== null) due.push(lease.ttlMs - (state.awake - lease.renewedAwake));
  for (const mode of [state.freeze, state.pause, state.hold]) if (mode?.until != null) due.push(mode.until - state.now);
  return due.length === 0 ? null : Math.max(0, Math.min(...due));
}
