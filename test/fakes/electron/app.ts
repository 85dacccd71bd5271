import { EventEmitter } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import type * as Electron from 'electron';
import { createEvent, emitPreventable, type OpenWindow } from './world.ts';

export interface FakeAppOptions {
  platform: NodeJS.Platform;
  isPackaged: boolean;
  version: string;
  languages: readonly string[];
  /** Where all its folders lie. */
  root: string;
  /** Another instance runs already: the lock is refused. */
  lockHeld: boolean;
  windows: Set<OpenWindow>;
}

/** Electron's `app`, and what a test does to it. */
export function createApp(options: FakeAppOptions) {
  const emitter = new EventEmitter();
  const folders: Record<string, string> = {};
  let name = 'airdock';
  let ready = false;
  let locked = false;
  // The three flags and their order are those of Electron's Browser class.
  let quitting = false;
  let exiting = false;
  let shutDown = false;
  let exitCode = 0;
  let settleReady: () => void = () => undefined;
  const whenReady = new Promise<void>((resolve) => (settleReady = resolve));
  let settleExit: (code: number) => void = () => undefined;
  const exited = new Promise<number>((resolve) => (settleExit = resolve));
  const loginItem = { openAtLogin: false, changes: [] as Electron.Settings[], wasOpenedAtLogin: false };
  const switches = new Map<string, string>();
  const relaunches: Electron.RelaunchOptions[] = [];
  const record = { userModelId: null as string | null, desktopName: null as string | null, activationPolicy: 'regular', dockVisible: true, focused: 0 };

  const shutdown = (): void => {
    if (shutDown) return;
    shutDown = true;
    quitting = true;
    emitter.emit('quit', createEvent(), exitCode);
    settleExit(exitCode);
  };
  const notifyAndShutdown = (): void => {
    if (shutDown) return;
    if (emitPreventable(emitter, 'will-quit')) quitting = false;
    else shutdown();
  };

  const dock = {
    show: async () => void (record.dockVisible = true),
    hide: () => void (record.dockVisible = false),
    isVisible: () => record.dockVisible,
    setMenu: () => undefined,
    setIcon: () => undefined,
    setBadge: () => undefined,
    bounce: () => 0,
  } satisfies Partial<Electron.Dock>;

  const methods = {
    get isPackaged() {
      return options.isPackaged;
    },
    get name() {
      return name;
    },
    get dock() {
      return options.platform === 'darwin' ? (dock as unknown as Electron.Dock) : undefined;
    },
    commandLine: {
      appendSwitch: (key, value = '') => void switches.set(key, value),
      hasSwitch: (key) => switches.has(key),
      getSwitchValue: (key) => switches.get(key) ?? '',
      appendArgument: () => undefined,
      removeSwitch: (key) => void switches.delete(key),
    },
    whenReady: () => whenReady,
    isReady: () => ready,
    quit() {
      if (quitting) return;
      quitting = !emitPreventable(emitter, 'before-quit');
      if (!quitting) return;
      if (options.windows.size === 0) notifyAndShutdown();
      else for (const window of [...options.windows]) window.close();
    },
    exit(code = 0) {
      exitCode = code;
      quitting = true;
      exiting = true;
      if (options.windows.size === 0) shutdown();
      else for (const window of [...options.windows]) window.destroy();
    },
    relaunch: (how = {}) => void relaunches.push(how),
    requestSingleInstanceLock() {
      locked = !options.lockHeld;
      return locked;
    },
    hasSingleInstanceLock: () => locked,
    releaseSingleInstanceLock: () => void (locked = false),
    getPath(which) {
      const own = folders[which];
      if (own !== undefined) return own;
      const userData = folders.userData ?? path.join(options.root, 'userData');
      const known: Record<string, string> = {
        home: path.join(options.root, 'home'),
        appData: path.join(options.root, 'appData'),
        userData,
        sessionData: userData,
        logs: path.join(userData, 'logs'),
        crashDumps: path.join(userData, 'Crashpad'),
        temp: os.tmpdir(),
        exe: path.join(options.root, 'airdock'),
        module: path.join(options.root, 'airdock'),
        downloads: path.join(options.root, 'home/Downloads'),
        documents: path.join(options.root, 'home/Documents'),
        desktop: path.join(options.root, 'home/Desktop'),
      };
      const found = known[which];
      if (found === undefined) throw new Error(`Failed to get '${which}' path`);
      return found;
    },
    setPath(which, folder) {
      if (!path.isAbsolute(folder)) throw new Error('Path must be absolute');
      folders[which] = folder;
    },
    setAppLogsPath: (folder) => void (folders.logs = folder ?? path.join(methods.getPath('userData'), 'logs')),
    getAppPath: () => options.root,
    getVersion: () => options.version,
    getName: () => name,
    setName: (next) => void (name = next),
    getLocale: () => options.languages[0] ?? '',
    getSystemLocale: () => options.languages[0] ?? '',
    getPreferredSystemLanguages: () => [...options.languages],
    // Elsewhere than on macOS and Windows both do nothing.
    setLoginItemSettings(settings) {
      loginItem.changes.push(settings);
      if (options.platform !== 'linux') loginItem.openAtLogin = settings.openAtLogin ?? false;
    },
    getLoginItemSettings: () => ({
      openAtLogin: loginItem.openAtLogin,
      // Electron learns it in applicationDidFinishLaunching.
      wasOpenedAtLogin: ready && options.platform === 'darwin' && loginItem.wasOpenedAtLogin,
      status: loginItem.openAtLogin ? 'enabled' : 'not-registered',
      executableWillLaunchAtLogin: loginItem.openAtLogin,
      launchItems: [],
    }),
    setAppUserModelId: (id) => void (record.userModelId = id),
    setDesktopName: (desktop) => void (record.desktopName = desktop),
    setActivationPolicy: (policy) => void (record.activationPolicy = policy),
    focus: () => void (record.focused += 1),
    show: () => undefined,
    hide: () => undefined,
    enableSandbox: () => beforeReady('enableSandbox'),
    disableHardwareAcceleration: () => beforeReady('disableHardwareAcceleration'),
    getAppMetrics: () => [],
    setAboutPanelOptions: () => undefined,
  } satisfies Partial<Electron.App>;

  function beforeReady(call: string): void {
    if (ready) throw new Error(`app.${call}() can only be called before app is ready`);
  }

  // Electron's own: without a listener of the app, the last window ends it.
  emitter.on('window-all-closed', () => {
    if (emitter.listenerCount('window-all-closed') === 1) methods.quit();
  });

  const app = Object.defineProperties(emitter, Object.getOwnPropertyDescriptors(methods)) as unknown as Electron.App;

  return {
    app,
    isReady: () => ready,
    isQuitting: () => quitting,
    /** The main script has been evaluated to its end: only now does Electron become ready. */
    becomeReady() {
      if (ready) return;
      ready = true;
      emitter.emit('ready', createEvent(), {});
      settleReady();
    },
    closePrevented: () => void (quitting = false),
    lastWindowGone() {
      if (exiting) shutdown();
      else if (quitting) notifyAndShutdown();
      else emitter.emit('window-all-closed');
    },
    controls: {
      /** Settles with the exit code when the process would be over. */
      exited,
      hasExited: () => shutDown,
      loginItem,
      relaunches,
      switches,
      record,
      /** A person starts Airdock once more. */
      secondLaunch(argv: readonly string[] = ['airdock'], workingDirectory = options.root) {
        if (!locked) throw new Error('This app holds no single-instance lock: a second launch would start a second app.');
        emitter.emit('second-instance', createEvent(), [...argv], workingDirectory, null);
      },
      /** macOS: a click on the dock icon, or a second start from the Finder. */
      activate: (hasVisibleWindows = false) => void emitter.emit('activate', createEvent(), hasVisibleWindows),
    },
  };
}
