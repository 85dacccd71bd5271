import os from 'node:os';
import type { ElectronParts, Platform } from '../../../main/desktop/parts.ts';
import { createApp } from './app.ts';
import { createBrowserWindowClass } from './browser-window.ts';
import { createDialog } from './dialog.ts';
import { createIpcMain } from './ipc-main.ts';
import { createMenuClass } from './menu.ts';
import { createNativeImage } from './native-image.ts';
import { createNativeTheme } from './native-theme.ts';
import { createNotificationClass } from './notification.ts';
import { createPowerMonitor } from './power-monitor.ts';
import { createProtocol } from './protocol.ts';
import { createScreen, oneDisplay, type FakeDisplay } from './screen.ts';
import { createSession } from './session.ts';
import { createShell } from './shell.ts';
import { createTrayClass } from './tray.ts';
import { createUtilityProcess } from './utility-process.ts';
import type { FakePage, PageRequest } from './web-contents.ts';
import type { OpenWindow, World } from './world.ts';

export interface FakeElectronOptions {
  /** Default: linux, whatever this computer is. */
  platform?: Platform;
  isPackaged?: boolean;
  version?: string;
  /** The person's languages, most wanted first. */
  languages?: readonly string[];
  /** Where its folders are (userData, home and the like); nothing is created there. */
  root?: string;
  /** Another instance has the single-instance lock. */
  lockHeld?: boolean;
  displays?: readonly FakeDisplay[];
  notifications?: { supported?: boolean; fails?: string | null };
  /** No tray can be made: the constructor throws. */
  trayFails?: boolean;
  openPage?: (request: PageRequest) => FakePage;
  /** true (default): ready on the next turn of the loop. false: when `becomeReady` is called. */
  autoReady?: boolean;
}

/** A stand-in for Electron that behaves as it does, as far as the shell can tell; and what a person and the system do to it. */
export function createFakeElectron(options: FakeElectronOptions = {}) {
  const platform = options.platform ?? 'linux';
  const windowSet = new Set<OpenWindow>();
  const appPart = createApp({
    platform,
    isPackaged: options.isPackaged ?? false,
    version: options.version ?? '0.0.0-test',
    languages: options.languages ?? ['en-US'],
    root: options.root ?? os.tmpdir(),
    lockHeld: options.lockHeld ?? false,
    windows: windowSet,
  });
  let lastId = 0;
  const world: World = {
    platform,
    openPage: options.openPage ?? null,
    windows: windowSet,
    needReady(message) {
      if (!appPart.isReady()) throw new Error(message);
    },
    closePrevented: appPart.closePrevented,
    lastWindowGone: appPart.lastWindowGone,
    nextId: () => ++lastId,
  };
  const protocols = createProtocol(world, appPart.isReady);
  const sessions = createSession(world, protocols.protocol);
  const windows = createBrowserWindowClass(world, (page) => {
    Object.defineProperty(page.contents, 'session', { get: () => sessions.defaultSession });
    appPart.app.emit('web-contents-created', {}, page.contents);
  });
  const ipc = createIpcMain();
  const menus = createMenuClass();
  const trays = createTrayClass(world, () => options.trayFails ?? false);
  const notifyHow = { supported: options.notifications?.supported ?? true, fails: options.notifications?.fails ?? null };
  const notifications = createNotificationClass(world, notifyHow);
  const shells = createShell();
  const dialogs = createDialog(world);
  const screens = createScreen(world, options.displays ?? [oneDisplay]);
  const themes = createNativeTheme();
  const power = createPowerMonitor();
  const utilities = createUtilityProcess(world);

  const electron: ElectronParts = {
    app: appPart.app,
    BrowserWindow: windows.BrowserWindow,
    dialog: dialogs.dialog,
    ipcMain: ipc.ipcMain,
    Menu: menus.Menu,
    nativeImage: createNativeImage(),
    nativeTheme: themes.nativeTheme,
    Notification: notifications.Notification,
    powerMonitor: power.powerMonitor,
    protocol: protocols.protocol,
    screen: screens.screen,
    session: sessions.session,
    shell: shells.shell,
    Tray: trays.Tray,
    utilityProcess: utilities.utilityProcess,
  };

  // Its utility processes end with Electron.
  appPart.app.once('quit', () => void utilities.endAll());
  if (options.autoReady !== false) setImmediate(appPart.becomeReady);

  return {
    electron,
    becomeReady: appPart.becomeReady,
    ...appPart.controls,
    isQuitting: appPart.isQuitting,
    /** Every window there has been, oldest first; `openWindows` only those that are not destroyed. */
    windows: windows.windows,
    openWindows: () => windows.windows().filter((one) => !one.isDestroyed()),
    trays: trays.trays,
    /** The one tray icon; throws where there is none. */
    tray() {
      const live = trays.trays().filter((one) => !one.isDestroyed());
      if (live.length !== 1 || !live[0]) throw new Error(`There are ${live.length} tray icons.`);
      return live[0];
    },
    applicationMenu: menus.applicationMenu,
    notifications: notifications.notifications,
    shownNotifications: notifications.shown,
    notificationSystem: notifyHow,
    dialogs,
    opened: shells.opened,
    shellFailure: shells.failure,
    protocol: protocols,
    session: sessions,
    setDisplays: screens.setDisplays,
    setSystemDark: themes.setSystemDark,
    power,
    utilities,
    channels: ipc.channels,
    invokeFrom: ipc.invoke,
    sendFrom: ipc.send,
    /** `ipcRenderer.invoke` of the page in a window; the sender's frame can be a false one. */
    invoke(page: PageRequest['contents'], channel: string, ...args: unknown[]): Promise<unknown> {
      return ipc.invoke({ sender: page.contents, senderFrame: page.frame() }, channel, ...args);
    },
    /** Ends what it started, whatever state it is in. */
    async dispose() {
      for (const window of [...windowSet]) window.destroy();
      await utilities.endAll();
    },
  };
}

export type FakeElectron = ReturnType<typeof createFakeElectron>;
export type { FakeContents, FakePage, PageRequest } from './web-contents.ts';
export type { FakeDisplay } from './screen.ts';
export type { Question } from './dialog.ts';
export type { TrayControls } from './tray.ts';
