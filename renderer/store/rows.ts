import type { LiveState, LoadedModel } from '../../contract/index.ts';
import { share } from './share.ts';

/** A model in memory as it was told, and when. */
export interface Row {
  readonly model: LoadedModel;
  /** The engine's clock, ms since the epoch: idleness is counted on from here. */
  readonly readAt: number;
}
export type Rows = Readonly<Record<string, Row>>;

/** How far two ways of counting the same idle time may be apart. */
const driftMs = 1_500;

function sameRow(row: Row, next: LoadedModel, at: number): boolean {
  // A model in use has no idle time that could run on.
  const expected = row.model.idleMs + (row.model.state === 'ready' && !row.model.inUse ? at - row.readAt : 0);
  if (Math.abs(next.idleMs - expected) > driftMs) return false;
  return share(row.model, { ...next, idleMs: row.model.idleMs }) === row.model;
}

/** The models in memory by id. A row whose idle time merely runs on stays the same object, so that it is not drawn anew every second. */
export function updateRows(rows: Rows, live: LiveState): Rows {
  const next: Record<string, Row> = {};
  let same = Object.keys(rows).length === live.loaded.length;
  for (const model of live.loaded) {
    const row = rows[model.id];
    next[model.id] = row !== undefined && sameRow(row, model, live.at) ? row : { model, readAt: live.at };
    if (next[model.id] !== row) same = false;
  }
  return same ? rows : next;
}
