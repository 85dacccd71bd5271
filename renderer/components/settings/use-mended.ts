import { useEffect, useRef } from 'react';
import { useActions, useConnection, useDashboard } from '../../store/dashboard.tsx';

/** When the config file was broken and is whole again, its settings are read, and what was refused for that is put aside. */
export function useMended(): void {
  const broken = useDashboard((state) => (state.live?.configProblem ?? null) !== null);
  const refused = useDashboard((state) => Object.keys(state.refusals).filter((key) => key.startsWith('setting:')).join('\n'));
  const { dismissRefusal } = useActions();
  const { readSettings } = useConnection();
  const before = useRef(broken);
  useEffect(() => {
    if (before.current === broken) return;
    before.current = broken;
    void readSettings();
    if (!broken) for (const key of refused.split('\n')) dismissRefusal(key);
  }, [broken, refused, dismissRefusal, readSettings]);
}
