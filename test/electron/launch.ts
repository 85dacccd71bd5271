import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { newPlace, type Place, type Test } from '../app/place.ts';
import { root } from '../desktop/build-all.ts';
import { electronHere } from './availability.mjs';

/** The labels of the tray's menu, as the hook has seen it. */
export interface SeenTray {
  made: number;
  toolTip: string;
  labels: string[];
}

export interface Launched {
  app: ElectronApplication;
  place: Place;
  /** The dashboard; waits for it. */
  page(): Promise<Page>;
  windows(): Promise<number>;
  tray(): Promise<SeenTray>;
  clickTray(label: string): Promise<void>;
  /** Quits as a person does, with whatever is asked answered by its last button; the exit code. */
  quit(): Promise<number | null>;
}

/** What the command line of one launch on this place is, after the program's name. */
export function launchArgs(place: Place, args: readonly string[]): string[] {
  // Chromium's sandbox refuses to run as root, which is what containers run as.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return [...asRoot, `--user-data-dir=${path.join(place.root, 'electron')}`, '-r', path.join(import.meta.dirname, 'tray-hook.cjs'), root, ...args];
}

/** An unfused development app on folders of its own. */
export async function launch(test: Test, args: readonly string[] = [], samples: readonly string[] = []): Promise<Launched> {
  const { executable, why } = electronHere();
  if (executable === null) throw new Error(why);
  const place = await newPlace(test, { samples });
  // With it set, the binary would run as plain Node and refuse every switch.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = place.env;
  const display = { DISPLAY: process.env.DISPLAY, WAYLAND_DISPLAY: process.env.WAYLAND_DISPLAY, XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR, DBUS_SESSION_BUS_ADDRESS: process.env.DBUS_SESSION_BUS_ADDRESS };
  const all = Object.fromEntries(Object.entries({ ...env, ...display }).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const app = await _electron.launch({ executablePath: executable, args: launchArgs(place, args), cwd: root, env: all, timeout: 60_000 });
  const child = app.process();
  const ended = new Promise<number | null>((resolve) => (child.exitCode === null ? child.once('exit', resolve) : resolve(child.exitCode)));
  test.onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    app,
    place,
    page: async () => app.windows()[0] ?? app.waitForEvent('window', { timeout: 30_000 }),
    windows: () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length),
    tray: () =>
      app.evaluate(() => {
        const { menu, ...rest } = (globalThis as unknown as { trayForTests: { menu: { items: { label: string }[] } | null; made: number; toolTip: string } }).trayForTests;
        return { ...rest, labels: menu?.items.map(({ label }) => label) ?? [] };
      }),
    clickTray: (label) =>
      app.evaluate((_electronParts, wanted) => {
        const { menu } = (globalThis as unknown as { trayForTests: { menu: { items: { label: string; click(): void }[] } | null } }).trayForTests;
        const item = menu?.items.find((one) => one.label === wanted);
        if (!item) throw new Error(`The tray has no ${wanted}.`);
        item.click();
      }, label),
    async quit() {
      await app.evaluate(({ app: electronApp, dialog }) => {
        dialog.showMessageBox = async (...all: unknown[]) => ({ response: ((all.at(-1) as { buttons?: string[] }).buttons?.length ?? 1) - 1, checkboxChecked: false });
        setImmediate(() => electronApp.quit());
      });
      return ended;
    },
  };
}
