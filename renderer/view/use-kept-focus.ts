import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { rowId } from './show-model.ts';

/**
 * Keeps the keyboard's place in a list of rows: when the row with the focus leaves, its successor gets it (on the same
 * action, where it has that), and the list's title when no row is left. Without this the focus falls back to the page's top.
 */
export function useKeptFocus(ids: readonly string[]): RefObject<HTMLUListElement | null> {
  const list = useRef<HTMLUListElement>(null);
  const held = useRef<{ id: string; action: string | undefined } | null>(null);
  const shown = useRef(ids);

  useEffect(() => {
    const remember = (event: FocusEvent) => {
      const target = event.target instanceof HTMLElement ? event.target : null;
      const row = target?.closest<HTMLElement>('[data-row]');
      held.current = row?.dataset.row === undefined ? null : { id: row.dataset.row, action: target?.dataset.action };
    };
    document.addEventListener('focusin', remember);
    return () => document.removeEventListener('focusin', remember);
  }, []);

  useLayoutEffect(() => {
    const before = shown.current;
    shown.current = ids;
    const lost = held.current;
    if (lost === null || ids.includes(lost.id) || !before.includes(lost.id)) return;
    held.current = null;
    // The person has gone on meanwhile: leave the focus where it is.
    if (document.activeElement !== null && document.activeElement !== document.body) return;
    const next = ids[Math.min(before.indexOf(lost.id), ids.length - 1)];
    const row = next === undefined ? null : document.getElementById(rowId(next));
    const same = lost.action === undefined ? null : row?.querySelector<HTMLElement>(`[data-action="${lost.action}"]`);
    const title = document.querySelector<HTMLElement>('#in-memory [data-section-title]');
    (same ?? row ?? title)?.focus();
  }, [ids]);

  return list;
}
