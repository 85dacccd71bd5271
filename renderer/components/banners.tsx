import { formatDuration } from '../text/format.ts';
import { useActions, useConnection, useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { clockTime } from '../view/times.ts';
import { useEngineNow } from '../view/use-now.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

const modes = ['freeze', 'pause', 'hold'] as const;

function GoneBanner() {
  const heardAt = useDashboard((state) => state.heardAt);
  const connection = useConnection();
  return (
    <Notice look="bad" role="alert" actions={<Button onClick={() => connection.retryNow()}>{text.connection.retry}</Button>}>
      <p className="font-medium">{heardAt === null ? text.connection.goneNever : text.connection.goneSince(clockTime(heardAt))}</p>
      <p className="mt-0.5 text-muted">{text.connection.goneHint}</p>
    </Notice>
  );
}

function ModeBanner({ mode }: { mode: (typeof modes)[number] }) {
  const until = useDashboard((state) => state.live?.[mode]?.until ?? null);
  const busy = useDashboard((state) => state.pending[`mode:${mode}`] ?? false);
  const now = useEngineNow();
  const { endMode } = useActions();
  return (
    <Notice
      look="info"
      role="status"
      actions={
        <Button busy={busy} aria-label={text.banners.endNamed[mode]} onClick={() => void endMode(mode)}>
          {text.banners.end[mode]}
        </Button>
      }
    >
      <p>{text.banners[mode](until === null ? null : formatDuration(until - now))}</p>
    </Notice>
  );
}

/** What holds for the whole page, above it. */
export function Banners() {
  const live = useDashboard((state) => state.live);
  const gone = useDashboard((state) => state.connection === 'gone');
  // There it is told in full, with what to do.
  const page = useDashboard((state) => state.page);
  const active = modes.filter((mode) => live?.[mode]);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3 not-empty:mb-6">
      {gone && <GoneBanner />}
      {live !== null && !live.owner && (
        <Notice look="info" role="status">
          <p>{text.banners.watching}</p>
        </Notice>
      )}
      {live !== null && live.configProblem !== null && page !== 'settings' && (
        <Notice look="warn" role="status">
          <p className="font-medium">{text.banners.configProblem}</p>
          {/* Names a place in a file, as it is written there: not to be translated. */}
          <p lang="en" className="mt-1">
            {live.configProblem.message} {live.configProblem.hint}
          </p>
        </Notice>
      )}
      {live !== null && live.configProblem === null && live.configWarnings.length > 0 && (
        <Notice look="warn" role="status">
          {live.configWarnings.map((warning) => (
            <p key={warning}>{warning}</p>
          ))}
        </Notice>
      )}
      {active.map((mode) => (
        <ModeBanner key={mode} mode={mode} />
      ))}
    </div>
  );
}
