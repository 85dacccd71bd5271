import { modelTasks, problem, type ModelInUse, type ModelManager, type ModelTask, type Outcome, type Recommendation, type Recommended } from '../../contract/index.ts';
import type { FileSample } from './files/identify.ts';
import { readHead } from './files/read-head.ts';
import { portOf } from './manager-port.ts';
import type { RecommendSettings } from './ports.ts';
import { createRecommender, type BatchOptions, type RecommendOptions } from './recommender.ts';
import { runGroups, type FileResult, type RunOptions } from './run.ts';
import { withUnreadable } from './unreadable.ts';

/** What a model is wanted for: a task by its name, a MIME type ("image/png"), or else the path of a file; or what is known of a file that is not on this disk. */
export type RecommendSubject = string | { name?: string; mime?: string; sizeBytes?: number; head?: Uint8Array };

export interface ModelRecommender {
  recommend(subject: RecommendSubject, options?: RecommendOptions): Promise<Outcome<Recommendation>>;
  /** Groups a batch, so that files of one model run together. What cannot be read is left, with the reason. */
  recommendMany(subjects: readonly RecommendSubject[], options?: RecommendOptions): Promise<Outcome<Recommended>>;
  /**
   * Runs the batch: loads the model of each group, calls `work` for its files one by one, then keeps or unloads it. One result for each subject, in
   * the order in which they ran. Models that are online, or that a server brings by itself, have no part in it: they cannot be held.
   */
  run<T>(subjects: readonly RecommendSubject[], work: (subject: RecommendSubject, model: ModelInUse) => Promise<T> | T, options?: Pick<RecommendOptions, 'task'> & RunOptions): AsyncGenerator<FileResult<T>, void, undefined>;
}

const mimePattern = /^(application|audio|font|image|message|model|multipart|text|video)\/[\w.+-]+$/;

/** Recommends what `provider` (a manager) could load. Reads the first bytes of a file, and no more; nothing of it leaves this process. */
export function createModelRecommender({ provider, settings }: { provider: ModelManager; settings: () => Promise<RecommendSettings> }): ModelRecommender {
  const recommender = createRecommender({ provider: portOf(provider, settings) });

  async function recommendMany(subjects: readonly RecommendSubject[], options: BatchOptions = {}): Promise<Outcome<Recommended>> {
    if (subjects.length === 0) return { ok: false, problem: problem('bad-request', 'No file was named.') };
    return withUnreadable(await Promise.all(subjects.map(sampleOf)), (files) => recommender.recommend(files, options));
  }

  return {
    recommendMany: (subjects, { task, allowOnline } = {}) => recommendMany(subjects, { task, allowOnline }),

    async recommend(subject, options = {}) {
      const task = taskOf(subject);
      const sample = task === null ? await sampleOf(subject) : null;
      if (sample?.ok === false) return sample;
      const outcome = await recommender.recommend(sample ? [sample.value] : [], task === null ? options : { ...options, task });
      if (!outcome.ok) return outcome;
      const [first] = outcome.value.recommendations;
      return first ? { ok: true, value: first } : { ok: false, problem: problem('internal', 'Nothing was decided.') };
    },

    async *run(subjects, work, { task, ...options } = {}) {
      const outcome = await recommendMany(subjects, { task, heldOnly: true });
      if (!outcome.ok) {
        for (const index of subjects.keys()) yield { index, model: null, ok: false, problem: outcome.problem };
        return;
      }
      yield* runGroups(outcome.value, (index, model) => work(subjects[index] ?? '', model), provider, options);
    },
  };
}

function taskOf(subject: RecommendSubject): ModelTask | null {
  return modelTasks.find((task) => task === subject) ?? null;
}

async function sampleOf(subject: RecommendSubject): Promise<Outcome<FileSample>> {
  if (typeof subject !== 'string') return { ok: true, value: { name: subject.name ?? null, sizeBytes: subject.sizeBytes ?? null, mime: subject.mime ?? null, head: subject.head ?? null } };
  if (mimePattern.test(subject)) return { ok: true, value: { name: null, sizeBytes: null, mime: subject, head: null } };
  return readHead(subject);
}
