import { useState } from 'react';
import type { Activity } from '../../contract/index.ts';
import { useActions, useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { useEngineNow } from '../view/use-now.ts';
import { clockTime, dayUnlessToday } from '../view/times.ts';
import { Button } from './button.tsx';
import { Section } from './section.tsx';

const tones: Partial<Record<Activity['kind'], string>> = {
  loaded: 'bg-good',
  refused: 'bg-warn',
  failed: 'bg-bad',
  crashed: 'bg-bad',
  memory: 'bg-warn',
};

/** Entries at first, and more at each click. */
const page = 30;

function Entry({ entry, now }: { entry: Activity; now: number }) {
  const day = dayUnlessToday(entry.at, now);
  return (
    <li className="flex gap-3 px-4 py-2.5 text-sm sm:px-5">
      <time dateTime={new Date(entry.at).toISOString()} className="shrink-0 text-muted">
        {day !== null && <span className="block text-xs">{day}</span>}
        {clockTime(entry.at)}
      </time>
      <span className={`mt-2 size-1.5 shrink-0 rounded-full ${tones[entry.kind] ?? 'bg-other'}`} aria-hidden="true" />
      <p className="min-w-0 break-words">{entry.text}</p>
    </li>
  );
}

/** What was decided and why, newest first. */
export function ActivityList() {
  const [shown, setShown] = useState(page);
  const activity = useDashboard((state) => state.activity);
  const older = useDashboard((state) => state.older);
  const { showOlder } = useActions();
  const now = useEngineNow();
  return (
    <Section title={text.activity.title}>
      <div className="card overflow-hidden">
        {activity.length === 0 ? (
          <p className="px-5 py-8 text-center text-muted">{text.activity.empty}</p>
        ) : (
          <ul className="py-1.5">
            {activity.slice(0, shown).map((entry) => (
              <Entry key={entry.id} entry={entry} now={now} />
            ))}
          </ul>
        )}
        {activity.length > 0 && (
          <div className="border-t border-line px-2 py-1.5">
            {older === 'end' && activity.length <= shown ? (
              <p className="px-3 py-2 text-sm text-muted">{text.activity.end}</p>
            ) : (
              <Button look="quiet" busy={older === 'loading'} onClick={() => {
                  setShown(shown + page);
                  if (activity.length <= shown + page) void showOlder();
                }}>
                {text.activity.older}
              </Button>
            )}
          </div>
        )}
      </div>
    </Section>
  );
}
