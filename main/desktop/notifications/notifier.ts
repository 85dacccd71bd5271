import type * as Electron from 'electron';
import { problem, toProblem, type Activity, type Config, type LiveState, type Problem, type ShowTarget } from '../../../contract/index.ts';
import type { ElectronParts, Speech } from '../parts.ts';
import { desktopText } from '../text/text.ts';
import { isWanted, tidingOf, type Tiding } from './tidings.ts';
import { adviceWords, wordsFor, type Names, type Wording } from './wording.ts';

/** What happens within this time is told together. */
const GATHER_MS = 3_000;
/** At most one notification in this time. */
const EVERY_MS = 60_000;
/** Not every system says when a notification has gone. */
const KEPT_AT_MOST = 20;
const QUEUE_AT_MOST = 200;
const NAMES_AT_MOST = 1_000;

export interface NotifierDeps {
  Notification: ElectronParts['Notification'];
  settings(): Config['notifications'];
  speech: Speech;
  show(target: Partial<ShowTarget>): void;
  /** Whether a person has the dashboard before their eyes: then nothing needs telling. A window behind others may be out of their sight. */
  windowFocused(): boolean;
  /** For the log: why something could not be shown. */
  onProblem(problem: Problem): void;
}

export type Told = { ok: true; value: 'shown' | 'silent' } | { ok: false; problem: Problem };

export interface Notifier {
  activity(entries: readonly Activity[]): void;
  state(state: LiveState): void;
  /** An answer to a click in the tray: shown at once, whatever the settings say. */
  answer(problem: Problem): Told;
  /** The same for other news, which say themselves what a click on them does. */
  tell(words: Wording, onClick: () => void): Told;
  close(): void;
}

/** Tells what nobody has clicked: gathered, seldom, and not while somebody looks. */
export function createNotifier(deps: NotifierDeps): Notifier {
  const { settings, speech, windowFocused } = deps;
  // By a clock that nobody sets.
  const now = (): number => performance.now();
  // Without a reference to it a notification is collected, and its click goes nowhere.
  const open = new Set<Electron.Notification>();
  const up = new Set<string>();
  const offered = new Set<string>();
  const known = new Map<string, string>();
  let last: LiveState | null = null;
  let waiting: Tiding[] = [];
  let advice: LiveState['advice'] = [];
  let toldAt = -Infinity;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  const names: Names = {
    model: (id) => known.get(id) ?? shortName(id),
    provider: (id) => last?.providers.find((provider) => provider.id === id)?.label ?? id,
  };

  function remember(id: string | null, name: string | null): void {
    if (id === null || name === null) return;
    if (known.size >= NAMES_AT_MOST) known.clear();
    known.set(id, name);
  }

  function wake(): void {
    if (closed || timer || (waiting.length === 0 && advice.length === 0)) return;
    timer = setTimeout(flush, Math.max(GATHER_MS, toldAt + EVERY_MS - now()));
    timer.unref();
  }

  function flush(): void {
    timer = null;
    if (closed) return;
    // Settings and windows may have changed while it waited.
    const tidings = windowFocused() ? [] : waiting.filter((tiding) => isWanted(tiding, settings()) && !isOver(tiding));
    const [first, ...others] = windowFocused() || !adviceWanted() ? [] : advice.filter(({ id }) => last?.advice.some((still) => still.id === id));
    waiting = [];
    if (tidings.length > 0) {
      toldAt = now();
      const newest = tidings[tidings.length - 1];
      put(wordsFor(tidings, speech.language(), names), () => deps.show({ page: 'activity', activity: newest?.entry.id ?? null }));
    } else if (first) {
      // What happened comes first; a suggestion has time.
      toldAt = now();
      advice = others;
      put(adviceWords(first, speech.language(), names), () => deps.show({ page: 'memory' }));
    } else {
      advice = [];
    }
    wake();
  }

  function adviceWanted(): boolean {
    return settings().enabled && settings().advice;
  }

  /** A load that failed and is under way again, or has worked meanwhile, is no news; nor is a server that is back. */
  function isOver({ kind, entry }: Tiding): boolean {
    if (kind === 'down') return last?.providers.find(({ id }) => id === entry.provider)?.status === 'up';
    if (kind !== 'failed' || entry.code === 'not-letting-go' || entry.code === 'unload-failed') return false;
    return last?.loaded.some((model) => model.id === entry.model && (model.state === 'reserved' || model.state === 'loading' || model.state === 'ready')) ?? false;
  }

  function put(words: Wording, onClick: () => void): Told {
    try {
      if (!deps.Notification.isSupported()) return { ok: true, value: 'silent' };
      const notification = new deps.Notification({ ...words, silent: true });
      const forget = (): void => void open.delete(notification);
      notification.on('click', () => {
        forget();
        onClick();
      });
      notification.on('close', forget);
      // An unsigned app on macOS, notifications switched off in the system.
      notification.on('failed', (_event, error) => {
        forget();
        deps.onProblem(problem('internal', `A notification could not be shown: ${error}`));
      });
      open.add(notification);
      const [oldest] = open;
      if (open.size > KEPT_AT_MOST && oldest) open.delete(oldest);
      notification.show();
      return { ok: true, value: 'shown' };
    } catch (fault) {
      const why = toProblem(fault);
      deps.onProblem(why);
      return { ok: false, problem: why };
    }
  }

  return {
    activity(entries) {
      for (const entry of entries) {
        remember(entry.model, entry.name);
        const tiding = tidingOf(entry, (provider) => up.has(provider));
        // Told once, until it runs again.
        if (tiding?.kind === 'down' && entry.provider !== null) up.delete(entry.provider);
        if (!tiding || windowFocused() || !isWanted(tiding, settings())) continue;
        // Of what went wrong with a model the last word counts.
        waiting = waiting.filter((other) => other.kind === 'unloaded' || tiding.kind === 'unloaded' || entry.model === null || other.entry.model !== entry.model);
        waiting = [...waiting, tiding].slice(-QUEUE_AT_MOST);
      }
      wake();
    },
    state(state) {
      last = state;
      for (const { id, name } of state.loaded) remember(id, name);
      for (const { id, status } of state.providers) if (status === 'up') up.add(id);
      for (const suggestion of state.advice) {
        if (offered.has(suggestion.id) || !isAboutHarm(suggestion.id)) continue;
        // On the screen it is seen as well.
        offered.add(suggestion.id);
        if (adviceWanted() && !windowFocused()) advice = [...advice, suggestion];
      }
      wake();
    },
    answer({ code, message, hint }) {
      const words = desktopText(speech.language()).notifications;
      return put({ title: words.failed, body: words.refused(code, [message, hint].filter(Boolean).join(' ')) }, () => deps.show({}));
    },
    tell: put,
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
      timer = null;
      waiting = [];
      advice = [];
      open.clear();
    },
  };
}

/** The question about models of other programs has time until the dashboard is open; it would come at every start. */
function isAboutHarm(id: string): boolean {
  return id !== 'unload-foreign';
}

/** "ollama/llama3.2:latest" as people call it. */
function shortName(id: string): string {
  return id.slice(id.indexOf('/') + 1).replace(/:latest$/, '');
}
