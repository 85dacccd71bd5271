import { type Ref, useRef } from 'react';
import type { FileGroup as Group, InstalledModel, ModelTask, Recommendation } from '../../../contract/index.ts';
import { useActions, useDashboard, useNavigation } from '../../store/dashboard.tsx';
import { useFilesText } from '../../text/files.ts';
import { text } from '../../text/text.ts';
import { noteOf } from '../../view/file-notes.ts';
import { statusWords } from '../../view/fit-words.ts';
import { installedStatus, standing, type Standing as Stands } from '../../view/installed-status.ts';
import { Button } from '../button.tsx';
import { Chip } from '../chip.tsx';
import { InstalledState } from '../models/installed-state.tsx';
import { LoadPanel } from '../models/load-panel.tsx';
import { Refusal } from '../refusal.tsx';
import { shownNames } from './shown-names.ts';

interface FileGroupProps {
  group: Group;
  /** Of all files that were asked about. */
  names: readonly string[];
  recommendations: readonly Recommendation[];
}

/** Files that are best given to one model: which, why, whether it fits, and the button that loads it. */
export function FileGroup({ group, names, recommendations }: FileGroupProps) {
  const words = useFilesText();
  const model = useDashboard((state) => state.models.find(({ id }) => id === group.id));
  const button = useRef<HTMLButtonElement>(null);
  const { show } = useNavigation();
  const { askToLoad } = useActions();
  /** Another model in its place: shown where all are. */
  function loadInstead(id: string) {
    show({ page: 'models', activity: null, model: id });
    void askToLoad(id);
  }
  const own = group.files.map((index) => names[index] ?? '');
  const said = group.files.flatMap((index) => recommendations[index] ?? []);
  const whatFor = (task: ModelTask, chosen: Recommendation['model']): string => (chosen?.madeFor === undefined ? words.does[task] : words.madeFor[chosen.madeFor]);
  const does = [...new Set(said.map(({ task, chosenBy, model }) => (chosenBy === 'settings' ? words.bySettings : task === null ? '' : chosenBy === 'model' ? words.byModel(whatFor(task, model)) : whatFor(task, model))))].filter(Boolean);
  // "Sees pictures" is said by "Sees pictures, so it can read pages" too.
  const reasons = does.filter((one) => !does.some((other) => other !== one && other.startsWith(one)));
  const notes = notesOf(said, own);
  const others = [...new Set(said.flatMap(({ alternatives }) => alternatives.map(({ name }) => name)))].filter((name) => name !== group.name).slice(0, 3);
  return (
    <li data-file-group={group.id} className="px-4 py-3.5 sm:px-5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-[1_1_17rem]">
          <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="min-w-0 font-semibold wrap-anywhere">{group.name}</span>
            {model?.online && <Chip look="strong">{text.installed.online}</Chip>}
          </h3>
          <p className="text-sm wrap-anywhere">{shownNames(words, own)}</p>
          <p className="mt-0.5 text-[13px] text-muted">
            {reasons.join(' · ')}
            {group.contextLength !== null && `, ${words.context(group.contextLength)}`}
          </p>
          {[...notes].map(([sentence, { about, unheeded }]) => {
            const note = noteOf(sentence);
            const told = note !== null ? words.notes[note] : unheeded ? words.unheeded[unheeded.why](unheeded.model, unheeded.key) : null;
            return (
              <p key={sentence} lang={told === null ? 'en' : undefined} className="text-[13px] text-muted wrap-anywhere">
                {about.length === own.length ? (told ?? sentence) : words.about(shownNames(words, about), told ?? sentence)}
              </p>
            );
          })}
          {others.length > 0 && <p className="text-[13px] text-muted wrap-anywhere">{words.or(others)}</p>}
        </div>
        {model !== undefined && <Standing button={button} model={model} contextLength={group.contextLength} />}
      </div>
      {model !== undefined && (
        <>
          <LoadPanel forFiles id={model.id} name={model.name} button={button} onInstead={loadInstead} />
          <Refusal action={`cancel:${model.id}`} />
        </>
      )}
    </li>
  );
}

/** What the engine adds, each sentence once, and for which of the files. */
function notesOf(said: readonly Recommendation[], names: readonly string[]): Map<string, { about: string[]; unheeded: Recommendation['unheeded'] }> {
  const notes = new Map<string, { about: string[]; unheeded: Recommendation['unheeded'] }>();
  said.forEach(({ notes: sentences, unheeded }, index) => sentences.forEach((sentence) => notes.set(sentence, { about: [...(notes.get(sentence)?.about ?? []), names[index] ?? ''], unheeded })));
  return notes;
}

/** How the model stands now, which may be otherwise than when it was asked about, and what can be done. */
function Standing({ button, model, contextLength }: { button: Ref<HTMLButtonElement>; model: InstalledModel; contextLength: number | null }) {
  const words = useFilesText();
  const { id, name } = model;
  const { askToLoad, cancelLoad } = useActions();
  const stands = useDashboard((state) => standing(state.live));
  const models = useDashboard((state) => state.models);
  const limit = useDashboard((state) => state.live?.limit ?? 0);
  const asking = useDashboard((state) => state.requests[id]?.phase === 'planning' || state.requests[id]?.phase === 'loading');
  const cancelling = useDashboard((state) => state.pending[`cancel:${id}`] ?? false);
  const has = useDashboard((state) => state.live?.loaded.find(({ weights }) => weights === model.weights)?.contextLength ?? null);

  const told = JSON.parse(stands) as Stands;
  const status = installedStatus(model, told);
  const fit = statusWords(model, status, told.sources?.[model.provider]?.[0] ?? model.provider, { nameOf: (other) => models.find((one) => one.id === other)?.name ?? null, limit });
  const loadable = model.online === undefined && model.fit.kind !== 'served';
  const tooShort = status === 'ready' && contextLength !== null && has !== null && has < contextLength;
  const load = () => void askToLoad(id, { forFiles: true, ...(contextLength === null ? {} : { contextLength }) });
  return (
    <div className="flex min-h-9 grow items-center gap-3 md:w-88 md:grow-0">
      <InstalledState model={model} status={status} fit={fit} />
      {loadable && (status === 'none' || tooShort) && (
        <Button ref={button} look={fit.tone === 'good' ? 'soft' : 'plain'} busy={asking} aria-label={tooShort ? words.loadMoreNamed(name) : text.installed.loadNamed(name)} onClick={load}>
          {tooShort ? words.loadMore : text.installed.load}
        </Button>
      )}
      {(status === 'reserved' || status === 'loading') && (
        <Button ref={button} busy={cancelling} aria-label={text.installed.cancelNamed(name)} onClick={() => void cancelLoad(id)}>
          {text.installed.cancel}
        </Button>
      )}
    </div>
  );
}
