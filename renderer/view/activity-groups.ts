import type { Activity, ActivityKind } from '../../contract/index.ts';
import { actorOf, actorWords } from './entry-actor.ts';

/** What people look for in the activity list. */
export const activityGroups = ['loads', 'unloads', 'trouble', 'settings', 'other'] as const;
export type ActivityGroup = (typeof activityGroups)[number];

const groups: Record<ActivityKind, ActivityGroup> = {
  loaded: 'loads',
  appeared: 'loads',
  unloaded: 'unloads',
  disappeared: 'unloads',
  refused: 'trouble',
  failed: 'trouble',
  crashed: 'trouble',
  memory: 'trouble',
  setting: 'settings',
  provider: 'other',
  notice: 'other',
};

export interface ActivityFilter {
  /** Empty: all of them. */
  groups: readonly ActivityGroup[];
  /** A model's id; also entries in which another made room for it. */
  model: string | null;
  /** Who was behind it, as `actorOf` names them. */
  actor: string | null;
  query: string;
}

export const everything: ActivityFilter = { groups: [], model: null, actor: null, query: '' };

export function isFiltered({ groups: wanted, model, actor, query }: ActivityFilter): boolean {
  return wanted.length > 0 || model !== null || actor !== null || query.trim() !== '';
}

/** Whether an entry, which reads `sentence` on the screen, is asked for. */
export function passes(entry: Activity, sentence: string, filter: ActivityFilter): boolean {
  if (filter.groups.length > 0 && !filter.groups.includes(groups[entry.kind])) return false;
  if (filter.model !== null && entry.model !== filter.model && entry.forModel !== filter.model) return false;
  const actor = actorOf(entry);
  if (filter.actor !== null && actor !== filter.actor) return false;
  const searched = `${sentence} ${entry.text} ${entry.name ?? ''} ${entry.by ?? ''} ${actor === null ? '' : actorWords(actor)}`.toLowerCase();
  return filter.query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => searched.includes(word));
}

export interface ActivityDay {
  /** Midnight of that day here, ms since the epoch. */
  at: number;
  entries: readonly Activity[];
}

/** Entries, newest first, by the reader's days. */
export function byDay(entries: readonly Activity[]): ActivityDay[] {
  const days: { at: number; entries: Activity[] }[] = [];
  for (const entry of entries) {
    const at = new Date(entry.at).setHours(0, 0, 0, 0);
    const last = days.at(-1);
    // A clock that was set back must not cut a day in two.
    const day = last?.at === at ? last : days.find((other) => other.at === at);
    if (day === undefined) days.push({ at, entries: [entry] });
    else day.entries.push(entry);
  }
  return days;
}
