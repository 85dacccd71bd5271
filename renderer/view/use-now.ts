import { useEffect, useState } from 'react';
import { useDashboard } from '../store/dashboard.tsx';

/** The engine's clock, ms since the epoch, anew every second: countdowns run between the engine's events. */
export function useEngineNow(): number {
  const offset = useDashboard((state) => state.clockOffset);
  const gone = useDashboard((state) => state.connection !== 'live');
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    // Without an engine nothing is known to go on, so countdowns stop with the figures beside them.
    if (gone) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [gone]);
  return now + offset;
}
