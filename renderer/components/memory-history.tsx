import { lazy, memo, type PointerEvent, Suspense, useMemo, useState } from 'react';
import type { MemorySample } from '../../contract/index.ts';
import { useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { type HistoryMark, historyMarks } from '../view/history-marks.ts';
import { historyPicture, sampleAt } from '../view/history-picture.ts';
import { historySummary } from '../view/history-summary.ts';
import { useWidth } from '../view/use-width.ts';
import { HistoryChart } from './history-chart.tsx';
import { HistoryReadout } from './history-readout.tsx';

const marksPlace = <div className="mt-1 h-6" />;
/** In a file of their own, with the words for whatever may have happened: the figures do not wait for that. */
const HistoryMarks = lazy(() => import('./history-marks.tsx').then((module) => ({ default: module.HistoryMarks }), () => ({ default: memo((_: { marks: readonly HistoryMark[] }) => marksPlace) })));

/** Room that a mark wants, CSS pixels. */
const markWidth = 26;

/** What held the memory in the last 15 minutes, and what happened meanwhile. */
function History() {
  const history = useDashboard((state) => state.history);
  const activity = useDashboard((state) => state.activity);
  const total = useDashboard((state) => state.live?.memory?.total ?? 0);
  const [pointed, setPointed] = useState<MemorySample | null>(null);
  const [box, width] = useWidth<HTMLDivElement>();
  const last = history.at(-1);
  const end = last?.at ?? 0;
  const picture = useMemo(() => historyPicture(history, end, total), [history, end, total]);
  const marks = useMemo(() => historyMarks(activity, end, width > 0 ? markWidth / width : 1), [activity, end, width]);
  if (last === undefined) return null;

  function point(event: PointerEvent<HTMLDivElement>) {
    const { left, width: wide } = event.currentTarget.getBoundingClientRect();
    setPointed(sampleAt(history, end, (event.clientX - left) / wide));
  }

  return (
    <section aria-label={text.history.title} className="card px-4 py-5 sm:px-8 sm:py-6">
      <HistoryReadout pointed={pointed} />
      <p className="sr-only">{historySummary(history, marks)}</p>
      <div ref={box} className="relative mt-3" onPointerMove={point} onPointerLeave={() => setPointed(null)}>
        <HistoryChart picture={picture} pointed={pointed === null ? null : 1 - (end - pointed.at) / 900_000} began={history.length > 1} />
      </div>
      <Suspense fallback={marksPlace}>
        <HistoryMarks marks={marks} />
      </Suspense>
      <div aria-hidden="true" className="relative mt-1 h-4 text-xs text-muted">
        {text.history.axis.map((label, index, all) => (
          <span
            key={label}
            className={`absolute top-0 whitespace-nowrap ${index === 0 ? '' : index === all.length - 1 ? '-translate-x-full' : 'hidden -translate-x-1/2 sm:inline'}`}
            style={{ left: `${(index / (all.length - 1)) * 100}%` }}
          >
            {label}
          </span>
        ))}
      </div>
    </section>
  );
}

export const MemoryHistory = memo(History);
