import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';

interface DialogFrameProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** The name of the button that closes it. */
  close: string;
  width: 'w-104' | 'w-128';
  children: ReactNode;
}

/** A dialog in the middle of the page: its title, what closes it, and what it is about. */
export function DialogFrame({ open, onOpenChange, title, close, width, children }: DialogFrameProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-30 bg-scrim transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Dialog.Popup className={`fixed top-1/2 left-1/2 z-30 max-h-[calc(100dvh-32px)] ${width} max-w-[calc(100vw-32px)] -translate-1/2 overflow-y-auto rounded-2xl border border-line bg-surface p-5 shadow-xl outline-none sm:p-6`}>
          <div className="flex items-start justify-between gap-4">
            <Dialog.Title className="py-1 text-lg font-semibold text-balance">{title}</Dialog.Title>
            <Dialog.Close aria-label={close} className="grid size-9 shrink-0 place-items-center rounded-lg text-muted hover:bg-sunken hover:text-ink">
              <X className="size-5" aria-hidden="true" />
            </Dialog.Close>
          </div>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
