import { Plug } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { AppsDialogProps } from './apps-dialog.tsx';
import { Button, type ButtonProps } from './button.tsx';

const fetchDialog = () => import('./apps-dialog.tsx');
const AppsDialog = lazy(async () => ({ default: await fetchDialog().then((module) => module.AppsDialog, () => (_: AppsDialogProps) => null) }));

/** Tells how to use Airdock from other programs. `narrow`: a sign alone where the screen is. */
export function AppsButton({ label, look = 'plain', narrow = false }: { label: string; look?: NonNullable<ButtonProps['look']>; narrow?: boolean }) {
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState(false);
  const show = () => {
    setWanted(true);
    setOpen(true);
  };
  return (
    <>
      <Button look={look} aria-haspopup="dialog" aria-label={label} title={narrow ? label : undefined} onPointerEnter={() => void fetchDialog()} onFocus={() => void fetchDialog()} onClick={show}>
        <Plug className="size-4" aria-hidden="true" />
        <span className={narrow ? 'hidden sm:inline' : ''}>{label}</span>
      </Button>
      {wanted && (
        <Suspense>
          <AppsDialog open={open} onOpenChange={setOpen} />
        </Suspense>
      )}
    </>
  );
}
