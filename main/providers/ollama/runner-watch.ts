import type { Runner, RunnerFinder } from './runners.ts';

/** A walk over all processes costs milliseconds: where it found nothing it is not repeated at every poll. */
const rescanMs = 30_000;
const rescanDeadMs = 5_000;

export interface RunnerWatch {
  /** The process that holds these weights, looked for where it is not known; null where there is none to be seen. */
  runnerOf(weights: string, blobPath: string | null, options?: { rescan?: boolean }): Runner | null;
  /** Its process was known, has ended, and no other has taken its place. */
  hasDied(weights: string): boolean;
  forget(weights: string): void;
}

/** Remembers which process holds which weights, so that /proc is walked once per runner. */
export function createRunnerWatch(finder: RunnerFinder, now: () => number): RunnerWatch {
  const known = new Map<string, { runner: Runner | null; died: boolean; scanAt: number }>();

  return {
    runnerOf(weights, blobPath, { rescan = false } = {}) {
      const entry = known.get(weights);
      if (entry?.runner && finder.isAlive(entry.runner)) return entry.runner;
      if (blobPath === null) return null;
      const died = entry !== undefined && (entry.runner !== null || entry.died);
      const due = rescan || entry === undefined || entry.runner !== null || now() >= entry.scanAt;
      const runner = due ? finder.find(blobPath) : null;
      known.set(weights, { runner, died: runner === null && died, scanAt: due ? now() + (died ? rescanDeadMs : rescanMs) : entry.scanAt });
      return runner;
    },
    hasDied: (weights) => known.get(weights)?.died ?? false,
    forget: (weights) => void known.delete(weights),
  };
}
