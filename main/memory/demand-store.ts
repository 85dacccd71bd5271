import { z } from 'zod';
import type { Problem } from '../../contract/index.ts';
import { openLearningFile } from './learning-file.ts';

const VERSION = 2;
/** Uses come all the time; what a crash loses is the last half minute of them. */
const WRITE_AFTER_MS = 30_000;
const MAX_MODELS = 500;
const MAX_EACH = 64;

const figure = z.number().nonnegative();
const figures = z.array(figure).max(16);
/** The place of a model in `models`. */
const place = z.int().nonnegative().max(MAX_MODELS - 1);
const followers = z.array(z.tuple([place, figure])).max(MAX_EACH);

const demandSchema = z.strictObject({
  version: z.literal(VERSION),
  /** Of all models together; `use` is the number of uses so far. */
  all: z.strictObject({ at: figure, use: figure, counts: figures }),
  last: z.string().nullable(),
  previous: z.string().nullable(),
  weights: figures,
  /** After how many others a model came back; earlier Airdocks did not count it. */
  returns: z.array(figure).max(MAX_EACH).optional(),
  models: z
    .array(
      z.strictObject({
        weights: z.string(),
        at: figure,
        use: figure,
        counts: figures,
        followers,
        /** What followed where the model of that place came before this one. */
        pairs: z.array(z.tuple([place, followers])).max(MAX_EACH),
        times: z.array(figure).max(MAX_EACH),
      }),
    )
    .max(MAX_MODELS),
});

/** What earlier Airdocks wrote. Of it only the times of uses serve. */
const firstSchema = z.strictObject({
  version: z.literal(1),
  all: z.strictObject({ at: figure, counts: figures }),
  last: z.string().nullable(),
  models: z.array(z.strictObject({ weights: z.string(), at: figure, counts: figures, followers: z.array(z.tuple([z.string(), figure])).max(MAX_EACH), times: z.array(figure).max(MAX_EACH) })).max(MAX_MODELS),
});

const fileSchema = z.union([demandSchema, firstSchema]);

/** How much each model is wanted, as it is kept on disk. */
export type SavedDemand = z.infer<typeof demandSchema>;
export type FirstSavedDemand = z.infer<typeof firstSchema>;

export interface DemandStore {
  /** What earlier runs knew; null: nothing. */
  readonly saved: SavedDemand | FirstSavedDemand | null;
  /** It has changed: `read` is asked for it when it is written. */
  changed(read: () => Omit<SavedDemand, 'version'>): void;
  /** Writes what has changed. Never rejects. */
  flush(): Promise<void>;
}

/** Keeps what is wanted in one small file. One that is damaged, or of a newer Airdock, is moved to `<file>.broken-<time>`, and learning starts again. */
export function createDemandStore({ file, now, onProblem = () => undefined }: { file: string; now: () => number; onProblem?: (problem: Problem) => void }): DemandStore {
  let read: () => Omit<SavedDemand, 'version'>;
  const { content: saved, writer } = openLearningFile<SavedDemand | FirstSavedDemand>({
    file,
    schema: fileSchema,
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

const short = (value: number): number => Math.round(value * 1e4) / 1e4;
const shortPairs = (pairs: SavedDemand['models'][number]['followers']): [number, number][] => pairs.map(([id, count]) => [id, short(count)]);

/** Four digits after the point are more than any decision needs. */
function rounded({ all, last, previous, weights, returns, models }: Omit<SavedDemand, 'version'>): SavedDemand {
  return {
    version: VERSION,
    all: { ...all, counts: all.counts.map(short) },
    last,
    previous,
    weights: weights.map(short),
    ...(returns ? { returns: returns.map(short) } : {}),
    models: models.map((model) => ({ ...model, counts: model.counts.map(short), followers: shortPairs(model.followers), pairs: model.pairs.map(([before, then]) => [before, shortPairs(then)]) })),
  };
}
