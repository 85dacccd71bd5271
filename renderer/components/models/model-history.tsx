import { useEffect, useState } from 'react';
import type { Activity } from '../../../contract/index.ts';
import { useActions, useDashboard, useNavigation } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { EntryText } from '../activity/entry-text.tsx';
import { EntryTime } from '../activity/entry-time.tsx';

/** Enough to see a pattern; the rest is one click away. */
const most = 4;

/** The last decisions about a model, asked for when somebody looks, and again when one was made. */
export function ModelHistory({ id, name }: { id: string; name: string }) {
  const { why } = useActions();
  const { show } = useNavigation();
  const newest = useDashboard((state) => state.activity.find((entry) => entry.model === id)?.id ?? null);
  const [entries, setEntries] = useState<readonly Activity[] | null>(null);
  useEffect(() => {
    let unwanted = false;
    void why(id).then((answer) => {
      if (!unwanted) setEntries(answer?.entries ?? []);
    });
    return () => {
      unwanted = true;
    };
  }, [why, id, newest]);

  return (
    <div className="mt-4">
      <h4 className="text-muted">{text.details.history}</h4>
      {entries === null && <p>{text.details.loading}</p>}
      {entries?.length === 0 && <p>{text.details.nothing}</p>}
      {entries !== null && entries.length > 0 && (
        <>
          <ul className="mt-1 grid gap-1.5">
            {entries.slice(0, most).map((entry) => (
              <li key={entry.id} className="grid gap-x-4 sm:grid-cols-[9rem_minmax(0,1fr)]">
                <EntryTime at={entry.at} withDay />
                <EntryText entry={entry} />
              </li>
            ))}
          </ul>
          <a
            href="#/activity"
            className="mt-2 inline-block text-accent underline underline-offset-2"
            aria-label={text.details.allNamed(name)}
            onClick={(event) => {
              event.preventDefault();
              show({ page: 'activity', activity: null, model: id });
            }}
          >
            {text.details.all}
          </a>
        </>
      )}
    </div>
  );
}
