import type * as Electron from 'electron';
import type { Language, PushChannel, PushPayload, ShowTarget } from '../../contract/index.ts';

/**
 * The parts of Electron that the shell uses. They are handed in, never imported as values outside main/index.ts: so the
 * shell can be run on stand-ins for what is native, typed against the same definitions.
 */
export type ElectronParts = Pick<
  typeof Electron,
  | 'app'
  | 'BrowserWindow'
  | 'dialog'
  | 'ipcMain'
  | 'Menu'
  | 'nativeImage'
  | 'nativeTheme'
  | 'Notification'
  | 'powerMonitor'
  | 'protocol'
  | 'screen'
  | 'session'
  | 'shell'
  | 'Tray'
  | 'utilityProcess'
>;

/** The scheme of the dashboard's own pages, and its one host: `app://airdock/`. */
export const appScheme = 'app';
export const appOrigin = 'app://airdock';

export type Platform = 'linux' | 'darwin' | 'win32';

/** The dashboard's window as the rest of the shell sees it. There is none until it is shown, and again none some seconds after it was closed. */
export interface DashboardWindow {
  /** Opens it, or brings it to the front, at that place. */
  show(target?: Partial<ShowTarget>): void;
  /** Whether a person could see it now. */
  visible(): boolean;
  /** Whether it is in sight and the one that a person works with: a window behind others is visible too. */
  focused(): boolean;
  /** Told each time that `visible()` has changed. Returns its own undoing. */
  onVisible(listener: (visible: boolean) => void): () => void;
  /** Told each time that a person turns to it: it is shown, or gets the focus. Returns its own undoing. */
  onTurnedTo(listener: () => void): () => void;
  /** To the page, where there is one and it has subscribed or the channel is not `event`. */
  send<P extends PushChannel>(channel: P, payload: PushPayload<P>): void;
  /** Whether this is the window's page: for the check of senders. */
  owns(contents: Electron.WebContents): boolean;
  /** The page has said that it listens: what waited for it is sent. */
  subscribed(contents: Electron.WebContents): void;
  /** The window for dialogs to belong to; null where there is none. */
  browserWindow(): Electron.BrowserWindow | null;
  /** As if a person had closed it: hidden at once, destroyed some seconds later. */
  close(): void;
  /** Gone at once, and for good; settles when its place has been written. For the end of the app. */
  destroy(): Promise<void>;
}

/** The languages of a person's system, most wanted first, and what they chose. */
export interface Speech {
  language(): Language;
}
