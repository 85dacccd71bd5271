import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { type ActivityFilter, passes } from '../../view/activity-groups.ts';
import { entrySentence } from '../../view/entry-sentence.ts';
import { Button } from '../button.tsx';

/** Further back, or that there is nothing further back. */
export function ActivityFoot({ filter }: { filter: ActivityFilter }) {
  const older = useDashboard((state) => state.older);
  const { showOlderUntil } = useActions();
  return (
    <div className="mt-3 flex min-h-9 items-center px-1">
      {older === 'end' ? (
        <p className="text-sm text-muted">{text.activity.end}</p>
      ) : (
        <Button busy={older === 'loading'} onClick={() => void showOlderUntil((entry) => passes(entry, entrySentence(entry, null).words, filter))}>
          {text.activity.older}
        </Button>
      )}
    </div>
  );
}
