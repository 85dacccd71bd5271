import type { Problem } from '../../contract/index.ts';

/** The problem inside an answer that is no operation's output: bare, or under `problem` or `error`. */
export function problemIn(answer: unknown): Problem | null {
  if (typeof answer !== 'object' || answer === null) return null;
  if ('code' in answer && 'message' in answer && typeof answer.message === 'string') return answer as Problem;
  if ('problem' in answer) return problemIn(answer.problem);
  if ('error' in answer) return problemIn(answer.error);
  return null;
}
