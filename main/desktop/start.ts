import { mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chooseLanguage } from '../../contract/index.ts';
import type { AirdockOptions, StartOutcome } from '../airdock.ts';
import { dataDirectory } from '../data/data-directory.ts';
import { setAppMenu } from './life/app-menu.ts';
import { readLaunch } from './life/launch.ts';
import { runDesktop, type RunDeps } from './life/run.ts';
import type { ElectronParts, Platform } from './parts.ts';
import { registerAppScheme } from './security/app-scheme.ts';
import { lockDown } from './security/lock-down.ts';
import { createOpenLink } from './security/open-link.ts';
import { desktopText } from './text/text.ts';

export interface DesktopOptions {
  platform?: Platform;
  argv?: readonly string[];
  env?: NodeJS.ProcessEnv;
  process?: RunDeps['process'];
  /** How the engine is started; default: main/app.ts. */
  start?: (options: AirdockOptions) => Promise<StartOutcome>;
}

/** As in electron-builder.yml: Windows groups windows and notifications by it. */
const APP_ID = 'dev.airdock.desktop';

/**
 * Starts the desktop app. What Electron takes only before `ready` is done before this returns, so it has to be called
 * while the main script runs; the rest follows when Electron is ready.
 */
export function startDesktop(electron: ElectronParts, options: DesktopOptions = {}): void {
  const { app } = electron;
  const { argv = process.argv, env = process.env } = options;
  const platform = options.platform ?? (process.platform as Platform);
  const launch = readLaunch(argv, process.cwd());
  const dataDir = dataDirectory({ env, platform, home: os.homedir(), override: launch.dataDir });
  app.setName('Airdock');
  app.setAppUserModelId(APP_ID);
  keepBrowserDataIn(app, dataDir);

  // The lock is one for each data folder, since it lies in the folder of the browser data. The first one opens its window.
  if (!app.requestSingleInstanceLock()) return app.quit();
  registerAppScheme(electron.protocol);
  const openLink = createOpenLink(electron.shell);
  lockDown({ app, openLink });
  setAppMenu(electron.Menu, platform, () => desktopText(chooseLanguage('system', app.getPreferredSystemLanguages())));
  app.on('window-all-closed', () => undefined);

  // Wishes that come before there is a window to show.
  let wished = false;
  let show = (): void => void (wished = true);
  app.on('second-instance', (_event, args, workingDirectory) => {
    if (!readLaunch(args, workingDirectory).hidden) show();
  });
  // A click in the Finder or the Dock. The start itself may send it too, which has said already what it wants.
  app.on('activate', () => {
    if (app.isReady()) show();
  });

  void app
    .whenReady()
    .then(() => {
      // Known from `ready` on, not before.
      const hidden = launch.hidden || openedByMacAtLogin(app, platform);
      wished ||= !hidden;
      return runDesktop({
        electron,
        platform,
        argv,
        env,
        dataDir,
        launch: { ...launch, hidden },
        openLink,
        process: options.process ?? process,
        ...(options.start ? { start: options.start } : {}),
        onShell(open) {
          show = open;
          if (wished) open();
        },
      });
    })
    .catch((fault: unknown) => {
      // Without a log, and perhaps without a tray: the system's own box is all there is.
      electron.dialog.showErrorBox('Airdock could not start', fault instanceof Error ? (fault.stack ?? fault.message) : String(fault));
      app.exit(1);
    });
}

/** What Chromium keeps (cache, its own settings) lies below Airdock's data, for this user only. */
function keepBrowserDataIn(app: ElectronParts['app'], dataDir: string): void {
  const folder = path.join(dataDir, 'browser');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    app.setPath('userData', folder);
  } catch {
    // It stays where Electron has it; the engine will say what is wrong with the folder.
  }
}

/** macOS passes no arguments at login, but tells afterwards. */
function openedByMacAtLogin(app: ElectronParts['app'], platform: Platform): boolean {
  try {
    return platform === 'darwin' && app.isPackaged && app.getLoginItemSettings().wasOpenedAtLogin;
  } catch {
    return false;
  }
}
