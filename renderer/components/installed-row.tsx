import { useRef } from 'react';
import { formatBytes } from '../../contract/format.ts';
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
    text.installed.ram(formatBytes(model.footprint.ram), model.footprintSource),
    vram > 0 ? text.installed.vram(formatBytes(vram)) : null,
    text.installed.disk(formatBytes(model.sizeBytes)),
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

function chips(model: InstalledModel): string[] {
  const capabilities = model.capabilities.map((name) => text.capabilities[name] ?? name);
  return [model.parameterSize, model.quantization, ...capabilities].filter((chip) => chip !== null);
}

export function InstalledRow({ model }: { model: InstalledModel }) {
  const loaded = useDashboard((state) => state.live?.loaded.find(({ weights }) => weights === model.weights) ?? null);
  const names = useDashboard((state) => state.live?.loaded);
  const request = useDashboard((state) => state.requests[model.id]);
  const { askToLoad, closeRequest } = useActions();
  const button = useRef<HTMLButtonElement>(null);

  const inMemory = loaded !== null && loaded.state !== 'loading' && loaded.state !== 'reserved';
  const busy = request?.phase === 'planning' || request?.phase === 'loading' || (loaded !== null && !inMemory);
  const fit = fitWords(model, (id) => names?.find((other) => other.id === id)?.name ?? null);
  const panel = request?.phase === 'preview' || request?.phase === 'refused' ? request : null;
  return (
    <li className="px-4 py-4 sm:px-5">
      <div className="flex items-start gap-4">
        <div className="min-w-0 grow">
          <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="min-w-0 font-semibold break-words">{model.name}</span>
            {chips(model).map((chip) => (
              <Chip key={chip}>{chip}</Chip>
            ))}
          </h3>
          <p className="mt-0.5 text-[13px] text-muted">{details(model)}</p>
          {model.sample && <p className="text-[13px] text-muted">{text.installed.sample}</p>}
          <p className="mt-1.5 flex items-baseline gap-2 text-sm">
            <span className={`relative -top-px size-2 shrink-0 rounded-full ${dots[inMemory ? 'none' : fit.tone]}`} aria-hidden="true" />
            <span>{inMemory ? text.installed.inMemory : busy && loaded !== null ? text.installed.loading : fit.words}</span>
          </p>
          {model.problem !== null && (
            <p className="mt-1 text-sm text-muted">
              {model.problem.message} {model.problem.hint}
            </p>
          )}
        </div>
        {!inMemory && model.problem === null && (
          <Button
            ref={button}
            look={fit.tone === 'good' ? 'primary' : 'plain'}
            busy={busy}
            aria-label={text.installed.loadNamed(model.name)}
            onClick={() => void askToLoad(model.id)}
          >
            {text.installed.load}
          </Button>
        )}
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
