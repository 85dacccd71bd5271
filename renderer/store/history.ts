import type { MemorySample, MemoryView } from '../../contract/index.ts';

export const historyMs = 15 * 60_000;
export const sampleEveryMs = 5_000;

const fresh = (samples: readonly MemorySample[], now: number) => samples.filter(({ at }) => now - at <= historyMs && at <= now);

/** The history with the newest reading, where the last one is old enough. */
export function addReading(history: readonly MemorySample[], memory: MemoryView | null): readonly MemorySample[] {
  if (memory === null) return history;
  const last = history.at(-1);
  // A reading from before the last one: the clock was set back, and what was noted is in the future.
  if (last !== undefined && memory.at >= last.at && memory.at - last.at < sampleEveryMs) return history;
  const { at, free, models, otherPrograms } = memory;
  return [...fresh(history, at), { at, free, models, otherPrograms }];
}

/** What the engine remembers, and what was seen since it was asked. */
export function mergeHistory(told: readonly MemorySample[], seen: readonly MemorySample[]): readonly MemorySample[] {
  const last = told.at(-1)?.at ?? -Infinity;
  return [...told, ...seen.filter(({ at }) => at - last >= sampleEveryMs)];
}
