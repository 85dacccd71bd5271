import type { Airdock } from '../../airdock.ts';
import type { ElectronParts } from '../parts.ts';

export interface PowerDeps {
  powerMonitor: Pick<ElectronParts['powerMonitor'], 'on'>;
  app: Pick<ElectronParts['app'], 'on'>;
  /** Null while Airdock does not run. */
  airdock(): Pick<Airdock, 'suspend' | 'resume'> | null;
  /** The computer goes down, or the session ends. */
  goDown(): void;
  onFault(fault: unknown): void;
  log: { info(text: string): void };
}

/** Sleep, wake and the end of the session. */
export function followPower({ powerMonitor, app, airdock, goDown, onFault, log }: PowerDeps): void {
  powerMonitor.on('suspend', () => {
    log.info('The computer goes to sleep.');
    // The system waits a few seconds at most, where it waits at all: what has been begun by then is finished after the wake.
    airdock()?.suspend().catch(onFault);
  });
  powerMonitor.on('resume', () => {
    log.info('The computer is awake.');
    airdock()?.resume();
  });
  // Linux and macOS. Electron's types do not know that the event can be held up, its documentation does.
  powerMonitor.on('shutdown', ((event?: { preventDefault?: () => void }) => {
    event?.preventDefault?.();
    goDown();
  }) as () => void);
  // Windows tells windows only; without one, the processes just end.
  app.on('browser-window-created', (_event, window) => {
    window.on('session-end', goDown);
  });
}
