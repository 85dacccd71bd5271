import { useCallback, useSyncExternalStore } from 'react';
import { useClock, useDashboard } from '../store/dashboard.tsx';

const nothing = () => undefined;

/** The engine's clock, ms since the epoch, anew every second: countdowns run between the engine's events. `running` false: nothing counts here. */
export function useEngineNow(running = true): number {
  const offset = useDashboard((state) => state.clockOffset);
  // Without an engine nothing is known to go on, so countdowns stop with the figures beside them.
  const live = useDashboard((state) => state.connection === 'live');
  const clock = useClock();
  const subscribe = useCallback((listener: () => void) => (running && live ? clock.subscribe(listener) : nothing), [clock, running, live]);
  return useSyncExternalStore(subscribe, clock.now) + offset;
}
