import type { MemorySample } from '../../contract/index.ts';
import { useDashboard } from '../store/dashboard.tsx';
import { formatBytes } from '../text/format.ts';
import { text } from '../text/text.ts';
import { clockTime } from '../view/times.ts';

/** As they read: drawn anew only when they do so differently. */
const shown = (memory: Pick<MemorySample, 'models' | 'otherPrograms' | 'free'> | null): string =>
  memory === null ? '' : [memory.models, memory.otherPrograms, Math.max(0, memory.free)].map(formatBytes).join('\n');

/** The figures of one moment, above the picture: of where the pointer is, or those of now, which the bar shows too. The picture's last sample may be some seconds old. */
export function HistoryReadout({ pointed }: { pointed: MemorySample | null }) {
  const [models = '', other = '', free = ''] = useDashboard(({ live }) => shown(pointed ?? live?.memory ?? null)).split('\n');
  const figures = [
    { key: 'models', words: text.history.models, size: models, paint: 'bg-accent' },
    { key: 'other', words: text.segments.other, size: other, paint: 'bg-other' },
    { key: 'free', words: text.history.free, size: free, paint: 'bg-track border border-line-strong' },
  ];
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
      <h2 className="text-sm font-semibold">
        {text.history.title}
        <span aria-hidden="true" className="ml-2 font-normal text-muted">
          {pointed === null ? '' : clockTime(pointed.at)}
        </span>
      </h2>
      <ul aria-hidden="true" className="flex flex-wrap gap-x-4 gap-y-1 text-[13px] text-muted">
        {figures.map(({ key, words, size, paint }) => (
          <li key={key} className="flex items-center gap-2">
            <span data-swatch className={`size-2.5 rounded-[3px] ${paint}`} />
            {/* On a narrow screen either the names or the figures, so that it stays one line. */}
            <span className={pointed === null ? '' : 'hidden sm:inline'}>{words}</span> <span className={`text-ink ${pointed === null ? 'hidden sm:inline' : ''}`}>{size}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
