import { Cpu } from 'lucide-react';
import { memo } from 'react';
import type { LoadedModel } from '../../contract/index.ts';
import { useActions, useDashboard } from '../store/dashboard.tsx';
import type { Row } from '../store/rows.ts';
import { formatBytes } from '../text/format.ts';
import { text } from '../text/text.ts';
import { loadedDetails } from '../view/loaded-details.ts';
import { rowId } from '../view/show-model.ts';
import { Button } from './button.tsx';
import { LoadedActions } from './loaded-actions.tsx';
import { LoadedStatusLine } from './loaded-status-line.tsx';
import { ProgressBar } from './progress-bar.tsx';
import { Refusal } from './refusal.tsx';
import { Swatch } from './swatch.tsx';

const confirmable = new Set(['pinned', 'frozen']);

const refusable = ['unload', 'keep', 'idle', 'cancel', 'end'] as const;

/** A yes after all: it is the person's own wish that stands in the way. */
function UnloadAnyway({ id, name }: { id: string; name: string }) {
  const mayConfirm = useDashboard((state) => confirmable.has(state.refusals[`unload:${id}`]?.code ?? ''));
  const { unload } = useActions();
  return (
    mayConfirm && (
      <Button look="danger" onClick={() => void unload(id, name, true)}>
        {text.loaded.unloadAnyway}
      </Button>
    )
  );
}

/** Why something that was asked for this model was not done. One look at the state for all that could be. */
function RowRefusals({ model: { id, name } }: { model: LoadedModel }) {
  const keys = useDashboard((state) => refusable.filter((action) => state.refusals[`${action}:${id}`] !== undefined).join(' '));
  if (keys === '') return null;
  return keys.split(' ').map((action) => (
    <Refusal key={action} action={`${action}:${id}`}>
      {action === 'unload' && <UnloadAnyway id={id} name={name} />}
    </Refusal>
  ));
}

interface LoadedRowProps {
  row: Row;
  colour: string;
  /** The name of what runs it. */
  provider: string;
}

/** A model in memory. Drawn anew when something about it changes, not with every event. */
export const LoadedRow = memo(function LoadedRow({ row, colour, provider }: LoadedRowProps) {
  const { model } = row;
  const { id } = model;
  const booked = model.state === 'loading' || model.state === 'reserved';
  return (
    <li id={rowId(id)} data-row={id} data-model={id} tabIndex={-1} className="px-4 py-3.5 outline-offset-[-2px] first:rounded-t-2xl last:rounded-b-2xl sm:px-5 sm:py-4">
      <div className="grid grid-cols-[minmax(0,1fr)] items-center gap-x-6 gap-y-1 sm:gap-y-2 lg:flex">
        <div className="min-w-0 lg:flex-[1_1_16rem]">
          <div className="flex items-baseline gap-2.5">
            <Swatch kind={booked ? 'booked' : model.state === 'unloading' ? 'leaving' : 'model'} colour={colour} />
            <h3 className="min-w-0 font-semibold wrap-anywhere">{model.name}</h3>
            <span className="shrink-0 whitespace-nowrap">{formatBytes(model.ramUsed)}</span>
          </div>
          <p className="mt-0.5 hidden text-[13px] break-words text-muted sm:block">{loadedDetails(model, provider)}</p>
        </div>
        <div className="flex min-w-0 flex-wrap items-center justify-between gap-x-4 gap-y-1.5 lg:flex-nowrap">
          <LoadedStatusLine row={row} provider={provider} />
          {/* As wide in every state where there is room, so that the states stand below each other. */}
          <div className="flex lg:w-74 lg:justify-end">
            <LoadedActions model={model} />
          </div>
        </div>
      </div>
      {model.state === 'loading' && (
        <div className="mt-3">
          <ProgressBar value={model.progress} label={text.loaded.progress(model.name)} colour={colour} />
        </div>
      )}
      {model.cpuSinceWake && (
        <p className="mt-2 flex gap-2 text-sm text-warn">
          <Cpu className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
          {text.loaded.cpuSinceWake}
        </p>
      )}
      <RowRefusals model={model} />
    </li>
  );
});
