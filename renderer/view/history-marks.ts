import type { Activity } from '../../contract/index.ts';
import { historyMs } from '../store/history.ts';

/** load: a model came · left: one went, as planned · room: one went for another · yield: one went because memory ran short · failed: something went wrong */
export type MarkKind = 'load' | 'left' | 'room' | 'yield' | 'failed';

export interface HistoryMark {
  /** The newest entry: where a click leads. */
  id: number;
  kind: MarkKind;
  /** Share (0 to 1) of the width. */
  place: number;
  /** Oldest first. */
  entries: readonly Activity[];
}

/** What weighs most speaks for a mark that stands for several entries. */
const weight: Record<MarkKind, number> = { load: 0, left: 1, room: 2, yield: 3, failed: 4 };

export function markKind({ kind, reason, code }: Activity): MarkKind | null {
  switch (kind) {
    case 'loaded':
    case 'appeared':
      return 'load';
    case 'unloaded':
      return reason === 'room' ? 'room' : reason === 'pressure' ? 'yield' : 'left';
    case 'disappeared':
      return 'left';
    case 'crashed':
    case 'refused':
      return 'failed';
    case 'failed':
      // Whoever cancels knows it.
      return code === 'cancelled' ? null : 'failed';
    case 'memory':
      return code === 'over-budget' ? 'yield' : null;
    case 'provider':
    case 'setting':
    case 'notice':
      return null;
  }
}

/** What happened in the 15 minutes until `end`, with one mark for what is closer together than `closest` (a share of the width). */
export function historyMarks(activity: readonly Activity[], end: number, closest: number): HistoryMark[] {
  const marks: { id: number; kind: MarkKind; place: number; entries: Activity[] }[] = [];
  for (const entry of activity.toReversed()) {
    const place = 1 - (end - entry.at) / historyMs;
    const kind = markKind(entry);
    if (kind === null || place < 0 || place > 1) continue;
    const last = marks.at(-1);
    if (last === undefined || place - last.place >= closest) {
      marks.push({ id: entry.id, kind, place, entries: [entry] });
      continue;
    }
    last.entries.push(entry);
    last.id = entry.id;
    if (weight[kind] > weight[last.kind]) last.kind = kind;
  }
  return marks;
}
