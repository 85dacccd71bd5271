import { Collapsible } from '@base-ui/react/collapsible';
import { ChevronDown } from 'lucide-react';
import { Fragment, memo, useRef } from 'react';
import type { InstalledModel } from '../../../contract/index.ts';
import { formatBytes } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import type { FitWords } from '../../view/fit-words.ts';
import type { InstalledStatus } from '../../view/installed-status.ts';
import { sameData } from '../../view/same-data.ts';
import type { ModelDoing } from '../../view/model-doing.ts';
import type { UnloadRemedy } from '../../view/unload-remedy.ts';
import { Chip } from '../chip.tsx';
import { ProblemText } from '../problem-text.tsx';
import { Refusal } from '../refusal.tsx';
import { InstalledAction } from './installed-action.tsx';
import { InstalledDetails } from './installed-details.tsx';
import { InstalledState } from './installed-state.tsx';
import { KeepToggle } from './keep-toggle.tsx';
import { LastUnload } from './last-unload.tsx';
import { LoadPanel } from './load-panel.tsx';
import { UnloadRefusal } from './unload-refusal.tsx';

export interface InstalledRowProps {
  model: InstalledModel;
  status: InstalledStatus;
  fit: FitWords;
  /** The name of where it comes from. */
  source: string;
  /** Why it is not in memory any more, in words; null: nothing to say about that. */
  left: string | null;
  /** kept-while-room: the remedy was used. */
  remedy: UnloadRemedy | 'kept-while-room';
  doing: ModelDoing;
  /** The person was led here. */
  marked: boolean;
  onInstead: (id: string) => void;
}

function sameButFit(a: InstalledModel, b: InstalledModel): boolean {
  if (a === b) return true;
  return (Object.keys(a) as (keyof InstalledModel)[]).every((key) => key === 'fit' || sameData(a[key], b[key]));
}

/** There is something of it to load, or to keep. */
const isLoadable = ({ online, fit }: InstalledModel) => online === undefined && fit.kind !== 'served';

function Facts({ model }: { model: InstalledModel }) {
  if (!isLoadable(model)) return model.contextLength === null ? null : <p className="mt-0.5 text-[13px] text-muted">{text.installed.context(model.contextLength)}</p>;
  const vram = Object.values(model.footprint.vram).reduce((sum, bytes) => sum + bytes, 0);
  const facts = [
    text.installed.takes(formatBytes(model.footprint.ram), vram > 0 ? formatBytes(vram) : null, model.footprintSource),
    text.installed.disk(formatBytes(model.sizeBytes)),
    model.contextLength === null ? null : text.installed.context(model.contextLength),
  ].filter((fact) => fact !== null);
  return (
    <p className="mt-0.5 text-[13px] text-muted">
      {facts.map((fact, index) => (
        <Fragment key={fact}>
          {index > 0 && ' · '}
          <span className="inline-block">{fact}</span>
        </Fragment>
      ))}
    </p>
  );
}

function Chips({ model }: { model: InstalledModel }) {
  const chips = [model.parameterSize, model.quantization, ...model.capabilities.map((name) => text.capabilities[name] ?? name)];
  return [...new Set(chips)].map((chip) => chip !== null && <Chip key={chip}>{chip}</Chip>);
}

/** What a model is, whatever fits at present. */
const About = memo(
  function About({ model, source, out }: { model: InstalledModel; source: string; out: boolean }) {
    return (
      <div className="min-w-0 flex-[1_1_17rem]">
        <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className={`min-w-0 font-semibold [overflow-wrap:anywhere] ${out ? 'text-muted' : ''}`}>{model.name}</span>
          {model.online && <Chip look="strong">{text.installed.online}</Chip>}
          <Chips model={model} />
        </h3>
        <Facts model={model} />
        {model.online && <p className="text-[13px] text-muted">{text.installed.onlineMeaning(source)}</p>}
        {model.sample && <p className="text-[13px] text-muted">{text.installed.sample}</p>}
      </div>
    );
  },
  (before, next) => before.out === next.out && before.source === next.source && isLoadable(before.model) === isLoadable(next.model) && sameButFit(before.model, next.model),
);

