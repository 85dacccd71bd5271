import path from 'node:path';
import type { MessageBoxOptions } from 'electron';
import { chooseLanguage, type ShowTarget } from '../../../contract/index.ts';
import type { Airdock } from '../../airdock.ts';
import { packageRoot } from '../../package-root.ts';
import { version } from '../../version.ts';
import { ownAppImage } from '../app-image.ts';
import { hiddenSwitch } from '../autostart/autostart.ts';
import { writeCrashReport } from '../log/crash-report.ts';
import type { Log } from '../log/log.ts';
import { createNotifier } from '../notifications/notifier.ts';
import type { ElectronParts, Platform, Speech } from '../parts.ts';
import { desktopText } from '../text/text.ts';
import { createClock } from '../tray/clock.ts';
import { createTray } from '../tray/tray.ts';
import { createTrayActions } from '../tray/tray-actions.ts';
import { findTrayHost } from '../tray/tray-host.ts';
import { createTraySight } from '../tray/tray-sight.ts';
import type { Updates } from '../updates/updates.ts';
import { createDashboardWindow } from '../window/dashboard-window.ts';
import { createAttention } from './attention.ts';
import { createFirstClose } from './first-close.ts';
import { createJoiners } from './joiners.ts';
import { createQuit } from './quit.ts';

export interface ShellDeps {
  electron: ElectronParts;
  platform: Platform;
  argv: readonly string[];
  env: NodeJS.ProcessEnv;
  dataDir: string;
  log: Log;
}

/** What needs a running Airdock and is there only later. */
export interface Running {
  airdock: Airdock;
  updates: Updates;
}

export type Shell = ReturnType<typeof createShell>;

/** Everything of the app that stands before Airdock runs: the tray icon, the window that can be opened then, the way out. */
export function createShell({ electron, platform, argv, env, dataDir, log }: ShellDeps) {
  const { app, dialog } = electron;
  const root = packageRoot();
  const onFault = log.fault;
  let running: Running | null = null;
  let wishedFor: Partial<ShowTarget> | null = null;

  const speech: Speech = { language: () => chooseLanguage(running?.airdock.config.current().ui.language ?? 'system', app.getPreferredSystemLanguages()) };
  const text = () => desktopText(speech.language());
  const ask = (options: MessageBoxOptions) => {
    const parent = window.visible() ? window.browserWindow() : null;
    return parent ? dialog.showMessageBox(parent, options) : dialog.showMessageBox(options);
  };
  const openLogFolder = (): void => void electron.shell.openPath(log.folder).catch(onFault);
  const trayShown = (): Promise<boolean> => sight.shown();

  const joiners = createJoiners(onFault);
  const appImage = ownAppImage(env, process.execPath);
  const quit = createQuit({
    app,
    platform,
    relaunch: { args: argv.slice(1).filter((arg) => arg !== hiddenSwitch), ...(appImage === null ? {} : { execPath: appImage }) },
    joiners,
    ask,
    toFront: () => {
      if (platform === 'darwin') app.focus({ steal: true });
      else if (window.visible()) window.browserWindow()?.focus();
    },
    leaving: () => running?.airdock.leaving() ?? { inUse: [], ends: [], stays: [], programs: [] },
    onQuit: () => running?.airdock.config.current().ui.on_quit ?? 'leave',
    remember: async (choice) => {
      const done = await running?.airdock.operations.configSet({ set: { 'ui.on_quit': choice } }, { signal: new AbortController().signal, caller: 'Airdock' });
      if (done && !done.ok) onFault(done.problem.message);
    },
    text,
    clock: (at) => createClock(Date.now(), speech.language())(at),
    onWaiting: (names) => void notifier.tell({ title: 'Airdock', body: text().dialogs.quit.waiting(names) }, () => undefined),
    onFault,
  });

  const firstClose = createFirstClose({ file: path.join(dataDir, 'desktop.json'), trayShown, ask, text, quit: quit.request, isEnding: quit.isEnding, onFault });
  const window = createDashboardWindow({
    electron,
    boundsFile: path.join(dataDir, 'window.json'),
    preload: path.join(root, 'dist/preload/index.cjs'),
    speech,
    onFault,
    onClosed: () => void firstClose.closed(),
    onPageGone: ({ reason, code, restarted }) => {
      const words = `The page ended (${reason}, ${code}) and was ${restarted ? 'begun anew' : 'not begun anew'}.`;
      log.warn(words);
      writeCrashReport({ folder: log.folder, words, where: 'page', version });
    },
  });
  const attention = createAttention(window, electron.powerMonitor);

  /** Opens the window, at a place or where it was left; as soon as there is something to show. */
  function show(target: Partial<ShowTarget> = {}): void {
    if (running === null) wishedFor = target;
    else if (Object.keys(target).length > 0) window.show(target);
    else window.show();
  }

  /** The same as a person's own wish, which an app on its way out fulfils by beginning anew. */
  function open(target: Partial<ShowTarget> = {}): void {
    if (quit.isEnding()) quit.comeBack();
    else show(target);
  }

  const notifier = createNotifier({
    Notification: electron.Notification,
    settings: () => running?.airdock.config.current().notifications ?? { enabled: false, evictions: false, failures: false, advice: false },
    speech,
    show,
    windowFocused: attention.focused,
    onProblem: (problem) => log.warn(problem.message),
  });
  const tray = createTray({
    electron,
    platform,
    icons: path.join(root, 'assets/tray'),
    speech,
    onFault,
    actions: createTrayActions({
      operations: () => running?.airdock.operations ?? null,
      failed: (problem) => void notifier.answer(problem),
      onFault,
      show: open,
      explain: show,
      checkForUpdates: () => void running?.updates.check(),
      installUpdate: () => void running?.updates.install(),
      quit: quit.request,
    }),
  });
  const sight = createTraySight({ platform, tray, find: () => findTrayHost({ env }) });
  app.once('quit', () => {
    sight.close();
    tray.close();
  });

  return {
    electron,
    platform,
    env,
    dataDir,
    root,
    version,
    log,
    onFault,
    speech,
    text,
    ask,
    open,
    openLogFolder,
    trayShown,
    joiners,
    quit,
    window,
    attention,
    notifier,
    tray,
    running: () => running,
    /** Somebody waits for the window. */
    isWished: () => wishedFor !== null,
    /** From now on clicks do what they say, and what was wished for meanwhile is shown. */
    runs(now: Running) {
      running = now;
      if (wishedFor !== null) show(wishedFor);
      wishedFor = null;
    },
  };
}
