import { lazy, Suspense } from 'react';
import type { InstalledModel } from '../../../contract/index.ts';
import { formatBytes } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Fact } from './fact.tsx';
import { ModelHistory } from './model-history.tsx';

/** Fetched when somebody looks. */
const ModelFiles = lazy(async () => ({ default: await import('../library/model-files.tsx').then((module) => module.ModelFiles, () => (_: { model: InstalledModel }) => null) }));

/** What a row leaves out: where a model comes from, how its size is known, and what has happened to it. */
export function InstalledDetails({ model, source }: { model: InstalledModel; source: string }) {
  return (
    <div className="pt-3 pb-1 text-[13px]">
      <dl className="grid grid-cols-[repeat(auto-fill,minmax(13rem,1fr))] gap-x-6 gap-y-3">
        <Fact name={text.details.identity}>{model.id}</Fact>
        <Fact name={text.details.source}>{source}</Fact>
        {model.family !== null && <Fact name={text.details.family}>{model.family}</Fact>}
        {!model.online && (
          <Fact name={text.details.size}>
            {formatBytes(model.footprint.ram)}, {text.details.sizeFrom[model.footprintSource]}
          </Fact>
        )}
        <Fact name={text.details.context}>{text.details.contextOf(model.contextLength, model.maxContextLength)}</Fact>
        {model.expectedLoadMs !== null && <Fact name={text.details.loadTime}>{text.details.about(model.expectedLoadMs)}</Fact>}
      </dl>
      {!model.online && (
        <Suspense>
          <ModelFiles model={model} />
        </Suspense>
      )}
      <ModelHistory id={model.id} name={model.name} />
    </div>
  );
}
