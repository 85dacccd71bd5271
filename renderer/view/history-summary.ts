import type { MemorySample } from '../../contract/index.ts';
import { formatBytes } from '../text/format.ts';
import { text } from '../text/text.ts';
import type { HistoryMark } from './history-marks.ts';
import { clockTime } from './times.ts';

/** The picture in a sentence or two, for who does not see it. */
export function historySummary(samples: readonly MemorySample[], marks: readonly HistoryMark[]): string {
  const [first] = samples;
  if (first === undefined) return text.history.empty;
  const tightest = samples.reduce((least, sample) => (sample.free < least.free ? sample : least), first);
  const models = samples.map((sample) => sample.models);
  return text.history.summary({
    least: formatBytes(Math.max(0, tightest.free)),
    leastAt: clockTime(tightest.at),
    from: formatBytes(Math.min(...models)),
    to: formatBytes(Math.max(...models)),
    events: marks.reduce((sum, mark) => sum + mark.entries.length, 0),
  });
}
