import { memo } from 'react';
import { text } from '../text/text.ts';
import { type HistoryPicture, pictureHeight, pictureWidth } from '../view/history-picture.ts';

interface HistoryChartProps {
  picture: HistoryPicture;
  /** Share (0 to 1) of the width where the pointer is. */
  pointed: number | null;
  /** False while there is but one point: nothing can be drawn yet. */
  began: boolean;
}

const percent = (share: number) => `${share * 100}%`;

/** Models on top of other programs, up to the end of the memory. Drawn in units of its own and stretched to its place. */
function Chart({ picture, pointed, began }: HistoryChartProps) {
  return (
    <div aria-hidden="true" data-bar className="relative h-24 overflow-hidden rounded-lg bg-track/60 sm:h-28">
      <svg viewBox={`0 0 ${pictureWidth} ${pictureHeight}`} preserveAspectRatio="none" className="absolute inset-0 size-full">
        <path d={picture.otherArea} fill="var(--other)" fillOpacity=".7" />
        <path d={picture.modelsArea} fill="var(--accent)" fillOpacity=".32" />
        <path d={picture.modelsLine} fill="none" stroke="var(--accent)" strokeWidth="2" strokeLinejoin="round" vectorEffect="non-scaling-stroke" />
        {picture.limit > 0 && (
          <line x1="0" x2={pictureWidth} y1={picture.limit * pictureHeight} y2={picture.limit * pictureHeight} stroke="var(--bad)" strokeWidth="2" strokeDasharray="6 4" vectorEffect="non-scaling-stroke" />
        )}
      </svg>
      {picture.gaps.map((gap) => (
        <span key={gap.from} className="unknown absolute inset-y-0" style={{ left: percent(gap.from), width: percent(gap.to - gap.from) }} />
      ))}
      {!began && <span className="absolute inset-0 grid place-items-center px-4 text-center text-sm text-muted">{text.history.empty}</span>}
      {pointed !== null && <span className="absolute inset-y-0 w-px bg-ink" style={{ left: percent(pointed) }} />}
    </div>
  );
}

export const HistoryChart = memo(Chart);
