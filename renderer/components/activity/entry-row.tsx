import { memo, useRef } from 'react';
import type { Activity } from '../../../contract/index.ts';
import { CopyButton } from './copy-button.tsx';
import { EntryIcon } from './entry-icon.tsx';
import { EntryAnswers, EntryOffers } from './entry-offers.tsx';
import { EntryText } from './entry-text.tsx';
import { EntryTime } from './entry-time.tsx';

interface EntryRowProps {
  entry: Activity;
  /** What it reads, and what a copy of it says. */
  words: string;
  line: string;
  /** Who was behind it; null: nobody in particular. */
  who: string | null;
  /** "12 min. ago"; null where the day says enough. */
  since: string | null;
  /** It is the last word about its model, so something may still be done about it. */
  last: boolean;
  /** The person was led here. */
  marked: boolean;
  onCopyRefused: (words: string) => void;
}

function Row({ entry, words, line, who, since, last, marked, onCopyRefused }: EntryRowProps) {
  const button = useRef<HTMLButtonElement>(null);
  const open = last || marked;
  return (
    <li
      data-activity={entry.id}
      tabIndex={-1}
      className={`group px-4 py-2.5 text-sm outline-offset-[-2px] sm:px-5 ${marked ? 'bg-accent-soft shadow-[inset_3px_0_0_var(--accent)]' : ''}`}
    >
      <div className="flex gap-3">
        <EntryIcon kind={entry.kind} />
        <div className="flex min-w-0 grow flex-wrap items-start gap-x-4 gap-y-2 pt-1">
          <div className="min-w-0 flex-[1_1_18rem]">
            <EntryText entry={entry} link />
            <p className="mt-0.5 text-[13px] text-muted">
              <EntryTime at={entry.at} />
              {since !== null && ` · ${since}`}
              {who !== null && ` · ${who}`}
            </p>
          </div>
          {open && <EntryOffers entry={entry} button={button} />}
        </div>
        <CopyButton words={words} line={line} onRefused={onCopyRefused} />
      </div>
      {open && <EntryAnswers entry={entry} button={button} />}
    </li>
  );
}

export const EntryRow = memo(Row);
