import { ChevronDown, LoaderCircle, LockKeyhole, Snowflake } from 'lucide-react';
import { lazy } from 'react';
import { useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { headerButton } from './header-button.ts';
import { PopupButton, type PopupProps } from './popup-button.tsx';

const fetchPopup = () => import('./modes-popup.tsx');
const ModesPopup = lazy(async () => ({ default: await fetchPopup().then((module) => module.ModesPopup, () => (_: PopupProps) => null) }));

/** Freeze, and keep everything loaded: each for an hour or until it is ended. Their banners say that they are on. */
export function ModesMenu() {
  const frozen = useDashboard((state) => state.live?.freeze != null);
  const paused = useDashboard((state) => state.live?.pause != null);
  const busy = useDashboard((state) => Boolean(state.pending['mode:freeze'] ?? state.pending['mode:pause']));
  const Icon = paused && !frozen ? LockKeyhole : Snowflake;
  return (
    <PopupButton
      opens="menu"
      popup={(props) => <ModesPopup {...props} />}
      onWanted={() => void fetchPopup()}
      className={`${headerButton} ${frozen || paused ? 'border-transparent! bg-accent-soft! text-accent' : ''}`}
    >
      {busy ? <LoaderCircle className="size-4 animate-spin" aria-hidden="true" /> : <Icon className="size-4" aria-hidden="true" />}
      <span>{text.modes.button}</span>
      <ChevronDown className="hidden size-3.5 text-muted md:inline" aria-hidden="true" />
    </PopupButton>
  );
}
