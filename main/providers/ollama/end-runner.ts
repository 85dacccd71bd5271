import { problem } from '../../../contract/index.ts';
import type { Problem } from '../../../contract/index.ts';
import type { Runner, RunnerFinder } from './runners.ts';
import { pause } from '../wait.ts';

const politeMs = 3_000;
const hardMs = 5_000;

/** Ends a runner's process: SIGTERM, after 3 s SIGKILL. Before each signal it is looked at again: the pid must still be that very process. */
export async function endRunnerProcess(
  runner: Runner | null,
  name: string,
  finder: RunnerFinder,
): Promise<{ ok: true } | { ok: false; problem: Problem }> {
  const restart = 'Restart Ollama to get its memory back.';
  const failed = (what: string) => ({ ok: false, problem: problem('unload-failed', `The process that holds ${name} ${what}.`, restart) }) as const;
  if (runner === null) return failed('cannot be seen from here');
  if (!runner.own) return failed('belongs to another user');
  for (const [signal, patienceMs] of [['SIGTERM', politeMs], ['SIGKILL', hardMs]] as const) {
    if (!finder.isAlive(runner)) return { ok: true };
    try {
      process.kill(runner.pid, signal);
    } catch {
      // It ended in between, or may not be signalled: the next look tells which.
    }
    const end = Date.now() + patienceMs;
    while (Date.now() < end) {
      if (!finder.isAlive(runner)) return { ok: true };
      await pause(20);
    }
  }
  return failed(`(${runner.pid}) did not end`);
}
