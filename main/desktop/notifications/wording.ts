import type { Activity, Language, LiveState } from '../../../contract/index.ts';
import { desktopText, type DesktopText } from '../text/text.ts';
import type { Tiding } from './tidings.ts';

/** Lines of a notification that tells several things. */
const LINES = 3;

export interface Wording {
  title: string;
  body: string;
}

/** Names that entries do not carry. */
export interface Names {
  model(id: string): string;
  provider(id: string): string;
}

/** One notification for all of them. */
export function wordsFor(tidings: readonly Tiding[], language: Language, names: Names): Wording {
  const text = desktopText(language);
  const [only] = tidings;
  if (only && tidings.length === 1) return { title: titleOf(only, text, names), body: bodyOf(only, language, text, names) };
  const unloaded = tidings.filter((tiding) => tiding.kind === 'unloaded').map(({ entry }) => entry);
  const wrong = tidings.length - unloaded.length;
  return { title: wrong === 0 ? unloadedTitle(unloaded, text) : unloaded.length === 0 ? text.notifications.failures(wrong) : text.notifications.mixed(wrong, unloaded.length), body: lines(tidings, text, names) };
}

function unloadedTitle(entries: readonly Activity[], text: DesktopText): string {
  const words = text.notifications;
  const models = new Set(entries.map(({ model, id }) => model ?? id)).size;
  if (entries.every(({ reason }) => reason === 'room')) return words.unloadedForRoom(models);
  return entries.every(({ reason }) => reason === 'pressure') ? words.unloadedForPressure(models) : words.unloadedMany(models);
}

/** What went wrong stands first. */
function lines(tidings: readonly Tiding[], text: DesktopText, names: Names): string {
  const all = [...tidings.filter(({ kind }) => kind !== 'unloaded'), ...tidings.filter(({ kind }) => kind === 'unloaded')];
  const told = [...new Set(all.map((tiding) => (tiding.kind === 'unloaded' ? nameOf(tiding.entry, names) : titleOf(tiding, text, names))))];
  const rest = told.length - LINES;
  return rest > 1 ? [...told.slice(0, LINES), text.notifications.more(rest)].join('\n') : told.join('\n');
}

function nameOf(entry: Activity, names: Names): string {
  return entry.name ?? (entry.model === null ? '' : names.model(entry.model));
}

function titleOf({ kind, entry }: Tiding, text: DesktopText, names: Names): string {
  const words = text.notifications;
  const name = nameOf(entry, names);
  switch (kind) {
    case 'unloaded':
      return words.unloaded(name);
    case 'crashed':
      return words.crashed(name);
    case 'down':
      return words.down(names.provider(entry.provider ?? ''));
    case 'failed':
      return entry.code === 'not-letting-go' || entry.code === 'unload-failed' ? words.unloadFailed(name) : words.loadFailed(name);
  }
}

function bodyOf({ kind, entry }: Tiding, language: Language, text: DesktopText, names: Names): string {
  const words = text.notifications;
  // The engine's own sentence says most, and often in another program's words: in another language its code has to do.
  if (kind === 'down') return language === 'en' ? `${entry.text} ${words.downBody}` : words.downBody;
  if (kind === 'crashed') return words.crashedWhy(entry.text);
  if (kind === 'failed') return words.why(entry.code, entry.text);
  const why = unloadedWhy(entry, words, names);
  return entry.ram === null ? why : `${why} ${words.frees(text.size(entry.ram))}`;
}

function unloadedWhy(entry: Activity, words: DesktopText['notifications'], names: Names): string {
  const newcomer = entry.forModel === null ? null : names.model(entry.forModel);
  switch (entry.reason) {
    case 'pressure':
      return words.pressure;
    case 'limit':
      return words.limit;
    case 'replace':
      return words.replace(entry.by);
    case 'other':
      return newcomer === null ? words.why(entry.code, entry.text) : words.hung(newcomer);
    default:
      return newcomer === null ? words.roomUnknown : words.room(newcomer, entry.by);
  }
}

/** A suggestion. The engine speaks English; what it suggests is known by its id. */
export function adviceWords(advice: LiveState['advice'][number], language: Language, names: Names): Wording {
  const words = desktopText(language).notifications.advice;
  const [kind, rest] = [advice.id.slice(0, advice.id.indexOf(':')), advice.id.slice(advice.id.indexOf(':') + 1)];
  const own = kind === 'limit' && Number.isInteger(Number(rest)) ? words.limit(Number(rest)) : kind === 'keep' ? words.keep(names.model(rest)) : null;
  return { title: words.title, body: own ?? words.other(advice.text) };
}
