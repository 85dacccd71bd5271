import type { InstalledModel, LiveState, LoadedModel } from '../../contract/index.ts';
import { isWorthTelling, lastedMs, type Visit } from '../store/visits.ts';

/** What stands between a model and those who wait for it, as far as the picture of the memory tells. */
export interface WaitReason {
  kind: 'turn' | 'loading' | 'making-room' | 'loading-other' | 'leaving' | 'stuck' | 'in-use';
  /** The models that it is about, where that is not the one that is waited for. */
  names: readonly string[];
}

/** A model that programs wait for. */
export interface WaitingRow {
  model: string;
  name: string;
  /** Who waits, longest first. */
  clients: readonly string[];
  requests: number;
  /** How long the first has waited. */
  waitedMs: number;
  reason: WaitReason | null;
}

function reasonOf(id: string, loaded: readonly LoadedModel[], models: readonly InstalledModel[]): WaitReason | null {
  const own = loaded.find((model) => model.id === id);
  if (own?.state === 'loading') return { kind: 'loading', names: [] };
  if (own?.state === 'reserved') return { kind: 'making-room', names: [] };
  // It is there, and answers those who came before.
  if (own?.state === 'ready' && own.inUse) return { kind: 'turn', names: [] };
  const others = loaded.filter((model) => model !== own);
  const named = (kind: WaitReason['kind'], which: (model: LoadedModel) => boolean): WaitReason | null => {
    const names = others.filter(which).map(({ name }) => name);
    return names.length === 0 ? null : { kind, names };
  };
  const underWay =
    named('stuck', ({ state }) => state === 'stuck') ?? named('leaving', ({ state }) => state === 'unloading') ?? named('loading-other', ({ state }) => state === 'loading' || state === 'reserved');
  if (underWay !== null) return underWay;
  // Where there is room, nobody who works is in the way.
  if (own !== undefined || models.find((model) => model.id === id)?.fit.kind === 'fits') return null;
  return named('in-use', ({ inUse }) => inUse);
}

/** The models that programs wait for, in the order in which the waiting began. `now` is the engine's clock, ms since the epoch. */
export function waitingRows(visits: readonly Visit[], live: Pick<LiveState, 'loaded'>, models: readonly InstalledModel[], now: number): WaitingRow[] {
  const rows = new Map<string, Visit[]>();
  for (const visit of visits) {
    if (!isWorthTelling(visit, now)) continue;
    const row = rows.get(visit.model);
    if (row === undefined) rows.set(visit.model, [visit]);
    else row.push(visit);
  }
  return [...rows].map(([model, of]) => ({
    model,
    name: of[0]!.name,
    clients: of.map(({ client }) => client),
    requests: of.reduce((sum, { requests }) => sum + requests, 0),
    waitedMs: Math.max(...of.map((visit) => lastedMs(visit, now))),
    reason: reasonOf(model, live.loaded, models),
  }));
}
