import { formatBytes } from '../text/format.ts';
import type { LoadedModel } from '../../contract/index.ts';
import { useActions, useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { colourOf } from '../view/colours.ts';
import { rowId } from '../view/show-model.ts';
import { Button } from './button.tsx';
import { LoadedActions } from './loaded-actions.tsx';
import { LoadedStatusLine } from './loaded-status-line.tsx';
import { ProgressBar } from './progress-bar.tsx';
import { Refusal } from './refusal.tsx';
import { Swatch } from './swatch.tsx';

const confirmable = new Set(['pinned', 'frozen']);

function details(model: LoadedModel, providerLabel: string): string {
  const vram = Object.values(model.footprint.vram).reduce((sum, bytes) => sum + bytes, 0);
  const loadedBy = model.foreign ? (model.loadedBy === null ? text.loaded.byAnother : text.loaded.by(model.loadedBy)) : null;
  return [
    text.loaded.size(formatBytes(model.ramUsed), vram > 0 ? formatBytes(vram) : null, model.footprintSource),
    // A size on the GPU says where it runs already.
    vram > 0 ? null : text.loaded.device(model.device),
    model.contextLength === null ? null : text.loaded.context(model.contextLength),
    providerLabel,
    loadedBy,
    model.aliases.length > 0 ? text.loaded.also(model.aliases) : null,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

export function LoadedRow({ model, readAt }: { model: LoadedModel; readAt: number }) {
  const colour = useDashboard((state) => colourOf(state.colours, model.id));
  const provider = useDashboard((state) => state.live?.providers.find(({ id }) => id === model.provider)?.label ?? model.provider);
  const refusal = useDashboard((state) => state.refusals[`unload:${model.id}`]);
  const { unload } = useActions();
  const kind = model.state === 'loading' || model.state === 'reserved' ? 'booked' : model.state === 'unloading' ? 'leaving' : 'model';
  return (
    <li id={rowId(model.id)} data-row={model.id} tabIndex={-1} className="px-4 py-4 outline-offset-[-2px] sm:px-5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <div className="min-w-0 flex-[1_1_20rem]">
          <h3 className="flex items-center gap-2.5 font-semibold">
            <Swatch kind={kind} colour={colour} />
            <span className="min-w-0 break-words">{model.name}</span>
          </h3>
          <p className="mt-0.5 text-[13px] text-muted">{details(model, provider)}</p>
          <LoadedStatusLine model={model} provider={provider} readAt={readAt} />
        </div>
        <LoadedActions model={model} />
      </div>
      {model.state === 'loading' && (
        <div className="mt-3">
          <ProgressBar value={model.progress} label={text.loaded.progress(model.name)} colour={colour} />
        </div>
      )}
      <Refusal action={`unload:${model.id}`}>
        {refusal !== undefined && confirmable.has(refusal.code) && (
          <Button look="danger" onClick={() => void unload(model.id, model.name, true)}>
            {text.loaded.unloadAnyway}
          </Button>
        )}
      </Refusal>
      <Refusal action={`keep:${model.id}`} />
      <Refusal action={`cancel:${model.id}`} />
      <Refusal action={`end:${model.id}`} />
    </li>
  );
}
