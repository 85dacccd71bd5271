import { Hourglass } from 'lucide-react';
import { useDashboard } from '../store/dashboard.tsx';
import type { Visit } from '../store/visits.ts';
import { text } from '../text/text.ts';
import { useEngineNow } from '../view/use-now.ts';
import { waitingRows, type WaitingRow } from '../view/waiting-rows.ts';
import { Section } from './section.tsx';

/** More are counted, not listed. */
const mostRows = 5;

function Waiter({ row: { name, clients, requests, waitedMs, reason } }: { row: WaitingRow }) {
  const words = text.requests;
  return (
    <li data-waiting className="grid grid-cols-[minmax(0,1fr)] gap-x-6 px-4 py-3 sm:px-5 lg:flex lg:items-baseline">
      <p className="flex min-w-0 items-baseline gap-2.5 lg:flex-[1_1_16rem]">
        <Hourglass className="size-3 shrink-0 translate-y-px text-muted" aria-hidden="true" />
        <span className="min-w-0 font-semibold wrap-anywhere">{name}</span>
      </p>
      {/* As wide as in the list above, so that both read as one table. */}
      <div className="min-w-0 text-sm lg:flex lg:gap-x-4">
        <p className="min-w-0 lg:w-84">
          {words.waits(clients, waitedMs)}
          {requests > clients.length && <span className="whitespace-nowrap text-muted"> ({words.count(requests)})</span>}
        </p>
        <p className="min-w-0 text-muted wrap-anywhere lg:w-74 lg:text-right">{reason === null ? '' : words.why[reason.kind](reason.names)}</p>
      </div>
    </li>
  );
}

function WaitingRows({ waiting }: { waiting: readonly Visit[] }) {
  const live = useDashboard((state) => state.live);
  const models = useDashboard((state) => state.models);
  const rows = waitingRows(waiting, live ?? { loaded: [] }, models, useEngineNow());
  if (rows.length === 0) return null;
  const shown = rows.length > mostRows ? rows.slice(0, mostRows - 1) : rows;
  const more = live?.moreRequests ?? 0;
  const words = text.requests;
  return (
    <Section title={words.title} aside={words.count(rows.reduce((sum, { requests }) => sum + requests, 0))}>
      <ul className="card divide-y divide-line">
        {shown.map((row) => (
          <Waiter key={row.model} row={row} />
        ))}
        {(rows.length > shown.length || more > 0) && (
          <li className="px-4 py-3 text-sm text-muted sm:px-5">
            {[rows.length > shown.length ? words.moreModels(rows.length - shown.length) : '', more > 0 ? words.more(more) : ''].filter(Boolean).join(' ')}
          </li>
        )}
      </ul>
    </Section>
  );
}

/**
 * The models that programs wait for. It stands below the rows that people click on, because it comes and goes by itself; and no
 * screen reader is told, because it does so all the time.
 */
export function WaitingRequests() {
  const waiting = useDashboard((state) => state.visits.waiting);
  return waiting.length === 0 ? null : <WaitingRows waiting={waiting} />;
}
