import { type RefObject, useEffect } from 'react';

/*
 * A new language draws the whole page anew, and the focus goes with what was drawn before. The mark is on the document, which stays.
 */

export function rememberFocus(key: string): void {
  document.documentElement.dataset.refocus = key;
}

/** Takes the focus back to the chosen option of that setting, where it was before everything was drawn anew. */
export function useRefocus(key: string, group: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (document.documentElement.dataset.refocus !== key || document.activeElement !== document.body) return;
    delete document.documentElement.dataset.refocus;
    group.current?.querySelector<HTMLElement>('[role=radio][aria-checked=true]')?.focus();
  }, [key, group]);
}
