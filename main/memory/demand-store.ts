import { z } from 'zod';
import type { Problem } from '../../contract/index.ts';
import { openLearningFile } from './learning-file.ts';

const VERSION = 1;
/** Uses come all the time; what a crash loses is the last half minute of them. */
const WRITE_AFTER_MS = 30_000;
const MAX_MODELS = 500;
const MAX_EACH = 64;

const figure = z.number().nonnegative();
const counts = z.array(figure).max(16);

const demandFileSchema = z.strictObject({
  version: z.literal(VERSION),
  all: z.strictObject({ at: figure, counts }),
  last: z.string().nullable(),
  /** In the order of last use. */
  models: z.array(z.strictObject({ weights: z.string(), at: figure, counts, followers: z.array(z.tuple([z.string(), figure])).max(MAX_EACH), times: z.array(figure).max(MAX_EACH) })).max(MAX_MODELS),
});

/** How much each model is wanted, as it is kept on disk. */
export type SavedDemand = Omit<z.infer<typeof demandFileSchema>, 'version'>;

export interface DemandStore {
  /** What earlier runs knew; null: nothing. */
  readonly saved: SavedDemand | null;
  /** It has changed: `read` is asked for it when it is written. */
  changed(read: () => SavedDemand): void;
  /** Writes what has changed. Never rejects. */
  flush(): Promise<void>;
}

/** Keeps what is wanted in one small file. One that is damaged, or of a newer Airdock, is moved to `<file>.broken-<time>`, and learning starts again. */
export function createDemandStore({ file, now, onProblem = () => undefined }: { file: string; now: () => number; onProblem?: (problem: Problem) => void }): DemandStore {
  let read: () => SavedDemand;
  const { content: saved, writer } = openLearningFile<z.infer<typeof demandFileSchema>>({
    file,
    schema: demandFileSchema,
    now,
    onProblem,
    words: { notRemembered: 'how models are used is not remembered', anew: 'How models are used had to be learned anew' },
    writeAfterMs: WRITE_AFTER_MS,
    next: () => rounded(read()),
  });
  return {
    saved,
    changed(next) {
      read = next;
      writer.changed();
    },
    flush: () => writer.flush(),
  };
}

/** Four digits after the point are more than any decision needs. */
function rounded({ all, last, models }: SavedDemand): z.infer<typeof demandFileSchema> {
  const short = (values: readonly number[]): number[] => values.map((value) => Math.round(value * 1e4) / 1e4);
  return {
    version: VERSION,
    all: { at: all.at, counts: short(all.counts) },
    last,
    models: models.slice(-MAX_MODELS).map((model) => ({ ...model, counts: short(model.counts), followers: model.followers.map(([key, count]) => [key, Math.round(count * 1e4) / 1e4]) })),
  };
}
