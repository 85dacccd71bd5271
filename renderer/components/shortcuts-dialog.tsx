import { Switch } from '@base-ui/react/switch';
import { Fragment } from 'react';
import { text } from '../text/text.ts';
import { shortcutList } from '../view/shortcuts.ts';
import { DialogFrame } from './dialog-frame.tsx';

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
    <DialogFrame open={open} onOpenChange={onOpenChange} title={text.shortcuts.title} close={text.shortcuts.close} width="w-104">
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
    </DialogFrame>
  );
}
