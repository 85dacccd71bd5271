import type { Airdock } from '../../airdock.ts';
import type { ElectronParts } from '../parts.ts';
import type { SleepDelay } from './sleep-delay.ts';

export interface PowerDeps {
  powerMonitor: Pick<ElectronParts['powerMonitor'], 'on'>;
  app: Pick<ElectronParts['app'], 'on'>;
  /** Null while Airdock does not run. */
  airdock(): Pick<Airdock, 'suspend' | 'resume'> | null;
  delay: SleepDelay;
  /** The computer goes down, or the session ends. */
  goDown(): void;
  onFault(fault: unknown): void;
  log: { info(text: string): void };
}

/** Sleep, wake and the end of the session. */
export function followPower({ powerMonitor, app, airdock, delay, goDown, onFault, log }: PowerDeps): void {
  let asleep = false;
  powerMonitor.on('suspend', () => {
    log.info('The computer goes to sleep.');
    asleep = true;
    // The system waits a few seconds at most, where it waits at all: what has been begun by then is finished after the wake.
    const done = airdock()?.suspend() ?? Promise.resolve();
    void done.catch(onFault).finally(() => {
      delay.release();
      // Done only after the wake: the next sleep is to wait again.
      if (!asleep) delay.follow();
    });
  });
  powerMonitor.on('resume', () => {
    log.info('The computer is awake.');
    asleep = false;
    airdock()?.resume();
    delay.follow();
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
