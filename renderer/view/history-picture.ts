import type { MemorySample } from '../../contract/index.ts';
import { historyMs, sampleEveryMs } from '../store/history.ts';

/** The picture's own units: a second is one wide, and it is this high. */
export const pictureWidth = historyMs / 1_000;
export const pictureHeight = 100;

/** More than this between two samples: nobody looked, because the computer slept or Airdock was not running. */
const gapMs = sampleEveryMs * 3;

export interface HistoryPicture {
  /** Paths of SVG; one for each stretch without a gap is put together into one. */
  otherArea: string;
  modelsArea: string;
  modelsLine: string;
  /** Where nothing is known, as shares (0 to 1) of the width. The time before the first sample is one too. */
  gaps: readonly { from: number; to: number }[];
  /** Where the end of the memory is, as a share of the height from above. */
  limit: number;
}

/** Stretches of samples that follow each other without a gap. */
function stretches(samples: readonly MemorySample[]): MemorySample[][] {
  const all: MemorySample[][] = [];
  for (const sample of samples) {
    const current = all.at(-1);
    const last = current?.at(-1);
    if (current !== undefined && last !== undefined && sample.at - last.at <= gapMs) current.push(sample);
    else all.push([sample]);
  }
  return all;
}

const fixed = (value: number) => String(Math.round(value * 10) / 10);

/** What held the memory until `end` (ms since the epoch), in bytes of `total`. */
export function historyPicture(samples: readonly MemorySample[], end: number, total: number): HistoryPicture {
  const most = samples.reduce((top, { models, otherPrograms }) => Math.max(top, models + otherPrograms), total);
  const x = (at: number) => pictureWidth - (end - at) / 1_000;
  const y = (bytes: number) => pictureHeight * (1 - bytes / most);
  const point = (at: number, bytes: number) => `${fixed(x(at))} ${fixed(y(bytes))}`;
  const seen = samples.filter(({ at }) => end - at <= historyMs && at <= end);

  let otherArea = '';
  let modelsArea = '';
  let modelsLine = '';
  const gaps: { from: number; to: number }[] = [];
  let known = end - historyMs;
  for (const stretch of stretches(seen)) {
    const first = stretch[0]!;
    const last = stretch.at(-1)!;
    if (first.at - known > gapMs) gaps.push({ from: x(known) / pictureWidth, to: x(first.at) / pictureWidth });
    known = last.at;
    const others = stretch.map(({ at, otherPrograms }) => point(at, otherPrograms));
    const both = stretch.map(({ at, otherPrograms, models }) => point(at, otherPrograms + models));
    otherArea += `M${point(first.at, 0)}L${others.join('L')}L${point(last.at, 0)}Z`;
    modelsArea += `M${both.join('L')}L${others.toReversed().join('L')}Z`;
    modelsLine += `M${both.join('L')}`;
  }
  if (end - known > gapMs) gaps.push({ from: x(known) / pictureWidth, to: 1 });
  return { otherArea, modelsArea, modelsLine, gaps, limit: 1 - total / most };
}

/** The sample at this share (0 to 1) of the width; null in a gap. */
export function sampleAt(samples: readonly MemorySample[], end: number, share: number): MemorySample | null {
  const at = end - historyMs * (1 - share);
  let nearest: MemorySample | null = null;
  for (const sample of samples) if (Math.abs(sample.at - at) < Math.abs((nearest?.at ?? -Infinity) - at)) nearest = sample;
  return nearest !== null && Math.abs(nearest.at - at) <= gapMs / 2 ? nearest : null;
}
