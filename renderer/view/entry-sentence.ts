import type { Activity } from '../../contract/index.ts';
import { text } from '../text/text.ts';

/** An entry in the language of the screen; `own`: in the engine's own words, because there are no others for it. */
export function entrySentence(entry: Activity, newcomer: string | null): { words: string; own: boolean } {
  const told = text.activity.sentence(entry, newcomer);
  return told === null || told === entry.text ? { words: entry.text, own: true } : { words: told, own: false };
}
