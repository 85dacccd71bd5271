import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Language } from '../../../contract/index.ts';
import type { Airdock } from '../../airdock.ts';
import { createAutostart } from '../autostart/create-autostart.ts';
import { createPageChannels } from '../ipc/page-channels.ts';
import { createIpcRouter } from '../ipc/router.ts';
import type { OpenLink } from '../security/open-link.ts';
import { createSenderCheck } from '../security/trusted-sender.ts';
import { loadUpdater } from '../updates/updater.ts';
import { createUpdates } from '../updates/updates.ts';
import { setAppMenu } from './app-menu.ts';
import { createDesktopState } from './desktop-state.ts';
import { createShellChannels } from './shell-channels.ts';
import type { Shell } from './shell.ts';

/** Joins the shell and a running Airdock: pages, tray and notifications get its picture, and it gets their clicks. */
export function connect(shell: Shell, airdock: Airdock, openLink: OpenLink): void {
  const { electron, platform, env, log, onFault, window, attention, tray, notifier, quit, joiners, text } = shell;
  const { app } = electron;
  const autostart = createAutostart({ app, platform, env, home: os.homedir(), execPath: process.execPath, onFault });
  const updates = createUpdates({
    load: app.isPackaged && hasUpdateAddress() ? loadUpdater : null,
    picture: airdock.picture,
    daily: () => airdock.config.current().updates.check,
    quitInto: quit.into,
    onChange: (state) => {
      tray.update({ updates: state });
      desktop.changed();
    },
    onFault,
    log,
  });
  const desktop = createDesktopState({
    platform,
    version: shell.version,
    trayShown: shell.trayShown,
    autostart,
    notificationsSupported: () => electron.Notification.isSupported(),
    updates: updates.state,
    configFile: airdock.config.path,
    logFolder: log.folder,
    push: (state) => window.send('desktop', state),
    onFault,
  });

  const pages = createPageChannels({ airdock, window: { ...attention, subscribed: window.subscribed }, onFault });
  const shellChannels = createShellChannels({
    desktop,
    autostart,
    updates,
    openLink,
    shell: electron.shell,
    dialog: electron.dialog,
    window,
    configFile: airdock.config.path,
    logFolder: log.folder,
    text,
    quit: quit.request,
  });
  const router = createIpcRouter({ ipcMain: electron.ipcMain, handlers: { ...pages.handlers, ...shellChannels }, isTrusted: createSenderCheck(window.owns), onFault });

  airdock.picture.subscribe({
    state: (state) => {
      tray.update({ state });
      notifier.state(state);
    },
    models: (models) => tray.update({ models }),
    activity: (entries) => notifier.activity(entries),
  });
  // The language may be another one now.
  let menuIn: Language | null = null;
  const speakAnew = (): void => {
    tray.update({});
    const language = shell.speech.language();
    if (platform === 'darwin' && language !== menuIn) setAppMenu(electron.Menu, platform, text);
    menuIn = language;
  };
  airdock.config.subscribe(speakAnew);
  window.onVisible((visible) => {
    if (visible) desktop.changed();
  });
  joiners.join('The dashboard', async () => {
    updates.close();
    notifier.close();
    pages.close();
    await window.destroy();
    router.close();
  });

  tray.update({ state: airdock.picture.state(), models: airdock.picture.models(), updates: updates.state() });
  void autostart.repair();
  shell.runs({ airdock, updates });
  // What was said so far was in the system's language.
  speakAnew();
}

/** electron-builder writes it where an address for updates was given; without it electron-updater has nowhere to look. */
function hasUpdateAddress(): boolean {
  const resources: string | undefined = process.resourcesPath;
  return resources !== undefined && existsSync(path.join(resources, 'app-update.yml'));
}
