import { type ComponentProps, type ReactNode, type RefObject, Suspense, useRef, useState } from 'react';

/** What opens beside a button. It comes from a file of its own, fetched when it is wanted for the first time. */
export interface PopupProps {
  anchor: RefObject<HTMLButtonElement | null>;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

interface PopupButtonProps extends ComponentProps<'button'> {
  opens: 'menu' | 'dialog';
  popup: (props: PopupProps) => ReactNode;
  /** Fetches the popup's file in advance. */
  onWanted: () => void;
}

/** A button that opens something. */
export function PopupButton({ opens, popup: popupOf, onWanted, ...rest }: PopupButtonProps) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState(false);
  return (
    <>
      <button
        ref={anchor}
        type="button"
        aria-haspopup={opens}
        aria-expanded={open}
        data-popup-open={open ? '' : undefined}
        onPointerEnter={onWanted}
        onFocus={onWanted}
        onClick={() => {
          setWanted(true);
          setOpen(!open);
        }}
        {...rest}
      />
      {wanted && <Suspense>{popupOf({ anchor, open, onOpenChange: setOpen })}</Suspense>}
    </>
  );
}
