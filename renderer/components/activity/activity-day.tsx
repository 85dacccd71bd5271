import { useId } from 'react';
import { text } from '../../text/text.ts';
import { ago } from '../../view/ago.ts';
import { dayOf, daysAgo } from '../../view/entry-times.ts';
import { EntryRow } from './entry-row.tsx';
import type { ListedEntry } from './use-activity.ts';

/** So far back, "3 hr. ago" says more than the time. */
const recentMs = 12 * 60 * 60_000;

interface ActivityDayProps {
  at: number;
  entries: readonly ListedEntry[];
  now: number;
  /** Entries that something may still be done about. */
  last: ReadonlySet<number>;
  marked: number | null;
  onCopyRefused: (words: string) => void;
}

function title(at: number, now: number): string {
  const days = daysAgo(at, now);
  if (days === 0) return text.activity.today;
  return days === 1 ? text.activity.yesterday : dayOf(at);
}

/** What happened on one day. */
export function ActivityDay({ at, entries, now, last, marked, onCopyRefused }: ActivityDayProps) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} className="mt-4 first:mt-0">
      <h3 id={heading} className="mb-1.5 px-1 text-[13px] font-semibold text-muted">
        {title(at, now)}
      </h3>
      <ul className="card overflow-hidden py-1.5">
        {entries.map(({ entry, words, who, line }) => (
          <EntryRow
            key={entry.id}
            entry={entry}
            words={words}
            who={who}
            line={line}
            since={now - entry.at < recentMs ? ago(entry.at, now) : null}
            last={last.has(entry.id)}
            marked={marked === entry.id}
            onCopyRefused={onCopyRefused}
          />
        ))}
      </ul>
    </section>
  );
}
