import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContext, Frame, Page, Route } from 'playwright';
import type * as Electron from 'electron';
import type { FakeElectron, FakePage, PageRequest } from '../fakes/electron/index.ts';

/** Chromium knows no `app:`; a secure address that exists nowhere stands for it. */
const publicOrigin = 'https://airdock.app.test';
const appOrigin = 'app://airdock';
const toPublic = (url: string): string => url.replace(appOrigin, publicOrigin);
const toApp = (url: string): string => url.replace(publicOrigin, appOrigin);

/** A page of the app in a real browser, and what it complained about. */
export interface OpenPage {
  readonly page: Page;
  readonly contents: PageRequest['contents'];
  isClosed(): boolean;
}

export interface PagesOptions {
  browser: Browser;
  preload: string;
  fake: () => FakeElectron;
  colorScheme?: 'light' | 'dark';
  locale?: string;
}

/** Gives every window of the fake a page in Chromium: files from the app's own protocol handler, the built bridge, and nothing else of Electron. */
export function createChromiumPages({ browser, preload, fake, colorScheme = 'light', locale = 'en-US' }: PagesOptions) {
  const pages: OpenPage[] = [];
  const complaints: string[] = [];
  const waiting: ((page: OpenPage) => void)[] = [];

  function openPage({ url, options, contents }: PageRequest): FakePage {
    let context: BrowserContext | null = null;
    let closed = false;
    const open = (async () => {
      if (!url.startsWith(`${appOrigin}/`)) throw new Error(`ERR_UNKNOWN_URL_SCHEME loading '${url}'`);
      if (options.webPreferences?.preload !== undefined && options.webPreferences.preload !== preload) {
        complaints.push(`the window names ${options.webPreferences.preload} as its preload, not ${preload}`);
      }
      const bridge = await readFile(preload, 'utf8');
      context = await browser.newContext({ colorScheme, locale, reducedMotion: 'reduce', viewport: { width: options.width ?? 800, height: options.height ?? 600 } });
      context.setDefaultTimeout(30_000);
      const page = await context.newPage();
      page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
      });
      page.on('popup', (popup) => {
        const { action } = contents.openWindow(toApp(popup.url()));
        if (action === 'allow') complaints.push(`a window for ${popup.url()} was allowed`);
        void popup.close();
      });
      await page.exposeBinding('__electronInvoke', async ({ frame }: { frame: Frame }, channel: string, args: unknown[]) => {
        const senderFrame = senderOf(frame, contents);
        // What comes from a page that is just going reaches nobody.
        if (closed) return { ok: false, message: 'The page is gone.' };
        try {
          return { ok: true, value: await fake().invokeFrom({ sender: contents.contents, senderFrame }, channel, ...args) };
        } catch (error) {
          return { ok: false, message: (error as Error).message };
        }
      });
      await page.exposeBinding('__electronSend', ({ frame }: { frame: Frame }, channel: string, args: unknown[]) => {
        if (!closed) fake().sendFrom({ sender: contents.contents, senderFrame: senderOf(frame, contents) }, channel, ...args);
      });
      await page.addInitScript({ content: asPreload(bridge) });
      await context.route('**/*', (route) => answer(route, page, contents, fake(), (text) => void complaints.push(text)));
      if (closed) throw new Error(`ERR_ABORTED (-3) loading '${url}'`);
      const response = await page.goto(toPublic(url), { waitUntil: 'load' });
      if (!response?.ok()) throw new Error(`${url} was answered with ${response?.status() ?? 'nothing'}`);
      return page;
    })();
    const opened = open.then((page) => {
      const one: OpenPage = { page, contents, isClosed: () => closed };
      pages.push(one);
      for (const tell of waiting.splice(0)) tell(one);
    });
    // In the order of sending: each waits for the one before, and the first for a page that can take it.
    let queue: Promise<unknown> = Promise.resolve();
    return {
      loaded: opened,
      receive(channel, args) {
        queue = queue
          .then(async () => {
            const page = context?.pages()[0];
            if (page && !closed) await page.evaluate(([name, list]) => (globalThis as unknown as { __electronReceive?: (c: string, a: unknown[]) => void }).__electronReceive?.(name, list), [channel, args] as const);
          })
          .catch((error: Error) => {
            if (!closed && !/closed|navigat|destroyed/i.test(error.message)) complaints.push(`${channel} could not be delivered: ${error.message}`);
          });
      },
      close() {
        if (closed) return;
        closed = true;
        void open.catch(() => undefined).finally(() => context?.close().catch(() => undefined));
      },
    };
  }

  return {
    openPage,
    complaints,
    /** The page of the window that is open now; waits for one that is being opened. */
    async page(): Promise<Page> {
      const open = pages.findLast((one) => !one.isClosed()) ?? (await new Promise<OpenPage>((resolve) => waiting.push(resolve)));
      return open.page;
    },
    opened: () => [...pages],
  };
}

