import type { BrowserWindow } from 'electron';
import type { ShowTarget } from '../../../contract/index.ts';
import { pushTo } from '../ipc/push.ts';
import { appOrigin, type DashboardWindow, type ElectronParts, type Speech } from '../parts.ts';
import { desktopText } from '../text/text.ts';
import { createRestartLimit, watchPage, type PageGone } from './page-health.ts';
import { createPlaceFile } from './place-file.ts';
import { restorePlace, screenOf } from './place.ts';
import { pageBackground, windowOptions } from './window-options.ts';

/** A page that paints nothing for so long is shown as it is: some Linux desktops paint no hidden window. */
const SHOW_ANYWAY_MS = 4_000;
const SAVE_AFTER_MS = 400;

export interface DashboardWindowDeps {
  electron: Pick<ElectronParts, 'app' | 'BrowserWindow' | 'dialog' | 'nativeTheme' | 'screen'>;
  /** Keeps where the window was. Its folder exists. */
  boundsFile: string;
  /** The built bridge, an absolute path. */
  preload: string;
  speech: Speech;
  onFault(fault: unknown): void;
  /** The page has ended by itself. `restarted`: it was begun anew; otherwise its window is hidden, or a dialog asks. */
  onPageGone?(gone: PageGone & { restarted: boolean }): void;
  /** A person has closed the window, which is hidden by now. */
  onClosed?(): void;
  icon?: string;
  /** How long a closed window can still be shown at once. */
  lingerMs?: number;
  restarts?: { most?: number; withinMs?: number; now?: () => number };
}

