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

/** The dashboard's window as the rest of the shell sees it. */
export interface DashboardWindow {
  /** Opens it, or brings it to the front, at that place. */
  show(target?: Partial<ShowTarget>): void;
  /** Whether a person could see it now. */
  visible(): boolean;
  /** To the page, where there is one and it has subscribed or the channel is not `event`. */
  send<P extends PushChannel>(channel: P, payload: PushPayload<P>): void;
  /** The window for dialogs to belong to; null where there is none. */
  browserWindow(): Electron.BrowserWindow | null;
  close(): void;
}

/** The languages of a person's system, most wanted first, and what they chose. */
export interface Speech {
  language(): Language;
}
