import { z } from 'zod';
import type { Problem } from '../../contract/index.ts';
import { openLearningFile } from './learning-file.ts';

const VERSION = 1;
/** Loads and unloads of a moment are one write. What has just been loaded is not made to wait for it. */
const WRITE_AFTER_MS = 2_000;
/** No computer holds more. */
const MAX_MODELS = 100;

const savedLoadedSchema = z.strictObject({
  provider: z.string(),
  /** The server, which the settings may exchange. */
  url: z.string(),
  weights: z.string(),
  contextLength: z.number().nullable(),
  pid: z.int().nullable(),
  loadedBy: z.string().nullable(),
  /** Ms since the epoch, as are the others. */
  lastUsedAt: z.number().nullable(),
  expiresAt: z.number().nullable(),
  /** When it was last known to be in memory. */
  at: z.number(),
});
const fileSchema = z.strictObject({ version: z.literal(VERSION), models: z.array(savedLoadedSchema).max(MAX_MODELS) });

/** A model that Airdock has in the memory of a server, as it is kept on disk. */
export type SavedLoaded = z.infer<typeof savedLoadedSchema>;

export interface LoadedStore {
  /** What the Airdock before this one had. */
  readonly saved: readonly SavedLoaded[];
  /** It has changed: written soon. */
  changed(models: readonly SavedLoaded[]): void;
  /** Writes what has changed. Never rejects. */
  flush(): Promise<void>;
}

/** Keeps what is in servers' memory in one small file. A damaged one is moved to `<file>.broken-<time>`. */
export function createLoadedStore({ file, now, onProblem = () => undefined }: { file: string; now: () => number; onProblem?: (problem: Problem) => void }): LoadedStore {
  let models: readonly SavedLoaded[] = [];
  const { content, writer } = openLearningFile({
    file,
    schema: fileSchema,
    now,
    onProblem,
    words: { notRemembered: 'models that stay in memory when Airdock ends count as other programs’ afterwards', anew: 'Models that stayed in memory when Airdock ended count as other programs’' },
    writeAfterMs: WRITE_AFTER_MS,
    next: () => ({ version: VERSION, models: models.slice(-MAX_MODELS) }),
  });
  return {
    saved: content?.models ?? [],
    changed(next) {
      models = next;
      writer.changed();
    },
    flush: () => writer.flush(),
  };
}
