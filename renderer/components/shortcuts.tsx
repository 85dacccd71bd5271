import { lazy, Suspense, useCallback, useState } from 'react';
import { useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { useShortcuts } from '../view/use-shortcuts.ts';
import type { ShortcutsDialogProps } from './shortcuts-dialog.tsx';

const ShortcutsDialog = lazy(async () => ({ default: await import('./shortcuts-dialog.tsx').then((module) => module.ShortcutsDialog, () => (_: ShortcutsDialogProps) => null) }));

/** Under this name the browser remembers that somebody wants no shortcuts: it is about this keyboard, no setting of Airdock. */
const stored = 'airdock.shortcuts';

function remembered(): boolean {
  try {
    return window.localStorage.getItem(stored) !== 'off';
  } catch {
    return true;
  }
}

function remember(enabled: boolean) {
  try {
    window.localStorage.setItem(stored, enabled ? 'on' : 'off');
  } catch {
    // A browser without storage: the choice lasts as long as the page.
  }
}

/** The foot of every page: the version, and the shortcuts, which are fetched when they are asked for. */
export function Shortcuts() {
  const version = useDashboard((state) => state.live?.version);
  const [enabled, setEnabled] = useState(remembered);
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState(false);
  const show = useCallback(() => {
    setWanted(true);
    setOpen(true);
  }, []);
  useShortcuts({ enabled, onHelp: show });
  return (
    <footer className="mt-10 flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-1 text-[13px] text-muted">
      <span>{version === undefined ? '' : text.version(version)}</span>
      <button type="button" onClick={show} className="-mx-2 inline-flex min-h-8 items-center gap-2 rounded-lg px-2 hover:bg-sunken hover:text-ink">
        {text.shortcuts.open}
        <kbd className="rounded border border-line px-1.5 font-mono text-xs">?</kbd>
      </button>
      {wanted && (
        <Suspense>
          <ShortcutsDialog
            open={open}
            onOpenChange={setOpen}
            enabled={enabled}
            onEnabledChange={(next) => {
              setEnabled(next);
              remember(next);
            }}
          />
        </Suspense>
      )}
    </footer>
  );
}