const DetailsButton = memo(function DetailsButton({ name }: { name: string }) {
  return (
    <Collapsible.Trigger
      aria-label={text.installed.detailsNamed(name)}
      title={text.installed.details}
      className="group grid size-9 shrink-0 place-items-center rounded-lg text-muted hover:bg-sunken hover:text-ink"
    >
      <ChevronDown className="size-4 transition-transform group-data-panel-open:rotate-180" aria-hidden="true" />
    </Collapsible.Trigger>
  );
});

const Details = memo(
  function Details({ model, source }: { model: InstalledModel; source: string }) {
    return (
      <Collapsible.Panel className="h-(--collapsible-panel-height) overflow-hidden transition-[height] duration-150 data-ending-style:h-0 data-starting-style:h-0">
        <InstalledDetails model={model} source={source} />
      </Collapsible.Panel>
    );
  },
  (before, next) => before.source === next.source && sameButFit(before.model, next.model),
);

/** In pieces that are drawn anew on their own: what fits changes often, with the free memory, and the rest of a row seldom. */
function Row({ model, status, fit, source, left, remedy, doing, marked, onInstead }: InstalledRowProps) {
  const button = useRef<HTMLButtonElement>(null);
  const out = status === 'absent' || status === 'unavailable' || status === 'off';
  return (
    <Collapsible.Root
      render={<li />}
      data-model={model.id}
      data-row={model.id}
      tabIndex={-1}
      className={`px-4 py-3.5 outline-offset-[-2px] [contain-intrinsic-size:auto_130px] md:[contain-intrinsic-size:auto_76px] [content-visibility:auto] sm:px-5 ${marked ? 'bg-accent-soft/60' : ''}`}
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <About model={model} source={source} out={out} />
        {/* A column of its own where there is room, so that fits can be compared down the list; a line below elsewhere. */}
        <div className="flex min-h-9 grow flex-wrap items-center gap-x-3 gap-y-1.5 md:w-88 md:grow-0 md:flex-nowrap">
          <InstalledState model={model} status={status} fit={fit} />
          <div className="flex shrink-0 items-center gap-1">
            {isLoadable(model) && (
              <InstalledAction ref={button} id={model.id} name={model.name} status={status} strong={fit.tone === 'good'} again={remedy === 'load-again'} doing={doing} />
            )}
            {((isLoadable(model) && status !== 'broken') || model.pinned) && <KeepToggle id={model.id} name={model.name} pinned={model.pinned} busy={doing.pending.includes('keep')} />}
            <DetailsButton name={model.name} />
          </div>
        </div>
      </div>
      {model.problem !== null && (
        <div className="mt-2 text-sm">
          <ProblemText problem={model.problem} />
        </div>
      )}
      {left !== null && <LastUnload id={model.id} name={model.name} words={left} remedy={remedy} doing={doing} />}
      <Details model={model} source={source} />
      {doing.answered && (
        <>
          <LoadPanel id={model.id} name={model.name} button={button} onInstead={onInstead} />
          <UnloadRefusal id={model.id} name={model.name} />
          <Refusal action={`cancel:${model.id}`} />
          <Refusal action={`keep:${model.id}`} />
          <Refusal action={`idle:${model.id}`} />
        </>
      )}
    </Collapsible.Root>
  );
}

/**
 * A row is drawn anew only if something in it reads differently: there may be hundreds, and the engine sends all of them as
 * soon as the free memory changes. Bytes of the fit are left out, because the row shows them as words.
 */
function sameRow(a: InstalledRowProps, b: InstalledRowProps): boolean {
  return (
    a.fit.words === b.fit.words &&
    a.fit.tone === b.fit.tone &&
    a.status === b.status &&
    a.left === b.left &&
    a.remedy === b.remedy &&
    a.marked === b.marked &&
    a.source === b.source &&
    a.onInstead === b.onInstead &&
    sameData(a.doing, b.doing) &&
    sameButFit(a.model, b.model)
  );
}

export const InstalledRow = memo(Row, sameRow);
