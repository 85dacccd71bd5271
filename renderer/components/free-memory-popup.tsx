import { Popover } from '@base-ui/react/popover';
import { useMemo } from 'react';
import { useActions, useDashboard } from '../store/dashboard.tsx';
import { formatBytes } from '../text/format.ts';
import { text } from '../text/text.ts';
import { isUnused } from '../view/is-unused.ts';
import { popupPlace } from '../view/popup-place.ts';
import { Button } from './button.tsx';
import { headerPopup } from './header-button.ts';
import type { PopupProps } from './popup-button.tsx';
import { Refusal } from './refusal.tsx';

export function FreeMemoryPopup({ anchor, open, onOpenChange }: PopupProps) {
  const rows = useDashboard((state) => state.rows);
  const busy = useDashboard((state) => state.pending.freeMemory ?? false);
  const { freeMemory } = useActions();
  const unused = useMemo(() => Object.values(rows).flatMap(({ model }) => (isUnused(model) ? [model] : [])), [rows]);
  const freed = unused.reduce((sum, model) => sum + model.ramUsed, 0);
  return (
    <Popover.Root
      open={open}
      onOpenChange={(next, { event }) => {
        // A press on the button is for the button to answer, which closes what is open.
        if (next || !anchor.current?.contains(event.target as Node)) onOpenChange(next);
      }}
    >
      <Popover.Portal container={popupPlace()}>
        <Popover.Positioner anchor={anchor} sideOffset={8} align="end" collisionPadding={12} className="z-20">
          <Popover.Popup finalFocus={anchor} className={`${headerPopup} w-80 max-w-[calc(100vw-24px)] p-4`}>
            <Popover.Title className="font-semibold">{text.freeMemory.title}</Popover.Title>
            <Popover.Description className="mt-1 text-sm text-muted">
              {text.freeMemory.explain(unused.map(({ name }) => name), formatBytes(freed))}
            </Popover.Description>
            <Button
              look="primary"
              busy={busy}
              className="mt-4 w-full"
              onClick={() => {
                void freeMemory().then((done) => {
                  if (done) onOpenChange(false);
                });
              }}
            >
              {text.freeMemory.confirm}
            </Button>
            <Refusal action="freeMemory" />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
