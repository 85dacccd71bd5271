import { formatDuration } from '../../contract/index.ts';
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

/** Why it rather than another, in figures: “2 uses in 6 h, 9 s to reload”. Null where the policy in force does not ask for them. */
export function figuresOf(state: CoreState, slot: Slot): string | null {
  if (!policies[state.config.eviction].weighs) return null;
  const expected = expectedOf(state, slot.key);
  const reload = expected === null ? null : `${formatDuration(expected)} to reload`;
  const times = usesOf(state.demand, slot.key)?.times ?? [];
  const first = times[0];
  if (first === undefined) return ['no use known', reload].filter(Boolean).join(', ');
  const many = `${times.length >= MAX_TIMES ? `${MAX_TIMES} or more` : times.length} ${times.length === 1 ? 'use' : 'uses'}`;
  const ms = state.now - first;
  return [ms < 60_000 ? many : `${many} in ${formatDuration(ms)}`, reload].filter(Boolean).join(', ');
}
