import type { ElectronParts, DashboardWindow } from '../parts.ts';

/** Whether somebody can look at the window: it is in sight, and neither is the computer asleep nor its screen locked. */
export type Attention = Pick<DashboardWindow, 'visible' | 'focused' | 'onVisible'>;

export function createAttention(window: Attention & Pick<DashboardWindow, 'onTurnedTo'>, powerMonitor: Pick<ElectronParts['powerMonitor'], 'on'>): Attention {
  let awake = true;
  let unlocked = true;
  let told = window.visible();
  const listeners = new Set<(visible: boolean) => void>();
  const visible = (): boolean => awake && unlocked && window.visible();

  function tell(): void {
    const now = visible();
    if (now === told) return;
    told = now;
    for (const listener of [...listeners]) listener(now);
  }

  const set = (change: () => void) => (): void => {
    change();
    tell();
  };
  powerMonitor.on('suspend', set(() => (awake = false)));
  // Who unlocks is awake: not every system tells of both.
  powerMonitor.on('resume', set(() => (awake = true)));
  powerMonitor.on('lock-screen', set(() => (unlocked = false)));
  powerMonitor.on('unlock-screen', set(() => (awake = unlocked = true)));
  // Whoever turns to the window is there, whatever the system has told of or not.
  window.onTurnedTo(set(() => (awake = unlocked = true)));
  window.onVisible(tell);

  return {
    visible,
    focused: () => visible() && window.focused(),
    onVisible(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
