import type { ToolAnswer } from './keychain.ts';
import type { ToolRun } from './run-tool.ts';

type Ended = Extract<ToolRun, { kind: 'ended' }>;

/** What a program's end means: `read` has the exit codes that it knows, and gives undefined for a failure. */
export function answerOf<T>(run: ToolRun, read: (ended: Ended) => T | undefined): ToolAnswer<T> {
  if (run.kind === 'missing') return { ok: false, why: 'missing' };
  if (run.kind === 'late') return { ok: false, why: 'late', afterMs: run.afterMs };
  const value = read(run);
  return value === undefined ? { ok: false, why: 'failed', words: run.stderr } : { ok: true, value };
}
