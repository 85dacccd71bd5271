import type { MessageBoxOptions, MessageBoxReturnValue } from 'electron';
import type { AirdockOptions, StartOutcome } from '../../airdock.ts';
import type { DesktopText } from '../text/text.ts';

/** How long an Airdock may hold the data folder without answering: it is starting or ending. */
const CHANGING_MS = 5_000;

export interface EngineStartDeps {
  start(options: AirdockOptions): Promise<StartOutcome>;
  options: AirdockOptions;
  /** A fresh address of the dashboard of the Airdock that has the folder; null: it does not answer. */
  signInLink(url: string, dataDir: string): Promise<string | null>;
  changingMs?: number;
}

export interface ExplainDeps {
  openInBrowser(url: string): void;
  openLogFolder(): void;
  ask(options: MessageBoxOptions): Promise<MessageBoxReturnValue>;
  text(): DesktopText;
}

export type Started = Extract<StartOutcome, { ok: true }>;
/** `link`: the dashboard of the one that has the folder, where that one answers. */
export type Refused = Extract<StartOutcome, { ok: false }> & { link: string | null };

/** What is wrong, in a few words. */
export function refusalTitle({ heldBy }: Refused, { running, cannotStart }: DesktopText['dialogs']): string {
  return heldBy ? running.title : cannotStart.title;
}

/** Tells the person why there is no Airdock, with what to do; settles when they have read it. */
export async function explainRefusal(refused: Refused, deps: ExplainDeps): Promise<void> {
  const { problem, link } = refused;
  const { running, cannotStart } = deps.text().dialogs;
  const sentences = [problem.message, problem.hint].filter(Boolean).join('\n');
  const title = refusalTitle(refused, deps.text().dialogs);
  const other = link === null ? { words: cannotStart.openLog, deed: deps.openLogFolder } : { words: running.open, deed: () => deps.openInBrowser(link) };
  const { response } = await deps.ask({
    type: link === null ? 'error' : 'info',
    title,
    message: title,
    detail: link === null ? sentences : `${running.body}\n${sentences}`,
    buttons: [other.words, cannotStart.quit],
    defaultId: link === null ? 1 : 0,
    cancelId: 1,
    noLink: true,
  });
  if (response === 0) other.deed();
}

/** Starts the engine. One that is just starting or ending (a restart, an update) is waited for. */
export async function startEngine({ start, options, signInLink, changingMs = CHANGING_MS }: EngineStartDeps): Promise<Started | Refused> {
  const deadline = performance.now() + changingMs;
  for (;;) {
    const started = await start(options);
    if (started.ok) return started;
    const link = started.heldBy?.url ? await signInLink(started.heldBy.url, started.dataDir) : null;
    if (started.heldBy === null || link !== null || performance.now() > deadline) return { ...started, link };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
