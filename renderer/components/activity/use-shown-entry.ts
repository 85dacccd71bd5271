import { useEffect, useState } from 'react';
import type { Activity, ShowTarget } from '../../../contract/index.ts';
import { useActions, useDashboard, useNavigation } from '../../store/dashboard.tsx';

interface ShownEntry {
  /** The entry that the person was led to. */
  marked: number | null;
  /** That entry, where it is older than those that are listed; 'missing': it is no longer kept. */
  found: Activity | 'missing' | null;
}

/** Follows what is to be shown on this page. `onTarget` is told at once, so that nothing hides it. */
export function useShownEntry(onTarget: (target: ShowTarget) => void): ShownEntry {
  const target = useDashboard((state) => state.target);
  const [seen, setSeen] = useState<ShowTarget | null>(null);
  const [marked, setMarked] = useState<number | null>(null);
  const [found, setFound] = useState<{ id: number; entry: Activity | null } | null>(null);
  const listed = useDashboard((state) => marked === null || state.activity.some(({ id }) => id === marked));
  const { findEntry } = useActions();
  const { arrived } = useNavigation();

  if (target !== seen) {
    setSeen(target);
    if (target?.page === 'activity') {
      setMarked(target.activity);
      onTarget(target);
    }
  }

  useEffect(() => {
    // A model is shown here by its entries alone; there is nothing to be brought into sight.
    if (target?.page === 'activity' && target.activity === null) arrived();
  }, [target, arrived]);

  useEffect(() => {
    if (listed || marked === null) return;
    let unwanted = false;
    void findEntry(marked).then((entry) => {
      if (!unwanted) setFound({ id: marked, entry });
    });
    return () => {
      unwanted = true;
    };
  }, [listed, marked, findEntry]);

  if (listed || found === null || found.id !== marked) return { marked, found: null };
  return { marked, found: found.entry ?? 'missing' };
}
