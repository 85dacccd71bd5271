import type { MemorySample } from '../../contract/index.ts';
import { formatBytes } from '../text/format.ts';
import { text } from '../text/text.ts';
import { clockTime } from '../view/times.ts';

/** The figures of one moment, above the picture: of now, or of where the pointer is. */
export function HistoryReadout({ sample, now }: { sample: MemorySample; now: boolean }) {
  const figures = [
    { key: 'models', words: text.history.models, bytes: sample.models, paint: 'bg-accent' },
    { key: 'other', words: text.segments.other, bytes: sample.otherPrograms, paint: 'bg-other' },
    { key: 'free', words: text.history.free, bytes: Math.max(0, sample.free), paint: 'bg-track border border-line-strong' },
  ];
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
      <h2 className="text-sm font-semibold">
        {text.history.title}
        <span aria-hidden="true" className="ml-2 font-normal text-muted">
          {now ? '' : clockTime(sample.at)}
        </span>
      </h2>
      <ul aria-hidden="true" className="flex flex-wrap gap-x-4 gap-y-1 text-[13px] text-muted">
        {figures.map(({ key, words, bytes, paint }) => (
          <li key={key} className="flex items-center gap-2">
            <span data-swatch className={`size-2.5 rounded-[3px] ${paint}`} />
            {words} <span className="text-ink">{formatBytes(bytes)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
