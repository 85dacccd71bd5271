import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import { emitPreventable, type World } from './world.ts';
import { createContents, type FakeContents } from './web-contents.ts';

/** A window as a test sees it, also after its end. */
export interface WindowControls {
  readonly window: Electron.BrowserWindow;
  readonly page: FakeContents;
  readonly options: Electron.BrowserWindowConstructorOptions;
  isDestroyed(): boolean;
  /** What a person does: drag it, or pull its edge. */
  moveTo(bounds: Partial<Electron.Rectangle>): void;
  /** What a person does with the ✕. */
  close(): void;
}

export function createBrowserWindowClass(world: World, attach: (contents: FakeContents, options: Electron.BrowserWindowConstructorOptions) => void) {
  const all = new Map<Electron.BrowserWindow, WindowControls>();
  const live = () => [...all.values()].filter((one) => !one.isDestroyed()).map((one) => one.window);

  class FakeBrowserWindow extends EventEmitter {
    static getAllWindows = live;
    static fromWebContents = (contents: Electron.WebContents) => live().find((window) => window.webContents === contents) ?? null;
    static fromId = (id: number) => live().find((window) => window.id === id) ?? null;
    static getFocusedWindow = () => live().find((window) => window.isFocused()) ?? null;

    constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
      super();
      if (options.width !== undefined && !Number.isFinite(options.width)) throw new TypeError('Error processing argument at index 0, conversion failure');
      world.needReady('Cannot create BrowserWindow before app is ready');
      const controls = build(this, options);
      all.set(controls.window, controls);
    }
  }

  function build(emitter: EventEmitter, options: Electron.BrowserWindowConstructorOptions): WindowControls {
    const page = createContents(world);
    attach(page, options);
    const id = world.nextId();
    let destroyed = false;
    let visible = false;
    let focused = false;
    let state: 'normal' | 'maximized' | 'minimized' | 'full' = 'normal';
    let before: 'normal' | 'maximized' = 'normal';
    let title = options.title ?? 'Airdock';
    let normal: Electron.Rectangle = { x: options.x ?? 100, y: options.y ?? 100, width: options.width ?? 800, height: options.height ?? 600 };

    const alive = (): void => {
      if (destroyed) throw new TypeError('Object has been destroyed');
    };
    const setFocus = (on: boolean): void => {
      if (focused === on) return;
      focused = on;
      emitter.emit(on ? 'focus' : 'blur', {});
    };
    const setVisible = (on: boolean): void => {
      if (visible === on) return;
      visible = on;
      emitter.emit(on ? 'show' : 'hide', {});
      if (!on) setFocus(false);
    };
    const place = (next: Partial<Electron.Rectangle>): void => {
      const was = normal;
      normal = { ...normal, ...next };
      if (was.x !== normal.x || was.y !== normal.y) for (const name of ['move', 'moved']) emitter.emit(name, {});
      if (was.width !== normal.width || was.height !== normal.height) for (const name of ['resize', 'resized']) emitter.emit(name, {});
    };
    const opened: { close(): void; destroy(): void } = { close: () => window.close(), destroy: () => window.destroy() };

    const methods = {
      get id() {
        return id;
      },
      get webContents() {
        alive();
        return page.contents;
      },
      isDestroyed: () => destroyed,
      show() {
        alive();
        setVisible(true);
        setFocus(true);
      },
      showInactive: () => (alive(), setVisible(true)),
      hide: () => (alive(), setVisible(false)),
      isVisible: () => (alive(), visible),
      focus() {
        alive();
        if (visible) setFocus(true);
      },
      blur: () => (alive(), setFocus(false)),
      isFocused: () => (alive(), focused),
      close() {
        alive();
        if (emitPreventable(emitter, 'close')) world.closePrevented();
        else if (!destroyed) methods.destroy();
      },
      destroy() {
        if (destroyed) return;
        destroyed = true;
        visible = false;
        focused = false;
        world.windows.delete(opened);
        page.destroy();
        emitter.emit('closed');
        if (world.windows.size === 0) world.lastWindowGone();
      },
      loadURL(url) {
        alive();
        return page.load(url, options).then(() => {
          if (!destroyed) emitter.emit('ready-to-show', {});
        });
      },
      reload: () => (alive(), page.contents.reload()),
      getBounds: () => (alive(), { ...normal }),
      getNormalBounds: () => (alive(), { ...normal }),
      getContentBounds: () => (alive(), { ...normal }),
      setBounds: (bounds) => (alive(), place(bounds)),
      getSize: () => (alive(), [normal.width, normal.height]),
      setSize: (width, height) => (alive(), place({ width, height })),
      getPosition: () => (alive(), [normal.x, normal.y]),
      setPosition: (x, y) => (alive(), place({ x, y })),
      center: () => alive(),
      setMinimumSize: () => alive(),
      getMinimumSize: () => (alive(), [options.minWidth ?? 0, options.minHeight ?? 0]),
      isMaximized: () => (alive(), state === 'maximized'),
      maximize() {
        alive();
        setVisible(true);
        if (state === 'maximized') return;
        state = 'maximized';
        emitter.emit('maximize', {});
      },
      unmaximize() {
        alive();
        if (state !== 'maximized') return;
        state = 'normal';
        emitter.emit('unmaximize', {});
      },
      isMinimized: () => (alive(), state === 'minimized'),
      minimize() {
        alive();
        if (state === 'minimized') return;
        before = state === 'maximized' ? 'maximized' : 'normal';
        state = 'minimized';
        setFocus(false);
        emitter.emit('minimize', {});
      },
      restore() {
        alive();
        if (state !== 'minimized') return;
        state = before;
        emitter.emit('restore', {});
      },
      isNormal: () => (alive(), state === 'normal'),
      isFullScreen: () => (alive(), state === 'full'),
      setFullScreen(on) {
        alive();
        if ((state === 'full') === on) return;
        state = on ? 'full' : 'normal';
        emitter.emit(on ? 'enter-full-screen' : 'leave-full-screen', {});
      },
      getTitle: () => (alive(), title),
      setTitle: (next) => (alive(), void (title = next)),
      setMenu: () => alive(),
      removeMenu: () => alive(),
      setMenuBarVisibility: () => alive(),
      setAutoHideMenuBar: () => alive(),
      setBackgroundColor: () => alive(),
      setIcon: () => alive(),
      setSkipTaskbar: () => alive(),
      setAlwaysOnTop: () => alive(),
      setProgressBar: () => alive(),
      setTitleBarOverlay: () => alive(),
      setContentProtection: () => alive(),
      flashFrame: () => alive(),
      moveTop: () => alive(),
    } satisfies Partial<Electron.BrowserWindow>;

    const window = Object.defineProperties(emitter, Object.getOwnPropertyDescriptors(methods)) as unknown as Electron.BrowserWindow;
    world.windows.add(opened);
    if (options.show !== false) setVisible(true);
    return { window, page, options, isDestroyed: () => destroyed, moveTo: place, close: () => methods.close() };
  }

  return {
    BrowserWindow: FakeBrowserWindow as unknown as typeof Electron.BrowserWindow,
    /** Every window there has been, oldest first. */
    windows: () => [...all.values()],
  };
}
