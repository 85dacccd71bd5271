import { useState } from 'react';
import { text } from '../../text/text.ts';
import { type ActivityFilter, byDay, everything, isFiltered } from '../../view/activity-groups.ts';
import { useHold } from '../../view/use-hold.ts';
import { useMinute } from '../../view/use-minute.ts';
import { Button } from '../button.tsx';
import { Section } from '../section.tsx';
import { ActivityDay } from './activity-day.tsx';
import { ActivityFoot } from './activity-foot.tsx';
import { ActivityToolbar } from './activity-toolbar.tsx';
import { CopyIcon, useCopy } from './copy-button.tsx';
import { CopyRefused } from './copy-refused.tsx';
import { useActivity } from './use-activity.ts';
import { useShownEntry } from './use-shown-entry.ts';

/** What was decided and why, newest first. */
export function ActivityList() {
  const [filter, setFilter] = useState<ActivityFilter>(everything);
  const [refused, setRefused] = useState<string | null>(null);
  const { all, list, shown, models, actors, last } = useActivity(filter);
  const newest = useHold(shown[0]?.entry.id ?? 0, JSON.stringify(filter));
  const { marked, found } = useShownEntry((target) => {
    setFilter(target.activity === null && target.model !== null ? { ...everything, model: target.model } : everything);
    newest.release();
  });
  const { copied, copy } = useCopy(setRefused);
  const now = useMinute();

  const settled = newest.holding ? shown.filter(({ entry }) => entry.id <= newest.value) : shown;
  const fresh = shown.length - settled.length;
  const byId = new Map(settled.map((listed) => [listed.entry.id, listed]));
  const days = byDay(settled.map(({ entry }) => entry));
  const day = { now, last, marked, onCopyRefused: setRefused };
  return (
    <Section
      title={text.activity.title}
      action={
        settled.length > 0 && (
          <Button look="quiet" onClick={() => copy(settled.map(({ line }) => line).join('\n'))}>
            <CopyIcon copied={copied} />
            {copied ? text.activity.copied : text.activity.copyAll}
          </Button>
        )
      }
    >
      {all > 0 && <ActivityToolbar filter={filter} models={models} actors={actors} onChange={setFilter} />}
      {refused !== null && <CopyRefused words={refused} onClose={() => setRefused(null)} />}
      {found === 'missing' && <p className="card mb-3 px-5 py-4 text-sm text-muted">{text.activity.gone}</p>}
      {found !== null && found !== 'missing' && (
        <div className="mb-4">
          <ActivityDay {...day} at={new Date(found.at).setHours(0, 0, 0, 0)} entries={[list(found)]} />
        </div>
      )}
      {all === 0 && (
        <div className="card px-5 py-8 text-center">
          <p>{text.activity.empty}</p>
          <p className="mt-1 text-sm text-muted">{text.activity.emptyHint}</p>
        </div>
      )}
      {all > 0 && settled.length === 0 && (
        <div className="card px-5 py-8 text-center">
          <p>{text.activity.noneSoFar(all)}</p>
          {isFiltered(filter) && (
            <Button className="mt-4" onClick={() => setFilter(everything)}>
              {text.activity.clear}
            </Button>
          )}
        </div>
      )}
      <div className="relative" {...newest.handlers}>
        {/* New entries would push away what is being read; they wait, without taking any room. */}
        {fresh > 0 && (
          <div className="sticky top-2 z-10 flex h-0 justify-center">
            <Button look="primary" className="shadow-lg" onClick={newest.release}>
              {text.activity.fresh(fresh)}
            </Button>
          </div>
        )}
        {days.map(({ at, entries }) => (
          <ActivityDay key={at} {...day} at={at} entries={entries.flatMap(({ id }) => byId.get(id) ?? [])} />
        ))}
      </div>
      {all > 0 && <ActivityFoot filter={filter} />}
    </Section>
  );
}
