import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import { clone, createEvent, type World } from './world.ts';

/** A page that a test opened for a window: what the main process can do to it. */
export interface FakePage {
  /** A message of `webContents.send`; also while it loads. */
  receive(channel: string, args: unknown[]): void;
  /** Settles when it has loaded; rejects where it cannot be. */
  loaded: Promise<void>;
  /** The window is gone, or loads something else. */
  close(): void;
}

export interface PageRequest {
  url: string;
  options: Electron.BrowserWindowConstructorOptions;
  contents: FakeContents;
}

export interface FakeContents {
  readonly contents: Electron.WebContents;
  readonly emitter: EventEmitter;
  readonly url: () => string;
  /** Everything that was sent to the page, oldest first. */
  readonly sent: { channel: string; args: unknown[] }[];
  /** The frame that an honest message of this page comes from; null once the page is gone. */
  frame(): Electron.WebFrameMain | null;
  /** A page tries to go there, as a click on a link would: whether it may. */
  navigate(url: string): boolean;
  /** A page asks for a window of its own: what the app's handler says. */
  openWindow(url: string): Electron.WindowOpenHandlerResponse;
  /** The page's process ends by itself. */
  crash(reason?: Electron.RenderProcessGoneDetails['reason'], exitCode?: number): void;
  hang(): void;
  load(url: string, options: Electron.BrowserWindowConstructorOptions): Promise<void>;
  destroy(): void;
}

const frameFor = (url: string, id: number, destroyed: () => boolean): Electron.WebFrameMain => {
  const { origin, protocol, host } = new URL(url === '' ? 'about:blank' : url);
  const frame: Partial<Electron.WebFrameMain> = {
    url,
    // A URL of a scheme that Node does not know has the origin "null"; Electron's standard schemes have a real one.
    origin: origin === 'null' && host !== '' ? `${protocol}//${host}` : origin,
    processId: id,
    routingId: id,
    frameTreeNodeId: id,
    parent: null,
    detached: false,
    name: '',
    isDestroyed: destroyed,
    get top(): Electron.WebFrameMain {
      return frame as unknown as Electron.WebFrameMain;
    },
  };
  return frame as unknown as Electron.WebFrameMain;
};

export function createContents(world: World): FakeContents {
  const emitter = new EventEmitter();
  const id = world.nextId();
  const sent: { channel: string; args: unknown[] }[] = [];
  let url = '';
  let page: FakePage | null = null;
  let frame: Electron.WebFrameMain | null = null;
  let destroyed = false;
  let crashed = false;
  let loading = false;
  let loads = 0;
  let openHandler: ((details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse) | null = null;
  let lastOptions: Electron.BrowserWindowConstructorOptions = {};
  const record = { devTools: false, zoom: 1, spellcheck: true };

  const alive = (): void => {
    if (destroyed) throw new TypeError('Object has been destroyed');
  };

  const methods = {
    get id() {
      return id;
    },
    get mainFrame() {
      alive();
      return frame ?? frameFor('about:blank', id, () => destroyed);
    },
    get session() {
      return lastOptions.webPreferences?.session as Electron.Session;
    },
    isDestroyed: () => destroyed,
    isCrashed: () => crashed,
    isLoading: () => loading,
    isLoadingMainFrame: () => loading,
    getURL: () => (alive(), url),
    getTitle: () => (alive(), 'Airdock'),
    getType: () => 'window',
    getOSProcessId: () => process.pid,
    getProcessId: () => id,
    send(channel: string, ...args: unknown[]) {
      alive();
      const copy = clone(args);
      sent.push({ channel, args: copy });
      page?.receive(channel, copy);
    },
    setWindowOpenHandler: (handler) => (alive(), void (openHandler = handler)),
    reload() {
      alive();
      crashed = false;
      void load(url, lastOptions).catch(() => undefined);
    },
    reloadIgnoringCache: () => methods.reload(),
    loadURL: (next: string) => load(next, lastOptions),
    stop: () => undefined,
    focus: () => alive(),
    close: () => alive(),
    openDevTools: () => (alive(), void (record.devTools = true)),
    closeDevTools: () => (alive(), void (record.devTools = false)),
    isDevToolsOpened: () => record.devTools,
    setBackgroundThrottling: () => alive(),
    setZoomFactor: (factor) => (alive(), void (record.zoom = factor)),
    getZoomFactor: () => record.zoom,
    setVisualZoomLevelLimits: async () => alive(),
    forcefullyCrashRenderer: () => void setImmediate(() => destroyed || control.crash('killed')),
    insertCSS: async () => '',
  } satisfies Partial<Electron.WebContents>;

  async function load(next: string, options: Electron.BrowserWindowConstructorOptions): Promise<void> {
    alive();
    lastOptions = options;
    page?.close();
    page = null;
    url = next;
    crashed = false;
    loading = true;
    const turn = ++loads;
    frame = frameFor(next, id, () => destroyed || turn !== loads);
    emitter.emit('did-start-loading');
    // The commit, before any script of the new page runs; a reload is one too.
    emitter.emit('did-navigate', createEvent(), next, 200, 'OK');
    try {
      page = world.openPage?.({ url: next, options, contents: control }) ?? null;
      // A page without a browser behind it still takes a turn of the loop to load.
      await (page ? page.loaded : new Promise((resolve) => setImmediate(resolve)));
      if (turn !== loads || destroyed) throw new Error(`ERR_ABORTED (-3) loading '${next}'`);
    } catch (error) {
      if (turn === loads) loading = false;
      const message = error instanceof Error ? error.message : String(error);
      // -3: another load came instead, or the window went.
      if (!destroyed) emitter.emit('did-fail-load', createEvent(), message.includes('ERR_ABORTED') ? -3 : -2, message, next, true, 0, 0);
      throw error;
    }
    loading = false;
    emitter.emit('did-navigate', createEvent(), next, 200, 'OK');
    emitter.emit('dom-ready', createEvent());
    emitter.emit('did-finish-load');
    emitter.emit('did-stop-loading');
  }

  const contents = Object.defineProperties(emitter, Object.getOwnPropertyDescriptors(methods)) as unknown as Electron.WebContents;
  const control: FakeContents = {
    contents,
    emitter,
    url: () => url,
    sent,
    frame: () => (destroyed || crashed ? null : frame),
    navigate(next) {
      const details = createEvent({ url: next, isSameDocument: false, isMainFrame: true, frame, initiator: frame });
      emitter.emit('will-frame-navigate', details);
      if (!details.defaultPrevented) emitter.emit('will-navigate', details, next, false, true, id, id);
      return !details.defaultPrevented;
    },
    openWindow: (next) =>
      openHandler?.({ url: next, frameName: '', features: '', disposition: 'foreground-tab', referrer: { url, policy: 'default' } } as Electron.HandlerDetails) ?? { action: 'allow' },
    crash(reason = 'crashed', exitCode = 1) {
      crashed = true;
      page?.close();
      page = null;
      frame = null;
      emitter.emit('render-process-gone', createEvent(), { reason, exitCode });
    },
    hang: () => void emitter.emit('unresponsive'),
    load,
    destroy() {
      if (destroyed) return;
      destroyed = true;
      page?.close();
      page = null;
      emitter.emit('destroyed');
    },
  };
  return control;
}

