import type { DesktopState, UpdateState } from '../../../contract/index.ts';
import type { Autostart } from '../autostart/autostart.ts';
import type { Platform } from '../parts.ts';

export interface DesktopStateDeps {
  platform: Platform;
  version: string;
  trayShown(): Promise<boolean>;
  autostart: Pick<Autostart, 'read'>;
  notificationsSupported(): boolean;
  updates(): UpdateState;
  configFile: string;
  logFolder: string;
  /** To the page, where there is one. */
  push(state: DesktopState): void;
  onFault(fault: unknown): void;
}

export interface DesktopStateSource {
  read(): Promise<DesktopState>;
  /** Something of it may have changed: it is looked at anew, and pushed if so. */
  changed(): void;
}

/** What only the desktop app knows. Read anew each time: others (the system's own settings) change it too. */
export function createDesktopState(deps: DesktopStateDeps): DesktopStateSource {
  let pushed = '';
  let looking = false;
  let again = false;

  async function read(): Promise<DesktopState> {
    const [tray, startAtLogin] = await Promise.all([deps.trayShown(), deps.autostart.read()]);
    const { platform, version, configFile, logFolder } = deps;
    return { platform, version, tray, startAtLogin, notifications: { supported: deps.notificationsSupported() }, updates: deps.updates(), configFile, logFolder };
  }

  async function look(): Promise<void> {
    looking = true;
    try {
      do {
        again = false;
        const state = await read();
        const text = JSON.stringify(state);
        if (text !== pushed) deps.push(state);
        pushed = text;
      } while (again);
    } catch (fault) {
      deps.onFault(fault);
    } finally {
      looking = false;
    }
  }

  return {
    read,
    changed() {
      again = true;
      if (!looking) void look();
    },
  };
}
