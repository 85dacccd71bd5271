import type { Activity } from '../../contract/index.ts';

/** A program that asks again and again must not push everything else out of the activity list. */
const REPEAT_MS = 60_000;

/** Whether an entry is a refusal that has been written down a moment ago: the same wish of the same asker, for the same reason. So is an unload that does not succeed. */
export function createRepeats(): (entry: Omit<Activity, 'id'>) => boolean {
  const written = new Map<string, number>();
  return ({ at, kind, model, code, by, parts }) => {
    if (kind !== 'refused' && !(kind === 'failed' && (code === 'not-letting-go' || code === 'unload-failed'))) return false;
    for (const [wish, since] of written) if (Math.abs(at - since) >= REPEAT_MS) written.delete(wish);
    // Not by its words: they hold figures that differ each time.
    const wish = JSON.stringify([kind, model, code, by, parts?.what ?? null]);
    if (written.has(wish)) return true;
    written.set(wish, at);
    return false;
  };
}
