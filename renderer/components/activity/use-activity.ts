import { useMemo } from 'react';
import type { Activity } from '../../../contract/index.ts';
import { useDashboard } from '../../store/dashboard.tsx';
import { type ActivityFilter, passes } from '../../view/activity-groups.ts';
import { lastWords } from '../../view/activity-offers.ts';
import { actorOf, actorWords, byActor } from '../../view/entry-actor.ts';
import { entrySentence } from '../../view/entry-sentence.ts';
import { timeStamp } from '../../view/entry-times.ts';

/** An entry as it stands in the list. */
export interface ListedEntry {
  entry: Activity;
  /** What it reads. */
  words: string;
  /** Who was behind it, in words; null: nobody in particular. */
  who: string | null;
  /** What a copy of it says. */
  line: string;
}

/** The entries that pass the filter, newest first, and the models that any are about, and who was behind any. */
export function useActivity(filter: ActivityFilter) {
  const activity = useDashboard((state) => state.activity);
  const installed = useDashboard((state) => state.models);
  return useMemo(() => {
    const names = new Map(installed.map(({ id, name }) => [id, name]));
    const list = (entry: Activity): ListedEntry => {
      const { words, detail } = entrySentence(entry, entry.forModel === null ? null : (names.get(entry.forModel) ?? entry.forModel));
      const actor = actorOf(entry);
      const who = actor === null ? null : actorWords(actor);
      return { entry, words, who, line: `${timeStamp(entry.at)}  ${words}${detail === null ? '' : ` (${detail})`}${who === null ? '' : ` [${who}]`}` };
    };
    const models = new Map(activity.flatMap(({ model, name }) => (model === null ? [] : [[model, names.get(model) ?? name ?? model] as const])));
    // A model that one was led here for is to be chosen from, also where nothing is known about it yet.
    if (filter.model !== null && !models.has(filter.model)) models.set(filter.model, names.get(filter.model) ?? filter.model);
    return {
      all: activity.length,
      list,
      shown: activity.map(list).filter(({ entry, words }) => passes(entry, words, filter)),
      actors: [...new Set(activity.flatMap((entry) => actorOf(entry) ?? []))].toSorted(byActor),
      models: [...models].map(([id, name]) => ({ id, name })).toSorted((a, b) => a.name.localeCompare(b.name)),
      last: lastWords(activity),
    };
  }, [activity, installed, filter]);
}
