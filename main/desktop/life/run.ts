import path from 'node:path';
import type { AirdockOptions, StartOutcome } from '../../airdock.ts';
import { signInLinkOf } from '../../hand-over.ts';
import { createUtilityFork } from '../fork-utility.ts';
import { createLog } from '../log/log.ts';
import { serveApp } from '../security/app-scheme.ts';
import { denyPermissions } from '../security/permissions.ts';
import { openLocalDashboard, type OpenLink } from '../security/open-link.ts';
import { connect } from './connect.ts';
import { explainRefusal, refusalTitle, startEngine } from './engine-start.ts';
import { watchFaults } from './faults.ts';
import type { Launch } from './launch.ts';
import { followPower } from './power.ts';
import { createSleepDelay } from './sleep-delay.ts';
import { createShell, type ShellDeps } from './shell.ts';

export interface RunDeps extends Omit<ShellDeps, 'log'> {
  launch: Launch;
  openLink: OpenLink;
  /** Where events that nobody caught, and signals, come from. */
  process: Pick<NodeJS.Process, 'on' | 'off' | 'stdout' | 'stderr'>;
  /** Told once there is something to open. */
  onShell(show: () => void): void;
  start?: (options: AirdockOptions) => Promise<StartOutcome>;
}

/** After `ready`: tray icon and way out at once, before anything is waited for; then the engine, then everything that needs it. */
export async function runDesktop(deps: RunDeps): Promise<void> {
  const { electron, dataDir, env, launch } = deps;
  const { app } = electron;
  let secrets = (): readonly string[] => [];
  const log = createLog({ folder: path.join(dataDir, 'logs'), secrets: () => secrets(), console: !app.isPackaged });
  const shell = createShell({ ...deps, log });
  const { quit, joiners, onFault, text, ask } = shell;
  log.info(`Airdock ${shell.version} starts${launch.hidden ? ', without a window' : ''}.`);

  watchFaults({ process: deps.process, log, version: shell.version, text, ask, openLogFolder: shell.openLogFolder, restart: quit.restart, isEnding: quit.isEnding });
  // A terminal that goes away takes its streams along.
  for (const stream of [deps.process.stdout, deps.process.stderr]) stream.on('error', () => undefined);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) deps.process.on(signal, () => quit.now());
  app.on('child-process-gone', (_event, { type, reason, exitCode, serviceName }) => {
    if (reason !== 'clean-exit' && reason !== 'killed') log.warn(`A process of the system or the page ended: ${serviceName ?? type}, ${reason}, ${exitCode}.`);
  });
  denyPermissions(electron.session.defaultSession);
  serveApp(electron.protocol, path.join(shell.root, 'dist/renderer'), { onFault });
  deps.onShell(() => shell.open());

  const start = deps.start ?? (await import('../../app.ts')).startAirdock;
  const starting = startEngine({
    start,
    options: { dataDir, port: launch.port, by: 'Airdock', env, forkChild: createUtilityFork(electron.utilityProcess, env), onFault },
    signInLink: (url, dir) => signInLinkOf(url, dir, 'Airdock'),
  });
  // Whoever quits while it starts waits for it: it may have taken the lock already.
  joiners.join('The engine', async (ending) => {
    const started = await starting;
    if (started.ok) await started.airdock.close(ending);
  });
  const delay = createSleepDelay({ platform: deps.platform, env, wanted: () => shell.running()?.airdock.config.current().models.unload_before_sleep ?? false });
  app.once('quit', delay.release);
  followPower({ powerMonitor: electron.powerMonitor, app, airdock: () => shell.running()?.airdock ?? null, delay, goDown: () => quit.now({ short: true }), onFault, log });

  const started = await starting;
  if (started.ok) secrets = started.airdock.secrets;
  // Nothing is waited for between this question and the connecting: what is connected once the end has begun would outlive it.
  if (quit.isEnding()) return;
  if (!started.ok) {
    log.warn(`Airdock could not start: ${started.problem.message}`);
    shell.tray.update({ trouble: refusalTitle(started, text().dialogs) });
    // At login nobody has asked for anything, and there is an Airdock.
    const unasked = launch.hidden && started.link !== null && !shell.isWished();
    // The address comes from an Airdock that has shown the token of this data folder.
    const openInBrowser = (url: string): void => void openLocalDashboard(electron.shell, url).catch(onFault);
    if (!unasked) await explainRefusal(started, { openInBrowser, openLogFolder: shell.openLogFolder, ask, text });
    return quit.isEnding() ? undefined : quit.now();
  }
  const { airdock } = started;
  connect(shell, airdock, deps.openLink);
  airdock.config.subscribe(delay.follow);
  delay.follow();
  log.info(`Airdock runs, with its data in ${dataDir}.`);
}
