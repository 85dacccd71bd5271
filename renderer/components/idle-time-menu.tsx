import { Timer } from 'lucide-react';
import { lazy } from 'react';
import type { LoadedModel } from '../../contract/index.ts';
import { text } from '../text/text.ts';
import { PopupButton, type PopupProps } from './popup-button.tsx';
import { Spinner } from './spinner.tsx';

const fetchPopup = () => import('./idle-time-popup.tsx');
const IdleTimePopup = lazy(async () => ({
  default: await fetchPopup().then((module) => module.IdleTimePopup, () => (_: PopupProps & { model: LoadedModel }) => null),
}));

/** How long one model may be unused before it is unloaded: the person's own choice for it, or what counts for all. */
export function IdleTimeMenu({ model, busy }: { model: LoadedModel; busy: boolean }) {
  const seconds = model.autoIdle ? 'auto' : model.idleTimeoutMs === null ? null : model.idleTimeoutMs / 1_000;
  return (
    <PopupButton
      opens="menu"
      popup={(props) => <IdleTimePopup model={model} {...props} />}
      onWanted={() => void fetchPopup()}
      aria-disabled={busy || undefined}
      aria-label={text.idleTime.named(model.name, seconds)}
      title={text.idleTime.title}
      className="-ml-2 inline-flex h-9 min-w-9 items-center justify-center gap-1.5 rounded-lg border border-transparent px-2 text-sm whitespace-nowrap text-muted transition-colors hover:bg-sunken hover:text-ink data-popup-open:bg-sunken sm:ml-0"
    >
      {busy ? <Spinner /> : <Timer className="size-4" aria-hidden="true" />}
      {text.idleTime.short(seconds)}
    </PopupButton>
  );
}
