import { memo } from 'react';
import type { MemoryView } from '../../contract/index.ts';
import { useDashboard } from '../store/dashboard.tsx';
import { formatBytes } from '../text/format.ts';
import { colourOf } from '../view/colours.ts';
import type { Segment } from '../view/memory-segments.ts';
import { segmentName } from '../view/segment-words.ts';
import { Swatch } from './swatch.tsx';

interface EntryProps {
  kind: Segment['kind'];
  colour: string | null;
  name: string;
  size: string;
}

/** On a narrow screen the figure above and the rows below, which have the colours too, stand close enough. */
const toldElsewhere: ReadonlySet<Segment['kind']> = new Set<Segment['kind']>(['model', 'booked', 'leaving', 'free']);

const Entry = memo(function Entry({ kind, colour, name, size }: EntryProps) {
  return (
    <li className={`max-w-full min-w-0 items-center gap-2 ${toldElsewhere.has(kind) ? 'hidden sm:flex' : 'flex'}`}>
      <Swatch kind={kind} colour={colour} />
      <span className="truncate">{name}</span>
      <span className="shrink-0 text-ink">{size}</span>
    </li>
  );
});

/** The bar in words, in view at all times: touch has no hover. The bar's own pieces say the same to a screen reader. */
export function Legend({ segments, limit }: { segments: readonly Segment[]; limit: MemoryView['limit'] }) {
  const colours = useDashboard((state) => state.colours);
  return (
    <ul aria-hidden="true" className="flex flex-wrap gap-x-5 gap-y-1 text-[13px] text-muted">
      {segments.map((segment) => (
        <Entry
          key={segment.key}
          kind={segment.kind}
          colour={segment.model === null ? null : colourOf(colours, segment.model.id)}
          name={segmentName(segment, limit)}
          size={formatBytes(segment.bytes)}
        />
      ))}
    </ul>
  );
}
