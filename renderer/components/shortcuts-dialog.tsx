import { Dialog } from '@base-ui/react/dialog';
import { Switch } from '@base-ui/react/switch';
import { X } from 'lucide-react';
import { Fragment } from 'react';
import { text } from '../text/text.ts';
import { shortcutList } from '../view/shortcuts.ts';

export interface ShortcutsDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  enabled: boolean;
  onEnabledChange: (enabled: boolean) => void;
}

function Keys({ keys }: { keys: readonly string[] }) {
  return keys.map((key, index) => (
    <Fragment key={key}>
      {index > 0 && <span className="text-xs text-muted">{text.shortcuts.then}</span>}
      <kbd className="grid h-6 min-w-6 place-items-center rounded-md border border-line bg-sunken px-1.5 font-mono text-[13px]">{key}</kbd>
    </Fragment>
  ));
}

/** Every shortcut, and the switch for who speaks to the computer or hits keys by accident. */
export function ShortcutsDialog({ open, onOpenChange, enabled, onEnabledChange }: ShortcutsDialogProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-30 bg-scrim transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Dialog.Popup className="fixed top-1/2 left-1/2 z-30 max-h-[calc(100dvh-32px)] w-104 max-w-[calc(100vw-32px)] -translate-1/2 overflow-y-auto rounded-2xl border border-line bg-surface p-5 shadow-xl outline-none sm:p-6">
          <div className="flex items-center justify-between gap-4">
            <Dialog.Title className="text-lg font-semibold">{text.shortcuts.title}</Dialog.Title>
            <Dialog.Close aria-label={text.shortcuts.close} className="grid size-9 place-items-center rounded-lg text-muted hover:bg-sunken hover:text-ink">
              <X className="size-5" aria-hidden="true" />
            </Dialog.Close>
          </div>
          <dl className={`mt-3 grid divide-y divide-line text-sm ${enabled ? '' : 'opacity-60'}`}>
            {shortcutList.map(({ what, presses }) => (
              <div key={what} className="flex min-h-10 items-center justify-between gap-4 py-1.5">
                <dt className="min-w-0">{text.shortcuts.what[what]}</dt>
                <dd className="flex shrink-0 items-center gap-1.5">
                  {presses.map((keys, index) => (
                    <Fragment key={keys.join(' ')}>
                      {index > 0 && <span className="text-xs text-muted">{text.shortcuts.or}</span>}
                      <Keys keys={keys} />
                    </Fragment>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
          <label className="mt-4 flex min-h-9 items-center justify-between gap-4 text-sm">
            {text.shortcuts.off}
            <Switch.Root
              checked={enabled}
              onCheckedChange={onEnabledChange}
              className="flex h-6 w-10 shrink-0 rounded-full border border-line-strong bg-sunken p-0.5 transition-colors data-checked:border-accent data-checked:bg-accent"
            >
              <Switch.Thumb className="size-4.5 rounded-full bg-line-strong transition-transform data-checked:translate-x-4 data-checked:bg-on-accent" />
            </Switch.Root>
          </label>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
