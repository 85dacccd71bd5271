import { type RefObject, useEffect } from 'react';
import type { ShowTarget } from '../../contract/index.ts';
import { useDashboard, useNavigation } from '../store/dashboard.tsx';

/** A page may have to be fetched, and an entry to be asked for, before it can be shown. */
const patienceMs = 5_000;

function find(page: HTMLElement, { activity, model }: ShowTarget): HTMLElement | null {
  const entry = activity === null ? null : page.querySelector<HTMLElement>(`[data-activity="${activity}"]`);
  const found = entry ?? (model === null ? null : page.querySelector<HTMLElement>(`[data-model="${CSS.escape(model)}"]`));
  // While a page is fetched, the one before it is still there, hidden.
  return found?.checkVisibility() === true ? found : null;
}

/**
 * Brings what was asked for into sight and gives it the focus, as soon as it is on the page: the element with
 * `data-activity` (an entry's id) or `data-model` (a model's id) and a tabIndex. A page that filters or shortens its list
 * reads `target` from the state and makes room for it.
 */
export function useShownTarget(page: RefObject<HTMLElement | null>): void {
  const target = useDashboard((state) => state.target);
  const { arrived } = useNavigation();
  useEffect(() => {
    const root = page.current;
    if (target === null || root === null) return;
    const show = () => {
      const found = find(root, target);
      if (found === null) return false;
      found.scrollIntoView({ block: 'center' });
      found.focus({ preventScroll: true });
      arrived();
      return true;
    };
    if (show()) return;
    const observer = new MutationObserver(() => void show());
    observer.observe(root, { childList: true, subtree: true });
    const timer = setTimeout(arrived, patienceMs);
    return () => {
      observer.disconnect();
      clearTimeout(timer);
    };
  }, [target, page, arrived]);
}
