import { useEffect, useState } from 'react';
import { useClock, useDashboard } from '../store/dashboard.tsx';

/** The engine's clock, ms since the epoch, anew every second: countdowns run between the engine's events. `running` false: nothing counts here. */
export function useEngineNow(running = true): number {
  const offset = useDashboard((state) => state.clockOffset);
  // Without an engine nothing is known to go on, so countdowns stop with the figures beside them.
  const live = useDashboard((state) => state.connection === 'live');
  const clock = useClock();
  const [now, setNow] = useState(clock.now);
  useEffect(() => (running && live ? clock.subscribe(() => setNow(clock.now())) : undefined), [clock, running, live]);
  return now + offset;
}
