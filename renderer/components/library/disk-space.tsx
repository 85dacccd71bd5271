import { useEffect, useState } from 'react';
import type { DiskUsage } from '../../../contract/index.ts';
import { useActions, useDashboard, useNavigation } from '../../store/dashboard.tsx';
import { formatBytes } from '../../text/format.ts';
import { useLibraryText } from '../../text/library.ts';
import { ago } from '../../view/ago.ts';
import { useMinute } from '../../view/use-minute.ts';
import { Disclosure } from '../disclosure.tsx';
import { Section } from '../section.tsx';

/** Longer lists are for a terminal: `airdock du`. */
const MOST_ROWS = 20;

type Row = DiskUsage['models'][number];

/** What the models take on the disk, and what of it nobody has used for long. */
export function DiskSpace() {
  const words = useLibraryText();
  const installed = useDashboard((state) => state.models.length);
  const { run, dismissRefusal } = useActions();
  const [usage, setUsage] = useState<DiskUsage | null>(null);
  useEffect(() => {
    let unwanted = false;
    void run('diskUsage', 'diskUsage', {}).then((result) => {
      if (unwanted) return;
      if (result.ok && result.output.ok) setUsage(result.output.value);
      else dismissRefusal('diskUsage');
    });
    return () => {
      unwanted = true;
    };
  }, [run, dismissRefusal, installed]);
  if (usage === null || usage.models.length === 0) return null;

  const { models, totalBytes, unusedBytes, places } = usage;
  const unused = models.filter((model) => model.unused);
  return (
    <Section title={words.disks.title} aside={formatBytes(totalBytes)}>
      <div className="card grid gap-3 p-4 text-sm sm:px-5">
        <ul className="grid gap-2">
          {places.map(({ provider, folder, bytes, free }) => (
            <li key={`${provider} ${folder}`}>
              <p className="tabular-nums">{words.disks.place(bytes, free)}</p>
              <p className="text-[13px] text-muted [overflow-wrap:anywhere]">{folder ?? words.disks.untold(provider)}</p>
            </li>
          ))}
        </ul>
        {unused.length > 0 && (
          <div>
            <h3 className="font-semibold">{words.disks.unused(unusedBytes)}</h3>
            <Rows models={unused} label={words.disks.unused(unusedBytes)} />
          </div>
        )}
        <Disclosure title={words.disks.all(models.length)}>
          <Rows models={models} label={words.disks.all(models.length)} />
        </Disclosure>
      </div>
    </Section>
  );
}

function Rows({ models, label }: { models: readonly Row[]; label: string }) {
  const words = useLibraryText();
  const { show } = useNavigation();
  const now = useMinute();
  return (
    <>
      <ul aria-label={label} className="mt-1 grid gap-1.5">
        {models.slice(0, MOST_ROWS).map(({ id, name, bytes, lastUsed }) => (
          <li key={id} className="flex items-baseline justify-between gap-3">
            <button type="button" className="min-w-0 rounded-sm text-left underline-offset-2 [overflow-wrap:anywhere] hover:underline" onClick={() => show({ page: 'models', activity: null, model: id })}>
              {name} <span className="text-[13px] text-muted">{lastUsed === null ? words.disks.never : words.disks.used(ago(lastUsed, now))}</span>
            </button>
            <span className="shrink-0 text-muted tabular-nums">{formatBytes(bytes)}</span>
          </li>
        ))}
      </ul>
      {models.length > MOST_ROWS && <p className="mt-1.5 text-[13px] text-muted">{words.disks.more(models.length - MOST_ROWS)}</p>}
    </>
  );
}
