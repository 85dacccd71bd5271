import type { Activity, InstalledModel } from '../../contract/index.ts';
import type { ActivityLog } from './services.ts';

export type LastUnload = NonNullable<InstalledModel['lastUnload']>;

export interface LastUnloads {
  get(modelId: string): LastUnload | null;
  see(entry: Activity): void;
}

const KINDS: ReadonlySet<Activity['kind']> = new Set(['unloaded', 'disappeared', 'crashed']);
/** How far back the list is read at the start. */
const LOOK_BACK = 500;
/** Models that were deleted long ago must not add up. */
const MAX_MODELS = 2_000;

/** Why each model last left memory: from the activity list at the start, then entry by entry. */
export function createLastUnloads(log: Pick<ActivityLog, 'query'>): LastUnloads {
  const last = new Map<string, LastUnload>();

  function see({ id, at, kind, reason, model, text, by }: Activity): void {
    if (model === null || !KINDS.has(kind)) return;
    last.delete(model);
    // Somebody had all that is unused go: that was asked for, and no time was over.
    last.set(model, { activity: id, at, reason: reason === 'idle' && by !== null ? 'asked' : reason, text });
    if (last.size > MAX_MODELS) last.delete(last.keys().next().value!);
  }

  for (const entry of log.query({ limit: LOOK_BACK }).reverse()) see(entry);
  return { get: (modelId) => last.get(modelId) ?? null, see };
}
