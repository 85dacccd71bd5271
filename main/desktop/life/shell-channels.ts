import { writeFile } from 'node:fs/promises';
import { problem, type Outcome } from '../../../contract/index.ts';
import type { Autostart } from '../autostart/autostart.ts';
import type { ChannelHandlers } from '../ipc/router.ts';
import type { DashboardWindow, ElectronParts } from '../parts.ts';
import type { OpenLink } from '../security/open-link.ts';
import type { DesktopText } from '../text/text.ts';
import type { Updates } from '../updates/updates.ts';
import type { DesktopStateSource } from './desktop-state.ts';

export interface ShellChannelDeps {
  desktop: DesktopStateSource;
  autostart: Autostart;
  updates: Updates;
  openLink: OpenLink;
  shell: Pick<ElectronParts['shell'], 'openPath'>;
  dialog: Pick<ElectronParts['dialog'], 'showOpenDialog'>;
  window: Pick<DashboardWindow, 'browserWindow'>;
  configFile: string;
  logFolder: string;
  text(): DesktopText;
  quit(): void;
}

/** What a page may ask of the shell itself; what concerns models is in ipc/page-channels.ts. */
export function createShellChannels(deps: ShellChannelDeps): Omit<ChannelHandlers, 'call' | 'subscribe' | 'unsubscribe'> {
  const open = async (file: string, done: string): Promise<Outcome<{ text: string }>> => {
    // The answer is what went wrong, empty if nothing.
    const wrong = await deps.shell.openPath(file);
    return wrong === '' ? { ok: true, value: { text: done } } : { ok: false, problem: problem('internal', `The system could not open ${file}.`, wrong) };
  };

  return {
    desktopState: async () => ({ ok: true, value: await deps.desktop.read() }),
    async setStartAtLogin({ on }) {
      const done = await deps.autostart.set(on);
      deps.desktop.changed();
      return done;
    },
    async chooseFolder() {
      const { title, button } = deps.text().dialogs.chooseFolder;
      const options: Electron.OpenDialogOptions = { title, buttonLabel: button, properties: ['openDirectory', 'dontAddToRecent'] };
      const parent = deps.window.browserWindow();
      const { canceled, filePaths } = await (parent ? deps.dialog.showOpenDialog(parent, options) : deps.dialog.showOpenDialog(options));
      return { ok: true, value: { path: canceled ? null : (filePaths[0] ?? null) } };
    },
    async openConfigFile() {
      // Without one, all settings are at their defaults; an editor wants a file all the same.
      await writeFile(deps.configFile, '{\n}\n', { flag: 'wx' }).catch(() => undefined);
      return open(deps.configFile, 'Opened the settings file.');
    },
    openLogFolder: () => open(deps.logFolder, 'Opened the folder of the log.'),
    openLink: ({ url }) => deps.openLink(url),
    checkForUpdates: () => deps.updates.check(),
    downloadUpdate: () => deps.updates.download(),
    installUpdate: () => deps.updates.install(),
    quit() {
      // The answer is on its way before the question is asked.
      setImmediate(deps.quit);
      return { ok: true, value: { text: 'Airdock ends.' } };
    },
  };
}
