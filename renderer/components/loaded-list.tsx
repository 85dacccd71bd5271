import { Layers } from 'lucide-react';
import type { ReactNode } from 'react';
import { useActions, useDashboard } from '../store/dashboard.tsx';
import { formatBytes } from '../text/format.ts';
import { text } from '../text/text.ts';
import { colourOf } from '../view/colours.ts';
import { isUnused } from '../view/is-unused.ts';
import { addressOf } from '../view/page-address.ts';
import { useKeptFocus } from '../view/use-kept-focus.ts';
import { EngineNow, useEngineNow } from '../view/use-now.ts';
import { AppsButton } from './apps-button.tsx';
import { Button } from './button.tsx';
import { LoadedRow } from './loaded-row.tsx';
import { Refusal } from './refusal.tsx';
import { Section } from './section.tsx';

/** No model holds memory: how much there is for one, and where to get it. */
function Empty() {
  const free = useDashboard((state) => (state.live?.memory == null ? null : formatBytes(Math.max(0, state.live.memory.free))));
  return (
    <div className="card grid justify-items-center px-5 py-10 text-center">
      <Layers className="mb-3 size-8 text-line-strong" strokeWidth={1.5} aria-hidden="true" />
      <p className="font-medium">{text.loaded.empty(free)}</p>
      <p className="mt-1 max-w-prose text-sm text-muted">{text.loaded.emptyHint}</p>
      <div className="mt-4 flex flex-wrap justify-center gap-2">
        <a
          href={addressOf('models')}
          className="inline-flex min-h-9 items-center rounded-lg bg-accent px-4 text-sm font-medium text-on-accent transition-colors hover:bg-accent-hover"
        >
          {text.loaded.loadOne}
        </a>
        <AppsButton label={text.apps.open} />
      </div>
    </div>
  );
}

/** Only what counts is drawn anew with a tick, not the list. */
function Ticking({ children }: { children: ReactNode }) {
  return <EngineNow value={useEngineNow()}>{children}</EngineNow>;
}

/** The models that hold memory, or have it booked. */
export function LoadedList() {
  const order = useDashboard((state) => state.order);
  const rows = useDashboard((state) => state.rows);
  const colours = useDashboard((state) => state.colours);
  const labels = useDashboard((state) => state.live?.providers);
  const limit = useDashboard((state) => state.live?.limit ?? 0);
  const answering = useDashboard((state) => state.visits.answering);
  // Between two requests of a program its model is not one that people mean by "unused", and the button would flicker.
  const unused = Object.values(rows).some(({ model }) => isUnused(model) && answering[model.id] === undefined);
  const busy = useDashboard((state) => state.pending.unloadIdle ?? false);
  const { unloadUnused } = useActions();
  const list = useKeptFocus(order);
  return (
    <Section
      id="in-memory"
      title={text.loaded.title}
      aside={text.loaded.count(order.length, limit)}
      action={
        <div className="flex items-center gap-1.5">
          {(unused || busy) && (
            <Button busy={busy} onClick={() => void unloadUnused()}>
              {text.loaded.unloadUnused}
            </Button>
          )}
          {/* Last, because it is always there: what comes and goes beside it does not move it. */}
          {order.length > 0 && (
            <div className="hidden sm:block">
              <AppsButton label={text.apps.openShort} look="quiet" />
            </div>
          )}
        </div>
      }
    >
      {order.length === 0 ? (
        <Empty />
      ) : (
        <Ticking>
          <ul ref={list} className="card divide-y divide-line">
            {order.map((id) => {
              const row = rows[id];
              return row === undefined ? null : <LoadedRow key={id} row={row} colour={colourOf(colours, id)} provider={labels?.find((one) => one.id === row.model.provider)?.label ?? row.model.provider} />;
            })}
          </ul>
        </Ticking>
      )}
      {/* Where the title has no room for it. */}
      {order.length > 0 && (
        <div className="mt-2 sm:hidden">
          <AppsButton label={text.apps.openShort} look="quiet" />
        </div>
      )}
      <Refusal action="unloadIdle" />
    </Section>
  );
}
