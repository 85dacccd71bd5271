import path from 'node:path';
import { expect, vi } from 'vitest';
import { channelPrefix } from '../../../contract/index.ts';
import { createFakeElectron, type FakeElectron } from '../../../test/fakes/electron/index.ts';
import { tempDir } from '../../../test/temp-dir.ts';
import { createDashboardWindow } from './dashboard-window.ts';

type Options = Parameters<typeof createFakeElectron>[0] & { lingerMs?: number };

/** The dashboard's window on a stand-in of Electron. */
export async function start(options: Options = {}) {
  const fake: FakeElectron = createFakeElectron(options);
  await fake.electron.app.whenReady();
  const boundsFile = path.join(await tempDir(), 'window.json');
  const gone: { reason: string; restarted: boolean }[] = [];
  const faults: unknown[] = [];
  let clock = 0;
  let closed = 0;
  const make = () =>
    createDashboardWindow({
      electron: fake.electron,
      boundsFile,
      preload: '/dist/preload/index.cjs',
      speech: { language: () => 'en' },
      onFault: (fault) => faults.push(fault),
      onPageGone: ({ reason, restarted }) => gone.push({ reason, restarted }),
      onClosed: () => (closed += 1),
      restarts: { now: () => clock },
      ...(options.lingerMs === undefined ? {} : { lingerMs: options.lingerMs }),
    });
  const dashboard = make();
  const only = () => {
    const [one, ...more] = fake.openWindows();
    if (one === undefined || more.length > 0) throw new Error(`There are ${fake.openWindows().length} windows.`);
    return one;
  };
  /** Opens it and waits until its page has painted. */
  const open = async (target?: Parameters<typeof dashboard.show>[0]) => {
    dashboard.show(target);
    await vi.waitFor(() => expect(only().window.isVisible()).toBe(true));
    return only();
  };
  const shows = () => only().page.sent.filter(({ channel }) => channel === `${channelPrefix}show`).map(({ args }) => args[0]);
  return { fake, dashboard, make, boundsFile, gone, faults, closed: () => closed, only, open, shows, pass: (ms: number) => (clock += ms) };
}
