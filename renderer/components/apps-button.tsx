import { Plug } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { AppsDialogProps } from './apps-dialog.tsx';
import { Button, type ButtonProps } from './button.tsx';

const fetchDialog = () => import('./apps-dialog.tsx');
const AppsDialog = lazy(async () => ({ default: await fetchDialog().then((module) => module.AppsDialog, () => (_: AppsDialogProps) => null) }));

/** Tells how to use Airdock from other programs. */
export function AppsButton({ label, look = 'plain' }: { label: string; look?: NonNullable<ButtonProps['look']> }) {
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState(false);
  const show = () => {
    setWanted(true);
    setOpen(true);
  };
  return (
    <>
      <Button look={look} aria-haspopup="dialog" onPointerEnter={() => void fetchDialog()} onFocus={() => void fetchDialog()} onClick={show}>
        <Plug className="size-4" aria-hidden="true" />
        {label}
      </Button>
      {wanted && (
        <Suspense>
          <AppsDialog open={open} onOpenChange={setOpen} />
        </Suspense>
      )}
    </>
  );
}
