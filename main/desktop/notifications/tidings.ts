import { isPerson, type Activity, type Config } from '../../../contract/index.ts';

/** What is worth telling somebody who looks elsewhere. */
export interface Tiding {
  kind: 'unloaded' | 'failed' | 'crashed' | 'down';
  entry: Activity;
}

/** Unloads that nobody had expected at that moment. An idle timeout is what was agreed, and the rest was asked for. */
const unexpected: ReadonlySet<Activity['reason']> = new Set(['room', 'pressure', 'limit', 'replace', 'other']);

/** What an entry has to tell; null: nothing. `wasUp` knows which servers have been seen running. */
export function tidingOf(entry: Activity, wasUp: (provider: string) => boolean): Tiding | null {
  // What a person did by hand they know, and its consequences they were shown before.
  if (isPerson(entry.by)) return null;
  switch (entry.kind) {
    case 'unloaded':
      return unexpected.has(entry.reason) && (entry.reason !== 'other' || entry.forModel !== null) ? { kind: 'unloaded', entry } : null;
    case 'failed':
      return entry.code === 'cancelled' ? null : { kind: 'failed', entry };
    case 'crashed':
      return { kind: 'crashed', entry };
    case 'provider':
      // Its entry has a code when it is not well. What was never there is missed by nobody.
      return entry.code !== null && entry.provider !== null && wasUp(entry.provider) ? { kind: 'down', entry } : null;
    default:
      return null;
  }
}

export function isWanted(tiding: Tiding, settings: Config['notifications']): boolean {
  return settings.enabled && (tiding.kind === 'unloaded' ? settings.evictions : settings.failures);
}
