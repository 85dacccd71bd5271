import type { Activity, InstalledModel, LoadedModel } from '../../contract/index.ts';
import { asWished, unloadRemedy } from './unload-remedy.ts';

/** What can still be done about an entry. */
export interface ActivityOffers {
  load: boolean;
  keep: 'keep-while-room' | 'keep' | null;
}

export const noOffers: ActivityOffers = { load: false, keep: null };

const left: ReadonlySet<Activity['kind']> = new Set(['unloaded', 'disappeared', 'crashed', 'refused', 'failed']);
const unloaded: ReadonlySet<Activity['kind']> = new Set(['unloaded', 'disappeared']);
const spared: ReadonlySet<Activity['reason']> = new Set(['room', 'idle', 'pressure', 'limit']);

/** `model` and `loaded` are the entry's model now; undefined: it is not installed, or not in memory. */
export function activityOffers(entry: Activity, model: InstalledModel | undefined, loaded: LoadedModel | undefined): ActivityOffers {
  if (model === undefined || model.problem !== null) return noOffers;
  const load = left.has(entry.kind) && loaded === undefined;
  // Who asked for it does not want to be talked out of it.
  const { reason } = asWished(entry, entry.by);
  if (!unloaded.has(entry.kind) || !spared.has(reason) || model.pinned) return { load, keep: null };
  const remedy = unloadRemedy({ lastUnload: { activity: entry.id, at: entry.at, reason, text: entry.text }, pinned: false, problem: null });
  return { load, keep: remedy === 'keep-while-room' ? 'keep-while-room' : 'keep' };
}

/** Ids of the entries that are the last word about their model: offers on older ones would be about a state long gone. */
export function lastWords(entries: readonly Activity[]): Set<number> {
  const told = new Set<string>();
  const last = new Set<number>();
  for (const { id, model, kind } of entries) {
    if (model === null || kind === 'setting' || kind === 'notice' || told.has(model)) continue;
    told.add(model);
    last.add(id);
  }
  return last;
}
