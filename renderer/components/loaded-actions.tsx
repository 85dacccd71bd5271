import { Pin } from 'lucide-react';
import type { LoadedModel } from '../../contract/index.ts';
import { useActions, useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { unloadOffer } from '../view/unload-offer.ts';
import { Button } from './button.tsx';
import { IdleTimeMenu } from './idle-time-menu.tsx';

const watched = ['keep', 'unload', 'cancel', 'end', 'idle'] as const;

/** Which of a row's actions are on their way. One look at the state for all of them: there are many rows, and a look at each event. */
function usePending(id: string): string[] {
  return useDashboard((state) => watched.filter((action) => state.pending[`${action}:${id}`]).join(' ')).split(' ');
}

/** The buttons of a model in memory: what can be done in its state, no more. */
export function LoadedActions({ model }: { model: LoadedModel }) {
  const { id, name } = model;
  const pending = usePending(id);
  const actions = useActions();

  if (model.state === 'loading' || model.state === 'reserved') {
    return (
      <Button data-action="unload" busy={pending.includes('cancel')} aria-label={text.loaded.cancelNamed(name)} onClick={() => void actions.cancelLoad(id)}>
        {text.loaded.cancel}
      </Button>
    );
  }
  if (model.state === 'stuck') {
    if (!model.canEnd) return null;
    return (
      <Button look="danger" busy={pending.includes('end')} aria-label={text.loaded.endNamed(name)} onClick={() => void actions.endProcess(id)}>
        {text.loaded.end}
      </Button>
    );
  }
  const offer = model.state === 'ready' ? unloadOffer(model) : 'now';
  return (
    <div className="flex flex-wrap gap-1.5">
      {model.state === 'ready' && !model.pinned && <IdleTimeMenu model={model} busy={pending.includes('idle')} />}
      <Button
        data-action="keep"
        aria-pressed={model.pinned}
        aria-label={text.loaded.keepNamed(name)}
        busy={pending.includes('keep')}
        className={model.pinned ? 'border-transparent! bg-accent-soft! text-accent!' : ''}
        onClick={() => void actions.keep(id, !model.pinned)}
      >
        <Pin className="size-4" fill={model.pinned ? 'currentColor' : 'none'} aria-hidden="true" />
        {text.loaded.keep}
      </Button>
      <Button
        data-action="unload"
        busy={pending.includes('unload') || model.state === 'unloading'}
        cannot={offer === 'held' ? text.loaded.unloadHeld : undefined}
        aria-label={offer === 'after' ? text.loaded.unloadAfterNamed(name) : text.loaded.unloadNamed(name)}
        onClick={() => void actions.unload(id, name)}
      >
        {offer === 'after' ? text.loaded.unloadAfter : text.loaded.unload}
      </Button>
    </div>
  );
}
