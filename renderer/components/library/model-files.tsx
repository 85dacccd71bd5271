import { useEffect, useState } from 'react';
import type { InstalledModel, ModelDetails } from '../../../contract/index.ts';
import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { formatBytes } from '../../text/format.ts';
import { useLibraryText } from '../../text/library.ts';
import { ago } from '../../view/ago.ts';
import { useMinute } from '../../view/use-minute.ts';
import { Fact } from '../models/fact.tsx';
import { DeleteModel } from './delete-model.tsx';
import { UpdateCheck } from './update-check.tsx';

/** What the files of a model tell, and the way to be rid of them: asked for when somebody looks. */
export function ModelFiles({ model }: { model: InstalledModel }) {
  const words = useLibraryText();
  const { run, dismissRefusal } = useActions();
  const inMemory = useDashboard((state) => state.live?.loaded.some(({ weights }) => weights === model.weights) ?? false);
  const [details, setDetails] = useState<ModelDetails | null>(null);
  const now = useMinute();
  const { id } = model;
  useEffect(() => {
    let unwanted = false;
    void run(`details:${id}`, 'modelDetails', { model: id }).then((result) => {
      if (!unwanted && result.ok && result.output.ok) setDetails(result.output.value);
    });
    return () => {
      unwanted = true;
      dismissRefusal(`details:${id}`);
    };
  }, [run, dismissRefusal, id]);
  if (details === null) return null;

  const { architecture, kvBytesPerToken, contexts, files, projector, deletable, folder, lastUsed } = details;
  return (
    <div className="mt-4">
      <dl className="grid grid-cols-[repeat(auto-fill,minmax(13rem,1fr))] gap-x-6 gap-y-3">
        {architecture !== null && architecture !== model.family && <Fact name={words.details.architecture}>{architecture}</Fact>}
        {kvBytesPerToken !== null && <Fact name={words.details.perToken}>{formatBytes(kvBytesPerToken * 1000)}</Fact>}
        {projector !== null && (
          <Fact name={words.details.projector}>
            {projector.path} ({formatBytes(projector.bytes)})
          </Fact>
        )}
        <Fact name={words.details.lastUsed}>{lastUsed === null ? words.details.neverUsed : ago(lastUsed, now)}</Fact>
        {files.length === 0 && folder !== null && <Fact name={words.details.folder}>{folder}</Fact>}
        {files.length > 0 && <Fact name={words.details.file}>{files.length === 1 ? files[0]?.path : `${words.details.files(files.length)}: ${files[0]?.path ?? ''} …`}</Fact>}
      </dl>
      {contexts.length > 1 && (
        <>
          <h4 className="mt-3 text-muted">{words.details.contexts}</h4>
          <ul className="mt-1 grid grid-cols-[repeat(auto-fill,minmax(13rem,1fr))] gap-x-6 gap-y-0.5">
            {contexts.map(({ contextLength, ram }) => (
              <li key={contextLength} className="flex justify-between gap-2 tabular-nums">
                <span>{words.details.context(contextLength)}</span>
                <span className="text-muted">{words.details.about(ram)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <div className="mt-4 grid gap-2">
        {model.provider === 'ollama' && <UpdateCheck id={id} name={model.name} source={id.slice(id.indexOf('/') + 1)} />}
        {deletable ? <DeleteModel id={id} name={model.name} size={formatBytes(model.sizeBytes)} inMemory={inMemory} /> : <p className="text-muted">{model.sample ? words.details.keptSample : words.details.kept}</p>}
      </div>
    </div>
  );
}
