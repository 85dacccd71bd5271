import { type Activity, isPerson } from '../../contract/index.ts';
import { text } from '../text/text.ts';

/** What Airdock decides by its own rules where nobody asked. */
const ownRules: ReadonlySet<Activity['reason']> = new Set(['room', 'idle', 'pressure', 'limit', 'pinned', 'sleep', 'shutdown']);

/** Airdock's name for itself in the log, where a load was its own idea. */
const airdock = 'Airdock';

/** Who was behind an entry, as it is kept: a surface of people, a program's name, Airdock itself; null: nobody in particular, or its words tell. */
export function actorOf({ by, kind, reason }: Pick<Activity, 'by' | 'kind' | 'reason'>): string | null {
  if (by !== null) return by;
  const decided = kind === 'loaded' || kind === 'unloaded' || kind === 'refused' || kind === 'failed';
  return decided && ownRules.has(reason) ? airdock : null;
}

/** The same in words: “you, in the tray”, “Open WebUI”, “automatic”. */
export function actorWords(actor: string): string {
  if (actor === airdock) return text.activity.automatic;
  return text.activity.people[actor] ?? text.activity.nameless[actor] ?? actor;
}

/** People first, then Airdock itself, then programs by name: the order in which one looks for somebody. */
export function byActor(a: string, b: string): number {
  const rank = (actor: string) => (isPerson(actor) ? 0 : actor === airdock ? 1 : 2);
  return rank(a) - rank(b) || actorWords(a).localeCompare(actorWords(b));
}
