import type { MessageBoxOptions, MessageBoxReturnValue } from 'electron';
import { writeCrashReport } from '../log/crash-report.ts';
import type { Log } from '../log/log.ts';
import type { DesktopText } from '../text/text.ts';

/** A fault that comes again and again is one question and a few reports, not a flood of them. */
const ASK_EVERY_MS = 10 * 60_000;
const REPORTS_AT_MOST = 10;

export interface FaultsDeps {
  process: Pick<NodeJS.Process, 'on' | 'off'>;
  log: Log;
  version: string;
  text(): DesktopText;
  ask(options: MessageBoxOptions): Promise<MessageBoxReturnValue>;
  openLogFolder(): void;
  restart(): void;
  /** On the way out nobody is asked anything any more. */
  isEnding(): boolean;
  /** Ms by a clock that nobody sets. */
  now?: () => number;
}

/**
 * What nobody has caught. Electron would show a stack and go on; ending at once would take every model along. So: a report, and
 * after an exception, which can have left something half done, the question whether to begin anew. A rejected promise is logged alone.
 */
export function watchFaults(deps: FaultsDeps): () => void {
  const now = deps.now ?? (() => performance.now());
  let reports = 0;
  let askedAt = -Infinity;

  function report(fault: unknown, where: string): void {
    deps.log.fault(fault);
    if (reports >= REPORTS_AT_MOST) return;
    reports += 1;
    writeCrashReport({ folder: deps.log.folder, words: deps.log.words(fault), where, version: deps.version });
  }

  async function ask(): Promise<void> {
    const { fault, cannotStart } = deps.text().dialogs;
    const buttons = [fault.restart, fault.goOn, cannotStart.openLog];
    const { response } = await deps.ask({ type: 'error', title: fault.title, message: fault.title, detail: fault.body, buttons, defaultId: 0, cancelId: 1, noLink: true });
    if (response === 0) deps.restart();
    else if (response === 2) deps.openLogFolder();
  }

  const onException = (fault: unknown): void => {
    // A terminal that was closed under it is nothing to speak of.
    if ((fault as NodeJS.ErrnoException | null)?.code === 'EPIPE') return;
    report(fault, 'main process, uncaught exception');
    if (deps.isEnding() || now() - askedAt < ASK_EVERY_MS) return;
    askedAt = now();
    ask().catch((failed: unknown) => deps.log.fault(failed));
  };
  const onRejection = (fault: unknown): void => report(fault, 'main process, unhandled rejection');

  deps.process.on('uncaughtException', onException);
  deps.process.on('unhandledRejection', onRejection);
  return () => {
    deps.process.off('uncaughtException', onException);
    deps.process.off('unhandledRejection', onRejection);
  };
}
