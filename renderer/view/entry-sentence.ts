import type { Activity } from '../../contract/index.ts';
import { text } from '../text/text.ts';
import { settingChange } from './setting-change.ts';

export interface EntrySentence {
  words: string;
  /** They are the engine's own, because there are no others for it. */
  own: boolean;
  /** What the engine says, where `words` leaves out some of it. */
  detail: string | null;
}

/** An entry in the language of the screen. `newcomer` is the name of the model that took its model's room. */
export function entrySentence(entry: Activity, newcomer: string | null): EntrySentence {
  const told = entry.parts?.what === 'settings' ? settingChange(entry.parts) : text.activity.sentence(entry, newcomer);
  if (told === null) return { words: entry.text, own: true, detail: null };
  return { words: told.words, own: told.words === entry.text, detail: told.whole ? null : entry.text };
}
