import path from 'node:path';
import type * as Electron from 'electron';
import type { ElectronParts, Platform, Speech } from '../parts.ts';
import { iconFile, iconName } from './icons.ts';
import { iconState, type IconState } from './level.ts';
import { countsDown } from './loaded-menu.ts';
import { headline, trayMenu, type TrayActions, type TrayPicture } from './menu.ts';
import { figuresAside, menuText } from './menu-text.ts';

/** Where nothing but figures has changed, the menu is made anew no more often than this. */
const FIGURES_EVERY_MS = 10_000;
/** A countdown in a menu that nobody has pointed at (it can be opened by keyboard) is never older than this. */
const COUNTDOWN_EVERY_MS = 30_000;
/** A click is handled after its menu has closed; what closes without saying so (a shell that crashed) holds nothing up for longer than the second. */
const AFTER_CLOSE_MS = 250;
const OPEN_AT_MOST_MS = 60_000;
/** A clicked tick is the system's own guess: after this it stands again where the engine says. */
const TICK_MS = 1_000;

export interface TrayDeps {
  electron: Pick<ElectronParts, 'Menu' | 'nativeImage' | 'Tray'>;
  platform: Platform;
  /** The folder `assets/tray`. */
  icons: string;
  speech: Speech;
  actions: TrayActions;
  onFault(fault: unknown): void;
  timeZone?: string;
}

export interface TrayIcon {
  /** Whether the system took it. On Linux that does not mean that somebody shows it: see tray-host.ts. */
  readonly shown: boolean;
  /** Tells it what is new. Cheap where nothing of that is to be seen in the tray. */
  update(news: Partial<TrayPicture>): void;
  /** Another icon in its place, for a panel that did not know of the first one. */
  renew(): void;
  close(): void;
}

/** The tray icon: a picture in, and what of it has changed goes to the system. */
export function createTray(deps: TrayDeps): TrayIcon {
  const { electron, platform, onFault } = deps;
  // Intervals are measured by a clock that nobody sets.
  const now = (): number => performance.now();
  const images = new Map<string, Electron.NativeImage>();
  // On Linux the panel copies the menu when it is set, and takes no news on opening it. So it gets times of day, which stay true.
  const times = platform === 'linux' ? 'clock' : 'countdown';
  let picture: TrayPicture = { state: null, models: [], updates: null, trouble: null };
  let icon: IconState = iconState(null, null);
  let shownIcon = iconName(icon);
  let toolTip = '';
  let text = '';
  let builtAt = -Infinity;
  let openedAt: number | null = null;
  // The one that is set, and the one before it: a click in it may still be on its way.
  let menus: readonly Electron.Menu[] = [];
  let later: { timer: NodeJS.Timeout; at: number } | null = null;

  const actions: TrayActions = {
    ...deps.actions,
    pin: (...given) => (deps.actions.pin(...given), ticked()),
    pause: (...given) => (deps.actions.pause(...given), ticked()),
    freeze: (...given) => (deps.actions.freeze(...given), ticked()),
    freeMemory: (...given) => (deps.actions.freeMemory(...given), ticked()),
  };

  let tray = make();
  render('changed');

  function make(): Electron.Tray | null {
    const made = attempt(() => new electron.Tray(image(shownIcon)));
    // macOS opens the menu by itself; elsewhere it has a mouse button of its own, and this one is free.
    if (platform !== 'darwin') made?.on('click', () => actions.show({}));
    // The pointer comes before the click: the menu that opens is seconds old at most. There is no such event on Linux.
    if (platform !== 'linux') made?.on('mouse-enter', () => render('pointed-at'));
    return made;
  }

  function destroy(): void {
    const old = tray;
    if (old && !old.isDestroyed()) attempt(() => old.destroy());
  }

  function attempt<T>(deed: () => T): T | null {
    try {
      return deed();
    } catch (fault) {
      onFault(fault);
      return null;
    }
  }

  function ticked(): void {
    text = '';
    again(TICK_MS);
  }

  function image(name: string): Electron.NativeImage {
    const known = images.get(name);
    if (known) return known;
    const file = path.join(deps.icons, iconFile(platform, name));
    const made = electron.nativeImage.createFromPath(file);
    if (made.isEmpty()) onFault(new Error(`There is no icon at ${file}.`));
    images.set(name, made);
    return made;
  }

  function render(why: 'changed' | 'pointed-at'): void {
    const on = tray;
    if (!on || on.isDestroyed()) return;
    attempt(() => {
      renderIcon(on);
      renderToolTip(on);
      renderMenu(on, why);
    });
  }

  function renderIcon(on: Electron.Tray): void {
    icon = iconState(picture.state, icon);
    const name = iconName(icon);
    if (name === shownIcon) return;
    shownIcon = name;
    on.setImage(image(name));
  }

  function renderToolTip(on: Electron.Tray): void {
    const next = headline({ ...picture, language: deps.speech.language() });
    if (next === toolTip) return;
    toolTip = next;
    on.setToolTip(next);
  }

  function renderMenu(on: Electron.Tray, why: 'changed' | 'pointed-at'): void {
    const at = now();
    const template = trayMenu({ ...picture, platform, language: deps.speech.language(), now: Date.now(), times, timeZone: deps.timeZone, actions });
    const next = menuText(template);
    if (next === text) return inTime();
    // Replacing an open menu closes it under the pointer.
    if (openedAt !== null && at - openedAt < OPEN_AT_MOST_MS) return again(OPEN_AT_MOST_MS - (at - openedAt));
    const wait = builtAt + FIGURES_EVERY_MS - at;
    if (why === 'changed' && wait > 0 && figuresAside(next) === figuresAside(text)) return again(wait);
    const menu = electron.Menu.buildFromTemplate(template);
    // Linux has no word for closing: what is open there is changed in place by the panel.
    if (platform !== 'linux') {
      menu.on('menu-will-show', () => void (openedAt = now()));
      menu.on('menu-will-close', () => {
        openedAt = null;
        again(AFTER_CLOSE_MS);
      });
    }
    on.setContextMenu(menu);
    menus = [...menus.slice(-1), menu];
    text = next;
    builtAt = at;
    inTime();
  }

  /** What passes by the clock alone is looked at now and then. */
  function inTime(): void {
    if (times === 'countdown' && picture.state?.loaded.some(countsDown)) again(COUNTDOWN_EVERY_MS);
  }

  /** Looks again after this time, or sooner where that is wanted already. */
  function again(afterMs: number): void {
    const at = now() + afterMs;
    if (later && later.at <= at) return;
    if (later) clearTimeout(later.timer);
    const timer = setTimeout(() => {
      later = null;
      render('changed');
    }, afterMs);
    timer.unref();
    later = { timer, at };
  }

  return {
    get shown() {
      return tray !== null;
    },
    update(news) {
      picture = { ...picture, ...news };
      render('changed');
    },
    renew() {
      if (tray?.isDestroyed()) return;
      destroy();
      toolTip = text = '';
      builtAt = -Infinity;
      openedAt = null;
      tray = make();
      render('changed');
    },
    close() {
      if (later) clearTimeout(later.timer);
      later = null;
      destroy();
      menus = [];
      images.clear();
    },
  };
}
