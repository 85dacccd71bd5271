import type { Wanted } from '../../contract/index.ts';
import { MAX_TIMES, usesOf, withClockSetBack, withUse } from './demand.ts';
import type { Draft } from './draft.ts';
import { policies, type Candidate } from './policy.ts';
import { forecast } from './predict.ts';
import { reloadMs, worthsOf } from './worth.ts';
import type { CoreState, Slot, WeightsKey } from './types.ts';

/** Somebody uses it now, or did at `at` (wall time). */
export function noteUse(draft: Draft, key: WeightsKey, at = draft.now): void {
  draft.demand = withUse(withClockSetBack(draft.demand, draft.now), key, Math.min(at, draft.now));
}

/** The candidates with what each is worth while `newcomer` is loaded, where the policy in force asks for that. */
export function weighed(state: CoreState, candidates: readonly Candidate[], newcomer: WeightsKey | null): readonly Candidate[] {
  if (!policies[state.config.eviction].weighs || candidates.length === 0) return candidates;
  const uses = forecast(state.demand, state.now, newcomer);
  const worths = worthsOf(
    candidates.map((candidate) => {
      const bytes = bytesOf(candidate);
      return { uses: uses(candidate.key), reloadMs: reloadMs(expectedOf(state, candidate.key), bytes), bytes };
    }),
  );
  return candidates.map(({ key, footprint, lastUsedAwake, worth }, i) => ({ key, footprint, lastUsedAwake, worth: worth + worths[i]! }));
}

function bytesOf({ footprint }: Pick<Candidate, 'footprint'>): number {
  let sum = footprint.ram;
  for (const device in footprint.vram) sum += footprint.vram[device]!;
  return sum;
}

function expectedOf(state: CoreState, key: WeightsKey): number | null {
  const slot = state.slots.get(key);
  return (slot && state.catalog.byId.get(slot.modelId)?.expectedLoadMs) ?? null;
}

/** Why it rather than another. Null where the policy in force does not ask for that. */
export function wantedOf(state: CoreState, slot: Slot): Wanted | null {
  if (!policies[state.config.eviction].weighs) return null;
  const times = usesOf(state.demand, slot.key)?.times ?? [];
  const ms = times.length === 0 ? 0 : state.now - times[0]!;
  return { uses: times.length, more: times.length >= MAX_TIMES, withinMs: ms < 60_000 ? null : ms, reloadMs: expectedOf(state, slot.key) };
}
