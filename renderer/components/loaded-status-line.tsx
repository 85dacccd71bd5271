import { useDashboard } from '../store/dashboard.tsx';
import type { Row } from '../store/rows.ts';
import type { Visit } from '../store/visits.ts';
import { loadedStatus } from '../view/loaded-status.ts';
import { useRowNow } from '../view/use-now.ts';
import { CountdownRing } from './countdown-ring.tsx';

const none: readonly Visit[] = [];
const tones = { calm: 'text-muted', active: 'text-accent', warn: 'text-bad font-medium' } as const;

/** On its own, because it is what changes every second. No live region: nobody wants a countdown read out. */
export function LoadedStatusLine({ row: { model, readAt }, provider }: { row: Row; provider: string }) {
  const answering = useDashboard((state) => state.visits.answering[model.id]) ?? none;
  const waiting = useDashboard((state) => state.visits.waiting);
  const status = loadedStatus(model, provider, readAt, useRowNow(), { answering, waiting });
  return (
    <p className={`flex min-h-7 min-w-0 lg:min-h-9 items-center gap-2 text-sm lg:w-84 ${tones[status.tone]}`}>
      {status.left !== null && <CountdownRing left={status.left} />}
      {status.tone === 'active' && <span className="size-2 shrink-0 animate-pulse rounded-full bg-accent" aria-hidden="true" />}
      <span className="min-w-0">{status.words}</span>
    </p>
  );
}
