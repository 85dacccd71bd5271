import { formatBytes } from '../text/format.ts';
import type { MemoryView } from '../../contract/index.ts';
import { text } from '../text/text.ts';
import type { Segment } from './memory-segments.ts';

/** A piece of the bar in words: "llama3.2 (booked)". */
export function segmentName(segment: Segment, limit: MemoryView['limit']): string {
  switch (segment.kind) {
    case 'other':
      return text.segments.other;
    case 'reserve':
      return text.segments.reserve;
    case 'limit':
      return text.segments.limit(limit?.from ?? 'config');
    case 'free':
      return text.segments.free;
    case 'model':
      return segment.model?.name ?? '';
    case 'booked':
      return `${segment.model?.name ?? ''} (${text.segments.booked})`;
    case 'leaving':
      return `${segment.model?.name ?? ''} (${text.segments.leaving})`;
  }
}

export function segmentLabel(segment: Segment, limit: MemoryView['limit']): string {
  return `${segmentName(segment, limit)}: ${formatBytes(segment.bytes)}`;
}
