import type { CSSProperties } from 'react';
import type { Segment } from '../view/memory-segments.ts';

const fills: Record<Segment['kind'], string> = {
  other: 'bg-other',
  reserve: 'bg-other/45',
  limit: 'hatched',
  model: '',
  booked: 'hatched',
  leaving: 'opacity-40',
  free: 'bg-track',
};

/** Class and style that paint a piece of the bar, and its mark in the legend, alike. */
export function segmentPaint(kind: Segment['kind'], colour: string | null): { className: string; style: CSSProperties } {
  const hatch = { '--hatch': colour ?? 'var(--other)' } as CSSProperties;
  const solid = colour !== null && kind !== 'booked' ? { backgroundColor: colour } : {};
  return { className: fills[kind], style: { ...hatch, ...solid } };
}

export function Swatch({ kind, colour }: { kind: Segment['kind']; colour: string | null }) {
  const paint = segmentPaint(kind, colour);
  const border = kind === 'free' ? 'border border-line-strong' : '';
  return <span data-swatch aria-hidden="true" className={`inline-block size-2.5 shrink-0 rounded-[3px] ${border} ${paint.className}`} style={paint.style} />;
}
