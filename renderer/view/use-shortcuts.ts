import { useEffect, useRef } from 'react';
import { useNavigation } from '../store/dashboard.tsx';
import { shortcutOf } from './shortcuts.ts';

/** How long the second key of a pair may take. */
const pairMs = 1_500;
/** Where keys mean something else already. */
const elsewhere = 'input, textarea, select, [contenteditable], [role=dialog], [role=menu], [role=listbox]';
/** How long a page may take to come with its search field. */
const searchMs = 2_000;

function focusSearch(deadline = Date.now() + searchMs) {
  const field = document.querySelector<HTMLInputElement>('main input[type=search]');
  if (field !== null) field.focus();
  else if (Date.now() < deadline) setTimeout(() => focusSearch(deadline), 50);
}

/** Presses the button of that kind in the row that has the focus. */
function pressInRow(action: 'unload' | 'keep') {
  document.activeElement?.closest('[data-row]')?.querySelector<HTMLButtonElement>(`[data-action="${action}"]`)?.click();
}

/** Keys without modifiers, while nobody types and the person has not switched them off. */
export function useShortcuts({ enabled, onHelp }: { enabled: boolean; onHelp: () => void }): void {
  const { open } = useNavigation();
  const prefixedAt = useRef(-Infinity);
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.defaultPrevented || event.repeat || event.isComposing) return;
      if (event.target instanceof Element && event.target.closest(elsewhere) !== null) return;
      if (document.querySelector('[role=dialog], [role=alertdialog]') !== null) return;
      const prefixed = event.timeStamp - prefixedAt.current < pairMs;
      const shortcut = shortcutOf(event, prefixed);
      prefixedAt.current = -Infinity;
      // The list itself stays at hand, so that the others can be switched on again.
      if (shortcut === null || (!enabled && shortcut.do !== 'help')) return;
      event.preventDefault();
      switch (shortcut.do) {
        case 'open':
          return open(shortcut.page);
        case 'search':
          open('models');
          return focusSearch();
        case 'help':
          return onHelp();
        case 'prefix':
          prefixedAt.current = event.timeStamp;
          return;
        case 'unload':
        case 'keep':
          return pressInRow(shortcut.do);
      }
    }
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [enabled, onHelp, open]);
}
