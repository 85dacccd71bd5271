import type { Problem } from '../../contract/index.ts';

/** What the exit code of every command means. 130 as everywhere: ended by Ctrl+C before it was done. */
export const exits = { done: 0, refused: 1, usage: 2, notRunning: 3, interrupted: 130 } as const;
export type Exit = (typeof exits)[keyof typeof exits];

export function exitOf(problem: Problem): Exit {
  return problem.code === 'not-running' ? exits.notRunning : exits.refused;
}
