import type { Observed } from './events.ts';
import { CLOCKS_APART_MS, REMEMBERED_MAX_MS } from './limits.ts';
import type { WeightsKey } from './types.ts';

/** A model that an Airdock before this one had in the memory of a server which goes on without it. */
export interface Remembered {
  key: WeightsKey;
  contextLength: number | null;
  pid: number | null;
  loadedBy: string | null;
  /** Wall time, as are the others. */
  lastUsedAt: number | null;
  /** When the server lets go of it if nobody uses it; null: never, or not known. */
  expiresAt: number | null;
  /** When it was last known to be there. */
  at: number;
}

/** What is remembered of a model in a listing; null: it is not that one, or cannot be shown to be. */
export function rememberedOf(remembered: readonly Remembered[], seen: Observed, now: number): Remembered | null {
  return remembered.find((one) => one.key === seen.key && isSame(one, seen, now)) ?? null;
}

function isSame(one: Remembered, seen: Observed, now: number): boolean {
  if (Math.abs(now - one.at) > REMEMBERED_MAX_MS) return false;
  if (one.contextLength !== null && seen.contextLength !== null && one.contextLength !== seen.contextLength) return false;
  if (one.pid !== null && seen.pid !== null) return one.pid === seen.pid;
  // By then it has gone, or somebody has used it: that may as well be another program's load of it.
  return one.expiresAt === null || now <= one.expiresAt + CLOCKS_APART_MS;
}
