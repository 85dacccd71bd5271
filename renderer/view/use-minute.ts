import { useEffect, useState } from 'react';
import { useDashboard } from '../store/dashboard.tsx';

/** The engine's clock, ms since the epoch, anew every minute: for "12 min. ago". */
export function useMinute(): number {
  const offset = useDashboard((state) => Math.round(state.clockOffset / 10_000) * 10_000);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now + offset;
}
