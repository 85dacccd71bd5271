import type { MessageBoxOptions, MessageBoxReturnValue } from 'electron';
import type { AirdockOptions, Airdock, StartOutcome } from '../../airdock.ts';
import type { DesktopText } from '../text/text.ts';

/** How long an Airdock may hold the data folder without answering: it is starting or ending. */
const CHANGING_MS = 5_000;

export interface EngineStartDeps {
  start(options: AirdockOptions): Promise<StartOutcome>;
  options: AirdockOptions;
  /** A fresh address of the dashboard of the Airdock that has the folder; null: it does not answer. */
  signInLink(url: string, dataDir: string): Promise<string | null>;
  openInBrowser(url: string): void;
  openLogFolder(): void;
  ask(options: MessageBoxOptions): Promise<MessageBoxReturnValue>;
  text(): DesktopText;
  log: { warn(text: string): void };
  changingMs?: number;
}

type Refused = Extract<StartOutcome, { ok: false }> & { link: string | null };

/** Starts the engine; null: it could not be, and the person has been told. */
export async function startEngine(deps: EngineStartDeps): Promise<Airdock | null> {
  const started = await startOrWait(deps);
  if (started.ok) return started.airdock;
  deps.log.warn(`Airdock could not start: ${started.problem.message}`);
  await explain(started, deps);
  return null;
}

async function explain({ problem, heldBy, link }: Refused, deps: EngineStartDeps): Promise<void> {
  const { running, cannotStart } = deps.text().dialogs;
  const sentences = [problem.message, problem.hint].filter(Boolean).join('\n');
  const title = heldBy ? running.title : cannotStart.title;
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

/** One that is just starting or ending (a restart, an update) is waited for. */
async function startOrWait({ start, options, signInLink, changingMs = CHANGING_MS }: EngineStartDeps): Promise<Extract<StartOutcome, { ok: true }> | Refused> {
  const deadline = performance.now() + changingMs;
  for (;;) {
    const started = await start(options);
    if (started.ok) return started;
    const link = started.heldBy?.url ? await signInLink(started.heldBy.url, started.dataDir) : null;
    if (started.heldBy === null || link !== null || performance.now() > deadline) return { ...started, link };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
