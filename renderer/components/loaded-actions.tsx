import { Pin } from 'lucide-react';
import type { LoadedModel } from '../../contract/index.ts';
import { useActions, useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { Button } from './button.tsx';

/** The buttons of a model in memory: what can be done in its state, no more. */
export function LoadedActions({ model }: { model: LoadedModel }) {
  const pending = useDashboard((state) => state.pending);
  const actions = useActions();
  const { id, name } = model;
  const isPending = (what: string) => pending[`${what}:${id}`] ?? false;

  if (model.state === 'loading' || model.state === 'reserved') {
    return (
      <Button busy={isPending('cancel')} aria-label={text.loaded.cancelNamed(name)} onClick={() => void actions.cancelLoad(id)}>
        {text.loaded.cancel}
      </Button>
    );
  }
  if (model.state === 'stuck') {
    if (!model.canEnd) return null;
    return (
      <Button look="danger" busy={isPending('end')} aria-label={text.loaded.endNamed(name)} onClick={() => void actions.endProcess(id)}>
        {text.loaded.end}
      </Button>
    );
  }
  return (
    <div className="flex gap-2">
      <Button
        aria-pressed={model.pinned}
        aria-label={text.loaded.keepNamed(name)}
        busy={isPending('keep')}
        className={model.pinned ? 'border-transparent! bg-accent-soft! text-accent!' : ''}
        onClick={() => void actions.keep(id, !model.pinned)}
      >
        <Pin className="size-4" fill={model.pinned ? 'currentColor' : 'none'} aria-hidden="true" />
        {text.loaded.keep}
      </Button>
      <Button
        data-action="unload"
        busy={isPending('unload') || model.state === 'unloading'}
        aria-label={text.loaded.unloadNamed(name)}
        onClick={() => void actions.unload(id, name)}
      >
        {text.loaded.unload}
      </Button>
    </div>
  );
}
