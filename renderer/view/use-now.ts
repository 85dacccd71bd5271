import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import { useClock, useDashboard } from '../store/dashboard.tsx';

const nothing = () => undefined;

/** The engine's clock, ms since the epoch, anew every second: countdowns run between the engine's events. */
export function useEngineNow(): number {
  const offset = useDashboard((state) => state.clockOffset);
  // Without an engine nothing is known to go on, so countdowns stop with the figures beside them.
  const live = useDashboard((state) => state.connection === 'live');
  const clock = useClock();
  const subscribe = useCallback((listener: () => void) => (live ? clock.subscribe(listener) : nothing), [clock, live]);
  return useSyncExternalStore(subscribe, clock.now) + offset;
}

/** The engine's clock for the rows of a list: one of them listens for all. */
export const EngineNow = createContext(0);

export function useRowNow(): number {
  return useContext(EngineNow);
}
