import type { MemorySample } from '../../contract/index.ts';
import { freeRam, otherPrograms, ramHeld, slotsIn } from '../core/room.ts';
import type { CoreState } from '../core/types.ts';

export const SAMPLE_EVERY_MS = 5_000;
const KEPT_MS = 15 * 60_000;
/** Looks come every five seconds, give or take a timer's delay: a bit early counts. */
const EARLY_MS = 500;

export interface History {
  /** Called after every change: takes a sample where one is due, and reads nothing for it. */
  see(state: CoreState): void;
  /** Oldest first. Where the computer slept there are none. */
  samples(): MemorySample[];
}

/** The memory of the last 15 minutes, from readings that were made anyway. */
export function createHistory(now: () => number): History {
  let kept: MemorySample[] = [];
  let due = -Infinity;
  return {
    see(state) {
      const at = state.memory?.at;
      if (at === undefined) return;
      const last = kept.at(-1)?.at ?? -Infinity;
      if (at >= last && at < due - EARLY_MS) return;
      // A clock that was set back begins anew: time runs one way in a picture.
      if (at < last) kept = kept.filter((sample) => sample.at < at);
      due = Math.abs(at - due) < SAMPLE_EVERY_MS ? due + SAMPLE_EVERY_MS : at + SAMPLE_EVERY_MS;
      const models = slotsIn(state, 'host').reduce((sum, slot) => sum + ramHeld(state, slot), 0);
      kept.push({ at, free: freeRam(state, 'host') ?? 0, models, otherPrograms: otherPrograms(state) });
      const from = kept.findIndex((sample) => at - sample.at <= KEPT_MS);
      if (from > 0) kept.splice(0, from);
    },
    samples: () => kept.filter((sample) => now() - sample.at <= KEPT_MS),
  };
}
