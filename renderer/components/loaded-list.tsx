import { formatBytes } from '../text/format.ts';
import { useActions, useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { useKeptFocus } from '../view/use-kept-focus.ts';
import { Button } from './button.tsx';
import { LoadedRow } from './loaded-row.tsx';
import { Refusal } from './refusal.tsx';
import { Section } from './section.tsx';

/** The models that hold memory, or have it booked. */
export function LoadedList() {
  const live = useDashboard((state) => state.live);
  const order = useDashboard((state) => state.order);
  const busy = useDashboard((state) => state.pending.unloadIdle ?? false);
  const { unloadUnused } = useActions();
  const list = useKeptFocus(order);
  if (live === null) return null;

  const rows = order.flatMap((id) => live.loaded.find((model) => model.id === id) ?? []);
  const unused = rows.some((model) => model.state === 'ready' && !model.inUse && model.uses.length === 0 && !model.pinned);
  const free = live.memory === null ? null : formatBytes(Math.max(0, live.memory.free));
  return (
    <Section
      id="in-memory"
      title={text.loaded.title}
      aside={text.loaded.count(rows.length, live.limit)}
      action={
        (unused || busy) && (
          <Button busy={busy} onClick={() => void unloadUnused()}>
            {text.loaded.unloadUnused}
          </Button>
        )
      }
    >
      {rows.length === 0 ? (
        <div className="card px-5 py-8 text-center">
          <p>{text.loaded.empty(free)}</p>
          <p className="mt-1 text-sm text-muted">{text.loaded.emptyHint}</p>
        </div>
      ) : (
        <ul ref={list} className="card divide-y divide-line">
          {rows.map((model) => (
            <LoadedRow key={model.id} model={model} readAt={live.at} />
          ))}
        </ul>
      )}
      <Refusal action="unloadIdle" />
    </Section>
  );
}
