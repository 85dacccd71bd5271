import type { InstalledModel } from '../../contract/index.ts';
import { text } from '../text/text.ts';
import { ago } from './ago.ts';

/** When and why a model last left memory, in words; `newcomer` is the name of the model that took its room, where known. */
export function lastUnloadWords({ at, reason }: NonNullable<InstalledModel['lastUnload']>, newcomer: string | null, now: number): string {
  const why = text.lastUnload.why[reason];
  return `${text.lastUnload.when(ago(at, now), typeof why === 'string' ? why : why(newcomer))}.`;
}
