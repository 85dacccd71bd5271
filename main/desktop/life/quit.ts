import type { MessageBoxOptions, MessageBoxReturnValue, RelaunchOptions } from 'electron';
import type { Config } from '../../../contract/index.ts';
import type { Leaving } from '../../airdock.ts';
import type { ElectronParts, Platform } from '../parts.ts';
import type { DesktopText } from '../text/text.ts';
import type { Ending, Joiners } from './joiners.ts';
import { quitQuestions } from './quit-question.ts';

/** What the end may take beyond the grace of uses in progress. */
const LIMIT_MS = 10_000;
/** The system goes down, or somebody sent a signal: who does not end soon is ended. */
const SHORT_LIMIT_MS = 3_000;
/** After everything has ended, windows that do not close are not waited for longer. */
const EXIT_MS = 3_000;
/** An installer has to ask for a password, perhaps. */
const INSTALL_MS = 120_000;

export interface QuitDeps {
  app: Pick<ElectronParts['app'], 'on' | 'quit' | 'exit' | 'relaunch'>;
  platform: Platform;
  /** How this app is started again. */
  relaunch: RelaunchOptions;
  joiners: Joiners;
  ask(options: MessageBoxOptions): Promise<MessageBoxReturnValue>;
  /** Brings what is asked, or will be in a moment, before other programs' windows. */
  toFront(): void;
  leaving(): Leaving;
  onQuit(): Config['ui']['on_quit'];
  /** Writes the choice into the config. */
  remember(choice: 'leave' | 'unload'): Promise<unknown>;
  text(): DesktopText;
  clock(at: number): string;
  /** Uses get time to finish, and these are waited for. */
  onWaiting?(names: readonly string[]): void;
  onFault(fault: unknown): void;
}

export interface Quit {
  /** As a person: asks where something is at stake. */
  request(): void;
  /** Without a question. `short`: the system goes down. */
  now(how?: { short?: boolean }): void;
  /** Without a question: ends everything, then does that, which has to end the process itself. Where it says that it failed, or does nothing for long, the app begins anew. */
  into(last: (failed: () => void) => void): void;
  restart(): void;
  /** Somebody wants it while it ends: it begins anew when it has ended. The process that they started has handed over and gone. */
  comeBack(): void;
  /** From the first moment on that cannot be taken back. */
  isEnding(): boolean;
}

type State = 'running' | 'asking' | 'ending' | 'over';

/** The one way out of the app, whoever wants it: menu, page, system, installer. Nothing ends before all joiners have, or their limit is over. */
export function createQuit(deps: QuitDeps): Quit {
  const { app, joiners, onFault } = deps;
  let state: State = 'running';
  let systemGoesDown = false;
  let wantedBack = false;
  // An installer and a restart bring it back themselves.
  let bringsBack = false;
  let question: AbortController | null = null;
  const leave = (): void => app.quit();

  async function decide(signal: AbortSignal): Promise<Ending | null> {
    const onQuit = deps.onQuit();
    const leaving = deps.leaving();
    let ending: Ending = { unload: onQuit === 'unload', graceMs: 0 };
    for (const { options, answers, rememberable } of quitQuestions({ leaving, onQuit, text: deps.text(), clock: deps.clock })) {
      const { response, checkboxChecked } = await deps.ask({ ...options, signal });
      const answer = signal.aborted ? 'cancel' : (answers[response] ?? 'cancel');
      if (answer === 'cancel') return null;
      ending = { ...ending, ...answer };
      if (rememberable && checkboxChecked) void deps.remember(ending.unload ? 'unload' : 'leave').catch(onFault);
    }
    if (ending.graceMs > 0) deps.onWaiting?.(leaving.inUse.map(({ name }) => name));
    return ending;
  }

  async function askAndEnd(): Promise<void> {
    state = 'asking';
    question?.abort();
    const own = (question = new AbortController());
    deps.toFront();
    // A dialog that fails must not make an app that cannot be ended.
    const ending = await decide(own.signal).catch((fault: unknown) => {
      onFault(fault);
      return withoutQuestion();
    });
    // Meanwhile the system, or a signal, may have ended it; or it was asked anew.
    if (state !== 'asking' || own !== question) return;
    question = null;
    if (ending === null) state = 'running';
    else await end(ending, LIMIT_MS, leave);
  }

  function withoutQuestion(): Ending {
    return { unload: deps.onQuit() === 'unload', graceMs: 0 };
  }

  async function end(ending: Ending, limitMs: number, last: () => void): Promise<void> {
    state = 'ending';
    question?.abort();
    bringsBack = last !== leave;
    const { late } = await joiners.settle(ending, limitMs);
    if (late.length > 0) onFault(new Error(`Not waited for any longer: ${late.join(', ')}.`));
    state = 'over';
    // Neither an installer nor a restart has the time, and a half-made installation is worse than none.
    const then = systemGoesDown ? leave : last;
    setTimeout(() => app.exit(0), then === leave ? EXIT_MS : INSTALL_MS + EXIT_MS).unref();
    if (wantedBack) relaunchAfter();
    then();
  }

  function relaunchAfter(): void {
    if (!bringsBack && !systemGoesDown) app.relaunch(deps.relaunch);
  }

  function comeBack(): void {
    if (wantedBack || !isEnding()) return;
    wantedBack = true;
    if (state === 'over') relaunchAfter();
  }

  const isEnding = (): boolean => state === 'ending' || state === 'over';

  app.on('before-quit', (event) => {
    if (state === 'over') return;
    // macOS would call off the whole shutdown for an app that says "not yet".
    if (systemGoesDown && deps.platform === 'darwin') return;
    event.preventDefault();
    if (state === 'running') void askAndEnd();
    // The question is out of sight, it seems. macOS cannot take back one that stands without a window, but brings it forward.
    else if (state === 'asking' && deps.platform === 'darwin') deps.toFront();
    else if (state === 'asking') void askAndEnd();
    else if (state === 'ending') joiners.hurry();
  });

  function now({ short = false }: { short?: boolean } = {}): void {
    systemGoesDown ||= short;
    if (state === 'ending') joiners.hurry(short ? SHORT_LIMIT_MS : undefined);
    else if (state !== 'over') void (short ? end({ ...withoutQuestion(), limitMs: SHORT_LIMIT_MS }, SHORT_LIMIT_MS, leave) : end(withoutQuestion(), LIMIT_MS, leave));
  }

  function beginAnew(): void {
    app.relaunch(deps.relaunch);
    app.exit(0);
  }

  function into(last: (failed: () => void) => void): void {
    if (state === 'ending' || state === 'over') return;
    // What follows needs the models again in seconds, whatever is to happen to them at a quit.
    void end({ unload: false, graceMs: 0 }, LIMIT_MS, () => {
      // The engine has ended: if this does not end the process too, only a new one helps.
      const again = setTimeout(beginAnew, INSTALL_MS);
      again.unref();
      const failed = (): void => {
        clearTimeout(again);
        beginAnew();
      };
      try {
        last(failed);
      } catch (fault) {
        onFault(fault);
        failed();
      }
    });
  }

  return { request: leave, now, into, restart: () => into(beginAnew), comeBack, isEnding };
}
