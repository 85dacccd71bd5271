import type { Resident, Rule } from './rules.ts';
import type { Catalog, Request } from './trace.ts';

export interface ReplayOptions {
  catalog: Catalog;
  budgetBytes: number;
  /** At most so many models at once; null: as many as fit. */
  places: number | null;
  /** Every load and every model that goes, in order. */
  log?: (entry: LogEntry) => void;
}

export interface LogEntry {
  at: number;
  what: 'load' | 'unload';
  model: string;
  bytes: number;
  /** Of a load. */
  reloadMs?: number;
  /** What is in memory afterwards. */
  heldBytes: number;
}

export interface Replayed {
  loads: number;
  loadSeconds: number;
}

/** Every request at its own time, each answered in no time: what counts is which loads there are. */
export function replay(requests: readonly Request[], rule: Rule, { catalog, budgetBytes, places: allowed, log }: ReplayOptions): Replayed {
  const places = rule.places === undefined ? allowed : Math.min(rule.places, allowed ?? Infinity);
  const resident = new Map<string, Resident>();
  let held = 0;
  let loads = 0;
  let loadMs = 0;
  const unload = (model: string, at: number): void => {
    const gone = resident.get(model);
    if (!gone) throw new Error(`${model} was to go, and is not in memory.`);
    resident.delete(model);
    held -= gone.bytes;
    log?.({ at, what: 'unload', model, bytes: gone.bytes, heldBytes: held });
  };
  requests.forEach(({ at, model }, lastUse) => {
    const timeout = rule.timeoutMs;
    if (timeout !== undefined) for (const r of [...resident.values()]) if (at - r.lastAt >= timeout) unload(r.model, r.lastAt + timeout);
    const here = resident.get(model);
    if (here) {
      here.lastUse = lastUse;
      here.lastAt = at;
    } else {
      const { bytes, reloadMs } = catalog.get(model)!;
      const freePlaces = places === null ? Infinity : places - resident.size;
      if (held + bytes > budgetBytes || freePlaces < 1) {
        for (const victim of rule.victims([...resident.values()], { model, bytes, freeBytes: budgetBytes - held, freePlaces, at })) unload(victim, at);
      }
      if (held + bytes > budgetBytes || (places !== null && resident.size >= places)) throw new Error(`There was no room for ${model}.`);
      resident.set(model, { model, bytes, reloadMs, lastUse, lastAt: at });
      held += bytes;
      loads += 1;
      loadMs += reloadMs;
      log?.({ at, what: 'load', model, bytes, reloadMs, heldBytes: held });
    }
    rule.used(model, at);
  });
  return { loads, loadSeconds: Math.round(loadMs) / 1000 };
}