/** The frame that Electron would name as the sender of a message: its address in the app's own scheme. */
function senderOf(frame: Frame, contents: PageRequest['contents']): Electron.WebFrameMain | null {
  const main = contents.frame();
  if (main === null || frame.parentFrame() === null) return main;
  const url = toApp(frame.url());
  return { url, origin: new URL(url).origin, parent: main, top: main, processId: main.processId, routingId: -2, frameTreeNodeId: -2, isDestroyed: () => false, detached: false } as unknown as Electron.WebFrameMain;
}

/** What the app's protocol handler says; every other address is what Electron would ask the app's guards about, and then nothing. */
async function answer(route: Route, page: Page, contents: PageRequest['contents'], fake: FakeElectron, complain: (text: string) => void): Promise<void> {
  const request = route.request();
  const url = request.url();
  if (!url.startsWith(`${publicOrigin}/`)) {
    const leaves = request.isNavigationRequest() && request.frame() === page.mainFrame();
    if (leaves && contents.navigate(url)) complain(`the page was allowed to go to ${url}`);
    // A navigation that was prevented leaves the page as it is.
    await route.abort(leaves ? 'aborted' : 'blockedbyclient').catch(() => undefined);
    return;
  }
  try {
    const asked = new Request(toApp(url), { method: request.method(), headers: request.headers() });
    // Electron's own addition: absent where the browser itself asks, as for a page.
    if (!request.isNavigationRequest()) Object.defineProperty(asked, 'initiatorOrigin', { value: toApp(new URL(request.frame().url()).origin) });
    const response = await fake.protocol.fetch(asked);
    const headers = Object.fromEntries([...response.headers].map(([name, value]) => [name, [toPublic(value)]]));
    const rewritten = await fake.session.rewriteHeaders(toApp(url), headers);
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(Object.entries(rewritten).map(([name, values]) => [name, values.join(', ')])),
      body: Buffer.from(await response.arrayBuffer()),
    });
  } catch (error) {
    // A handler that throws is a failed load in the page, and a fault of the app.
    if (page.isClosed()) return;
    complain(`${toApp(url)} could not be answered: ${(error as Error).message}`);
    await route.abort('failed').catch(() => undefined);
  }
}

/** The built preload as Electron's sandbox would run it: `require` knows `electron` with two parts, and no more. */
function asPreload(source: string): string {
  return `(() => {
  if (location.origin !== ${JSON.stringify(publicOrigin)}) return;
  const listeners = new Map();
  const invoke = globalThis.__electronInvoke, send = globalThis.__electronSend;
  delete globalThis.__electronInvoke;
  delete globalThis.__electronSend;
  // Not to be found by looking around: a page of Electron's has nothing of the kind.
  Object.defineProperty(globalThis, '__electronReceive', { enumerable: false, value: (channel, args) => {
    for (const listener of [...(listeners.get(channel) ?? [])]) listener({ sender: ipcRenderer, senderId: 0, ports: [] }, ...args);
  } });
  const clone = (value) => {
    try { return structuredClone(value); } catch { throw new Error('An object could not be cloned.'); }
  };
  const on = (channel, listener) => (listeners.set(channel, [...(listeners.get(channel) ?? []), listener]), ipcRenderer);
  const off = (channel, listener) => (listeners.set(channel, (listeners.get(channel) ?? []).filter((one) => one !== listener)), ipcRenderer);
  const ipcRenderer = {
    on, off, addListener: on, removeListener: off,
    once: (channel, listener) => { const heard = (...all) => { off(channel, heard); listener(...all); }; return on(channel, heard); },
    invoke: async (channel, ...args) => {
      const answer = await invoke(channel, clone(args));
      if (!answer.ok) throw new Error(answer.message);
      return answer.value;
    },
    send: (channel, ...args) => void send(channel, clone(args)),
  };
  // Values cross as copies, functions as proxies of which only values come back; the page cannot change what it got.
  const across = (value) => {
    if (typeof value === 'function') return (...args) => {
      const result = value(...args.map((one) => (typeof one === 'function' ? one : clone(one))));
      return result instanceof Promise ? result.then(across) : across(result);
    };
    if (Array.isArray(value)) return Object.freeze(value.map(across));
    if (value !== null && typeof value === 'object') return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, one]) => [key, across(one)])));
    if (typeof value === 'symbol') throw new Error('An object could not be cloned.');
    return value;
  };
  const contextBridge = { exposeInMainWorld(name, api) {
    if (name in globalThis) throw new Error("Cannot bind an API on top of an existing property on the window object");
    Object.defineProperty(globalThis, name, { value: across(api), enumerable: true });
  } };
  const require = (name) => {
    if (name !== 'electron') throw new Error('module not found: ' + name);
    return { contextBridge, ipcRenderer, webUtils: { getPathForFile: () => '' } };
  };
  const module = { exports: {} };
  (function (exports, require, module) {${source}
  })(module.exports, require, module);
})();`;
}
