import { Eraser } from 'lucide-react';
import { lazy } from 'react';
import { text } from '../text/text.ts';
import { headerButton } from './header-button.ts';
import { PopupButton, type PopupProps } from './popup-button.tsx';

const fetchPopup = () => import('./free-memory-popup.tsx');
const FreeMemoryPopup = lazy(async () => ({ default: await fetchPopup().then((module) => module.FreeMemoryPopup, () => (_: PopupProps) => null) }));

/** Unloads all that is unused, and keeps programs from loading it again at once. Says so before it does. */
export function FreeMemory() {
  return (
    <PopupButton
      opens="dialog"
      popup={(props) => <FreeMemoryPopup {...props} />}
      onWanted={() => void fetchPopup()}
      className={headerButton}
    >
      <Eraser className="size-4" aria-hidden="true" />
      <span>{text.freeMemory.button}</span>
    </PopupButton>
  );
}
