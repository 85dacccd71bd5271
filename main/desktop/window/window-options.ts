import type { BrowserWindowConstructorOptions, WebPreferences } from 'electron';
import { smallest, type Place } from './place.ts';

/** The page's own background (--page in renderer/styles.css), so that the window does not flash white before the page is there. */
export function pageBackground(dark: boolean): string {
  return dark ? '#0f1214' : '#f4f6f6';
}

/** Electron's safe defaults, said once more: a default can change, this must not. */
export function pagePreferences({ preload, packaged }: { preload: string; packaged: boolean }): WebPreferences {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    plugins: false,
    devTools: !packaged,
    // It would load dictionaries from the internet, and 20 MB into the memory.
    spellcheck: false,
  };
}

export interface WindowLook {
  place: Place;
  dark: boolean;
  preload: string;
  packaged: boolean;
  /** The file of the icon that Linux shows in its list of windows. */
  icon: string | undefined;
}

export function windowOptions({ place, dark, preload, packaged, icon }: WindowLook): BrowserWindowConstructorOptions {
  const { maximized: _, ...bounds } = place;
  return {
    ...bounds,
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: 'Airdock',
    backgroundColor: pageBackground(dark),
    autoHideMenuBar: true,
    ...(icon === undefined ? {} : { icon }),
    webPreferences: pagePreferences({ preload, packaged }),
  };
}
