import { AirdockError, toProblem, type ModelInUse, type Problem, type Recommended } from '../../contract/index.ts';
import type { RunPort } from './ports.ts';

export interface RunOptions {
  /** What becomes of a model that was loaded for its files. Default: it stays until it is idle for too long. */
  afterwards?: 'keep' | 'unload' | undefined;
  /** Unload unused models to make room. */
  force?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

/** What became of one file; `index`: its position in the list that was asked about. */
export type FileResult<T> = { index: number; model: { id: string; name: string } | null } & ({ ok: true; value: T } | { ok: false; problem: Problem });

/**
 * Runs a batch through the manager, group after group: loads the model, holds it while `work` has its files one by one, and lets it go. A model that cannot
 * be loaded costs its own files alone. Leaving the loop lets go of the model too.
 */
export async function* runGroups<T>(
  { groups, left, recommendations }: Pick<Recommended, 'groups' | 'left' | 'recommendations'>,
  work: (index: number, model: ModelInUse) => Promise<T> | T,
  manager: RunPort,
  { afterwards = 'keep', force = false, signal }: RunOptions = {},
): AsyncGenerator<FileResult<T>, void, undefined> {
  for (const index of left) yield { index, model: null, ok: false, problem: { code: 'not-found', message: recommendations[index]?.reason ?? 'No model is right for it.' } };

  for (const { id, name, files, contextLength } of groups) {
    const model = { id, name };
    const loaded = await manager.loadModel(id, { force, ...(contextLength === null ? {} : { contextLength }), ...(signal ? { signal } : {}) }).catch(failed);
    const held = loaded.ok ? await hold(manager, id, { force, ...(signal ? { signal } : {}) }).catch(failed) : loaded;
    if (!held.ok) {
      for (const index of files) yield { index, model, ok: false, problem: held.problem };
      continue;
    }
    try {
      for (const index of files) yield await workOn(index, model, () => work(index, held.value.model), signal);
    } finally {
      await held.value.release();
      if (afterwards === 'unload' && loaded.ok && !loaded.value.already) await manager.unloadModel(id).catch(failed);
    }
  }
}

async function workOn<T>(index: number, model: { id: string; name: string }, work: () => Promise<T> | T, signal: AbortSignal | undefined): Promise<FileResult<T>> {
  try {
    if (signal?.aborted) throw new AirdockError({ code: 'cancelled', message: 'The batch was cancelled.' });
    return { index, model, ok: true, value: await work() };
  } catch (error) {
    return { index, model, ok: false, problem: toProblem(error) };
  }
}

const failed = (error: unknown): { ok: false; problem: Problem } => ({ ok: false, problem: toProblem(error) });

/** `use` as something that is begun and ended. */
function hold(manager: RunPort, id: string, options: { force: boolean; signal?: AbortSignal }): Promise<{ ok: true; value: { model: ModelInUse; release(): Promise<void> } }> {
  return new Promise((resolve, reject) => {
    let end = (): void => undefined;
    const ended = new Promise<void>((done) => (end = done));
    const using: Promise<void> = manager.use(
      id,
      (model) => {
        const release = async (): Promise<void> => {
          end();
          // What went wrong with the use has come up in the work.
          await using.catch(() => undefined);
        };
        resolve({ ok: true, value: { model, release } });
        return ended;
      },
      options,
    );
    using.catch(reject);
  });
}
