import { memo, useRef } from 'react';
import { formatBytes } from '../text/format.ts';
import type { InstalledModel } from '../../contract/index.ts';
import { useActions, useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { fitWords } from '../view/fit-words.ts';
import { Button } from './button.tsx';
import { Chip } from './chip.tsx';
import { LoadPanel } from './load-panel.tsx';

const dots = { good: 'bg-good', warn: 'bg-warn', bad: 'bg-other', none: 'bg-accent' } as const;

function details(model: InstalledModel): string {
  const vram = Object.values(model.footprint.vram).reduce((sum, bytes) => sum + bytes, 0);
  return [
    text.installed.takes(formatBytes(model.footprint.ram), vram > 0 ? formatBytes(vram) : null, model.footprintSource),
    text.installed.disk(formatBytes(model.sizeBytes)),
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

function chips(model: InstalledModel): string[] {
  const capabilities = model.capabilities.map((name) => text.capabilities[name] ?? name);
  return [model.parameterSize, model.quantization, ...capabilities].filter((chip) => chip !== null);
}

function Row({ model }: { model: InstalledModel }) {
  // Words and states rather than objects: those are new with every event, and there may be a thousand rows.
  const loaded = useDashboard((state) => state.live?.loaded.find(({ weights }) => weights === model.weights)?.state ?? null);
  const words = useDashboard((state) => fitWords(model, (id) => state.live?.loaded.find((other) => other.id === id)?.name ?? null).words);
  const request = useDashboard((state) => state.requests[model.id]);
  const { askToLoad, closeRequest } = useActions();
  const button = useRef<HTMLButtonElement>(null);

  const inMemory = loaded !== null && loaded !== 'loading' && loaded !== 'reserved';
  const busy = request?.phase === 'planning' || request?.phase === 'loading' || (loaded !== null && !inMemory);
  const { tone } = fitWords(model, () => null);
  const panel = request?.phase === 'preview' || request?.phase === 'refused' ? request : null;
  return (
    <li className="px-4 py-4 [contain-intrinsic-size:auto_76px] [content-visibility:auto] sm:px-5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2.5">
        <div className="min-w-0 flex-[1_1_18rem]">
          <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="min-w-0 font-semibold break-words">{model.name}</span>
            {chips(model).map((chip) => (
              <Chip key={chip}>{chip}</Chip>
            ))}
          </h3>
          <p className="mt-0.5 text-[13px] text-muted">{details(model)}</p>
          {model.sample && <p className="text-[13px] text-muted">{text.installed.sample}</p>}
          {model.problem !== null && (
            <p className="mt-1 text-sm">
              {model.problem.message} {model.problem.hint}
            </p>
          )}
        </div>
        {/* A column of its own where there is room, so that fits can be compared down the list; a line below elsewhere. */}
        <div className="flex min-h-9 grow items-center justify-between gap-4 sm:w-72 sm:grow-0">
          <p className="flex min-w-0 items-baseline gap-2 text-sm">
            <span className={`relative -top-px size-2 shrink-0 rounded-full ${dots[inMemory ? 'none' : tone]}`} aria-hidden="true" />
            <span className="min-w-0">{inMemory ? text.installed.inMemory : busy && loaded !== null ? text.installed.loading : words}</span>
          </p>
          {!inMemory && model.problem === null && (
            <Button
              ref={button}
              look={tone === 'good' ? 'soft' : 'plain'}
              busy={busy}
              aria-label={text.installed.loadNamed(model.name)}
              onClick={() => void askToLoad(model.id)}
            >
              {text.installed.load}
            </Button>
          )}
        </div>
      </div>
      {panel !== null && (
        <LoadPanel
          model={model}
          request={panel}
          onClose={() => {
            closeRequest(model.id);
            button.current?.focus();
          }}
        />
      )}
    </li>
  );
}

export const InstalledRow = memo(Row);
