import { Pin } from 'lucide-react';
import type { LoadedModel } from '../../contract/index.ts';
import { useActions, useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { Button } from './button.tsx';
import { IdleTimeMenu } from './idle-time-menu.tsx';

/** The buttons of a model in memory: what can be done in its state, no more. */
export function LoadedActions({ model }: { model: LoadedModel }) {
  const { id, name } = model;
  const keeping = useDashboard((state) => state.pending[`keep:${id}`] ?? false);
  const unloading = useDashboard((state) => state.pending[`unload:${id}`] ?? false);
  const cancelling = useDashboard((state) => state.pending[`cancel:${id}`] ?? false);
  const ending = useDashboard((state) => state.pending[`end:${id}`] ?? false);
  const actions = useActions();

  if (model.state === 'loading' || model.state === 'reserved') {
    return (
      <Button data-action="unload" busy={cancelling} aria-label={text.loaded.cancelNamed(name)} onClick={() => void actions.cancelLoad(id)}>
        {text.loaded.cancel}
      </Button>
    );
  }
  if (model.state === 'stuck') {
    if (!model.canEnd) return null;
    return (
      <Button look="danger" busy={ending} aria-label={text.loaded.endNamed(name)} onClick={() => void actions.endProcess(id)}>
        {text.loaded.end}
      </Button>
    );
  }
  return (
    <div className="flex flex-wrap gap-1.5">
      {model.state === 'ready' && !model.pinned && <IdleTimeMenu model={model} />}
      <Button
        data-action="keep"
        aria-pressed={model.pinned}
        aria-label={text.loaded.keepNamed(name)}
        busy={keeping}
        className={model.pinned ? 'border-transparent! bg-accent-soft! text-accent!' : ''}
        onClick={() => void actions.keep(id, !model.pinned)}
      >
        <Pin className="size-4" fill={model.pinned ? 'currentColor' : 'none'} aria-hidden="true" />
        {text.loaded.keep}
      </Button>
      <Button
        data-action="unload"
        busy={unloading || model.state === 'unloading'}
        aria-label={text.loaded.unloadNamed(name)}
        onClick={() => void actions.unload(id, name)}
      >
        {text.loaded.unload}
      </Button>
    </div>
  );
}
