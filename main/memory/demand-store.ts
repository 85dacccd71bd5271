import { existsSync, readFileSync, renameSync } from 'node:fs';
import { z } from 'zod';
import { problem, type Problem } from '../../contract/index.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { createDebouncedWriter } from './debounced-writer.ts';

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
  const { saved, writable } = readDemand(file, now, onProblem);
  let read: (() => SavedDemand) | null = null;
  let told = false;
  const write = async (): Promise<void> => {
    if (read !== null && writable) await writeFileAtomic(file, JSON.stringify(rounded(read())), { mode: 0o600 });
    told = false;
  };
  const writer = createDebouncedWriter(write, WRITE_AFTER_MS, () => {
    if (!told) onProblem(problem('internal', `${file} could not be written.`, 'Check the permissions of the file and its folder, and that the disk is not full.'));
    told = true;
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

function readDemand(file: string, now: () => number, onProblem: (problem: Problem) => void): { saved: SavedDemand | null; writable: boolean } {
  try {
    return { saved: demandFileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))), writable: true };
  } catch {
    if (!existsSync(file)) return { saved: null, writable: true };
  }
  const aside = `${file}.broken-${new Date(now()).toISOString().replace(/[-:.]/g, '')}`;
  try {
    renameSync(file, aside);
  } catch {
    onProblem(problem('bad-file', `${file} could not be read, so how models are used is not remembered.`, 'Check the permissions of the file and its folder, then start Airdock again.'));
    return { saved: null, writable: false };
  }
  onProblem(problem('bad-file', `How models are used had to be learned anew: ${file} was damaged.`, `The old file is kept as ${aside}.`));
  return { saved: null, writable: true };
}
