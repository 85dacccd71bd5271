import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import type { World } from './world.ts';

type RequestHandler = Parameters<Electron.Session['setPermissionRequestHandler']>[0];
type CheckHandler = Parameters<Electron.Session['setPermissionCheckHandler']>[0];
type Rewrite = (details: Electron.OnHeadersReceivedListenerDetails, callback: (response: Electron.HeadersReceivedResponse) => void) => void;
type BeforeRequest = (details: Electron.OnBeforeRequestListenerDetails, callback: (response: Electron.CallbackResponse) => void) => void;

export function createSession(world: World, protocol: Electron.Protocol) {
  const emitter = new EventEmitter();
  let onRequest: RequestHandler = null;
  let onCheck: CheckHandler = null;
  let onDevice: unknown = null;
  let onDisplayMedia: unknown = null;
  let onHeaders: Rewrite | null = null;
  let onBefore: BeforeRequest | null = null;
  const record = { spellChecker: true, spellCheckerLanguages: ['en-US'] as string[] };
  /** `webRequest.onX(filter?, listener | null)`: the listener is the last argument. */
  const last = <T>(args: readonly unknown[]): T | null => (args.at(-1) ?? null) as T | null;

  const methods = {
    protocol,
    webRequest: {
      onHeadersReceived: (...args: unknown[]) => void (onHeaders = last<Rewrite>(args)),
      onBeforeRequest: (...args: unknown[]) => void (onBefore = last<BeforeRequest>(args)),
    } as unknown as Electron.WebRequest,
    setPermissionRequestHandler: (handler) => void (onRequest = handler),
    setPermissionCheckHandler: (handler) => void (onCheck = handler),
    setDevicePermissionHandler: (handler) => void (onDevice = handler),
    setDisplayMediaRequestHandler: (handler) => void (onDisplayMedia = handler),
    setBluetoothPairingHandler: () => undefined,
    setUSBProtectedClassesHandler: () => undefined,
    setSpellCheckerEnabled: (on) => void (record.spellChecker = on),
    setSpellCheckerLanguages: (languages) => void (record.spellCheckerLanguages = languages),
    clearCache: async () => undefined,
    clearStorageData: async () => undefined,
    flushStorageData: () => undefined,
    setProxy: async () => undefined,
    setPreloads: () => undefined,
  } satisfies Partial<Electron.Session>;
  const defaultSession = Object.assign(emitter, methods) as unknown as Electron.Session;

  const session = {
    get defaultSession() {
      world.needReady('Session can only be received when app is ready');
      return defaultSession;
    },
    fromPartition() {
      world.needReady('Session can only be received when app is ready');
      return defaultSession;
    },
  } satisfies Partial<typeof Electron.session>;

  return {
    session: session as unknown as typeof Electron.session,
    defaultSession,
    record,
    handlers: () => ({ request: onRequest !== null, check: onCheck !== null, device: onDevice !== null, displayMedia: onDisplayMedia !== null }),
    /** A page asks for a permission: the answer. Without a handler Electron grants everything. */
    async requestPermission(contents: Electron.WebContents | null, permission: string, details: object = {}): Promise<boolean> {
      const handler = onRequest;
      if (!handler) return true;
      return new Promise((resolve) => handler(contents as Electron.WebContents, permission as never, resolve, { isMainFrame: true, requestingUrl: contents?.getURL() ?? '', ...details } as never));
    },
    checkPermission: (contents: Electron.WebContents | null, permission: string, origin = ''): boolean => onCheck?.(contents, permission as never, origin, { isMainFrame: true } as never) ?? true,
    /** The headers of an answer after the app's own rewriting. */
    async rewriteHeaders(url: string, responseHeaders: Record<string, string[]>): Promise<Record<string, string[]>> {
      const rewrite = onHeaders;
      if (!rewrite) return responseHeaders;
      const answer = await new Promise<Electron.HeadersReceivedResponse>((resolve) => rewrite({ url, responseHeaders } as never, resolve));
      return (answer.responseHeaders ?? responseHeaders) as Record<string, string[]>;
    },
    /** Whether the app lets a page ask for that address at all. */
    async mayRequest(url: string): Promise<boolean> {
      const before = onBefore;
      return !before || !(await new Promise<Electron.CallbackResponse>((resolve) => before({ url } as never, resolve))).cancel;
    },
  };
}