/** The one window: created when it is wanted, hidden until its page has painted, destroyed some time after it was closed. */
export function createDashboardWindow(deps: DashboardWindowDeps): DashboardWindow {
  const { electron, speech, onFault, onPageGone = () => undefined, onClosed = () => undefined, lingerMs = 10_000 } = deps;
  const places = createPlaceFile({ file: deps.boundsFile, onFault });
  const restarts = createRestartLimit(deps.restarts);
  const listeners = new Set<(visible: boolean) => void>();
  const turnedTo = new Set<() => void>();
  let window: BrowserWindow | null = null;
  /** Somebody opened it and has not closed it since. */
  let wanted = false;
  /** The page has something to show. */
  let painted = false;
  let opensMaximized = false;
  let listening = false;
  let waiting: ShowTarget | null = null;
  let told = false;
  let asking = false;
  // The app is on its way out: closing is meant for good.
  let quitting = false;
  let ended = false;
  let lingering: NodeJS.Timeout | undefined;
  let saving: NodeJS.Timeout | undefined;
  let showAnyway: NodeJS.Timeout | undefined;

  const workAreas = () => {
    const first = electron.screen.getPrimaryDisplay();
    return [first, ...electron.screen.getAllDisplays().filter(({ id }) => id !== first.id)].map(({ workArea }) => workArea);
  };
  const contents = () => (window === null || window.isDestroyed() ? null : window.webContents);
  const visible = (): boolean => window !== null && !window.isDestroyed() && window.isVisible() && !window.isMinimized();
  const focused = (): boolean => visible() && window?.isFocused() === true;

  function tell(): void {
    const now = visible();
    if (now === told) return;
    told = now;
    for (const listener of [...listeners]) listener(now);
  }

  function savePlace(): void {
    clearTimeout(saving);
    // A minimised window does not say where it will be when it comes back.
    if (window === null || window.isDestroyed() || window.isMinimized() || !painted) return;
    const { x, y, width, height } = window.getNormalBounds();
    places.save({ x, y, width, height, maximized: window.isMaximized() });
  }

  function saveSoon(): void {
    clearTimeout(saving);
    saving = setTimeout(savePlace, SAVE_AFTER_MS);
    saving.unref();
  }

  function load(): void {
    // What fails is told by an event too, which says more.
    window?.loadURL(`${appOrigin}/`).catch(() => undefined);
  }

  function create(): void {
    const place = restorePlace(places.read(), workAreas());
    const { preload, icon } = deps;
    const made = new electron.BrowserWindow(windowOptions({ place, preload, icon, dark: electron.nativeTheme.shouldUseDarkColors, packaged: electron.app.isPackaged }));
    const { webContents } = made;
    window = made;
    opensMaximized = place.maximized;
    made.once('ready-to-show', () => hasPainted());
    made.on('close', (event) => {
      savePlace();
      if (quitting || ended) return;
      event.preventDefault();
      hide();
      onClosed();
    });
    made.once('closed', () => forget());
    for (const change of ['show', 'hide', 'minimize', 'restore'] as const) made.on(change as 'show', tell);
    for (const turn of ['show', 'focus'] as const) made.on(turn as 'show', () => [...turnedTo].forEach((listener) => listener()));
    for (const change of ['move', 'resize', 'maximize', 'unmaximize'] as const) made.on(change as 'move', saveSoon);
    webContents.on('did-navigate', () => (listening = false));
    webContents.on('preload-error', (_event, _path, fault) => onFault(fault));
    watchPage(webContents, pageGone);
    showAnyway = setTimeout(hasPainted, SHOW_ANYWAY_MS);
    showAnyway.unref();
    load();
  }

  function hasPainted(): void {
    clearTimeout(showAnyway);
    if (painted) return;
    painted = true;
    if (wanted) reveal();
  }

  function reveal(): void {
    if (window === null) return;
    if (window.isMinimized()) window.restore();
    // Maximising shows, so it waits until there is something to show.
    if (opensMaximized) window.maximize();
    opensMaximized = false;
    comeIntoSight(window);
    window.show();
    window.focus();
    tell();
  }

  /** The screen that it was on can have been unplugged while it was hidden. */
  function comeIntoSight(made: BrowserWindow): void {
    const bounds = made.getBounds();
    const screens = workAreas();
    if (screenOf(bounds, screens) !== null || screens[0] === undefined) return;
    const { width, height } = restorePlace({ ...bounds, maximized: false }, screens);
    made.setBounds({ x: screens[0].x, y: screens[0].y, width, height });
  }

  /** Out of sight at once; its page stays for a while, in case it was a slip of the hand. */
  function hide(): void {
    if (window === null) return;
    wanted = false;
    const made = window;
    // macOS leaves a black screen behind a window that is hidden while it fills one.
    if (made.isFullScreen()) {
      made.once('leave-full-screen', () => {
        if (!wanted && !made.isDestroyed()) made.hide();
      });
      made.setFullScreen(false);
    } else made.hide();
    clearTimeout(lingering);
    lingering = setTimeout(() => made.destroy(), lingerMs);
    lingering.unref();
    tell();
  }

  function forget(): void {
    for (const timer of [lingering, saving, showAnyway]) clearTimeout(timer);
    window = null;
    wanted = painted = listening = false;
    tell();
  }

  function deliver(): void {
    const page = contents();
    if (waiting !== null && listening && page !== null && pushTo(page, 'show', waiting)) waiting = null;
  }

  function pageGone(gone: PageGone): void {
    listening = false;
    const again = wanted && restarts.allows();
    onPageGone({ ...gone, restarted: again });
    if (again) return restart();
    // Nobody looks: the next one who wants it gets a new one.
    if (!wanted) window?.destroy();
    else void askWhetherAgain();
  }

  function restart(): void {
    const made = window;
    // Not from within the event: Electron is still taking down the old page.
    setImmediate(() => {
      if (made !== null && made === window && !made.isDestroyed()) load();
    });
  }

  async function askWhetherAgain(): Promise<void> {
    if (asking) return;
    asking = true;
    const { title, gaveUp, again, close } = desktopText(speech.language()).dialogs.pageCrashed;
    const options = { type: 'error' as const, title: 'Airdock', message: title, detail: gaveUp, buttons: [again, close], defaultId: 0, cancelId: 1, noLink: true };
    try {
      const { response } = await (window !== null && visible() ? electron.dialog.showMessageBox(window, options) : electron.dialog.showMessageBox(options));
      asking = false;
      if (response !== 0) return window?.destroy();
      restarts.reset();
      if (window === null) show();
      else load();
    } catch (fault) {
      asking = false;
      onFault(fault);
      window?.destroy();
    }
  }

  function show(target?: Partial<ShowTarget>): void {
    if (ended) return;
    if (target !== undefined) waiting = complete(target);
    // Whoever opens it does not quit (any more).
    quitting = false;
    wanted = true;
    clearTimeout(lingering);
    if (window === null) return create();
    if (painted) reveal();
    deliver();
  }

  electron.app.on('before-quit', (event) => {
    quitting = true;
    // Somebody can have stopped it, after a question to the person; by then the windows would have been closed.
    setImmediate(() => {
      if (event.defaultPrevented) quitting = false;
    });
  });
  electron.nativeTheme.on('updated', () => window?.setBackgroundColor(pageBackground(electron.nativeTheme.shouldUseDarkColors)));

  return {
    show,
    visible,
    focused,
    onVisible(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onTurnedTo(listener) {
      turnedTo.add(listener);
      return () => void turnedTo.delete(listener);
    },
    send(channel, payload) {
      const page = contents();
      if (page !== null && (channel !== 'event' || listening)) pushTo(page, channel, payload);
    },
    owns: (page) => page === contents(),
    subscribed(page) {
      if (page !== contents()) return;
      listening = true;
      deliver();
    },
    browserWindow: () => window,
    close() {
      if (window === null) return;
      savePlace();
      hide();
    },
    async destroy() {
      ended = true;
      savePlace();
      window?.destroy();
      await places.written();
    },
  };
}

/** A place with all its parts: the page that an entry or a model is found on, where none is named. */
function complete({ page, activity = null, model = null }: Partial<ShowTarget>): ShowTarget {
  return { page: page ?? (activity === null ? 'memory' : 'activity'), activity, model };
}
