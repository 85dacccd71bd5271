import type { Plan, Problem } from '../../contract/index.ts';
import type { Context } from './context.ts';
import { exitOf, type Exit } from './exits.ts';

/** What helps in a terminal, where the engine's own hint speaks of buttons. */
const hints: Partial<Record<Problem['code'], string>> = {
  'needs-room': '--force says yes.',
  frozen: '"airdock freeze --off" ends that.',
  pinned: '--force unloads it all the same; "airdock unpin" stops keeping it.',
};

export function hintOf({ code, hint }: Problem): string | undefined {
  return hints[code] ?? hint;
}

/** Says why something was not done; with `--json` also as data. */
export function refuse({ terminal, json }: Pick<Context, 'terminal' | 'json'>, problem: Problem, plan?: Plan): Exit {
  const hint = hintOf(problem);
  terminal.note(hint === undefined ? problem.message : `${problem.message}\n${hint}`);
  if (problem.code === 'no-room' && plan?.mayTryOnce) terminal.note('Its size is only an estimate: --try-once loads it alone, and watched.');
  if (json) printJson({ terminal }, plan ? { problem, plan } : { problem });
  return exitOf(problem);
}

export function printJson({ terminal }: Pick<Context, 'terminal'>, value: unknown): void {
  terminal.print(JSON.stringify(value, null, 2));
}
