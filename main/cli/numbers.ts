import type { Context } from './context.ts';
import { UsageError } from './context.ts';
import { parseDuration } from './duration.ts';

/** The whole number that an option was given; undefined: not given. Throws a `UsageError` where it is none, or out of bounds. */
export function readNumber({ value }: Pick<Context, 'value'>, option: string, min: number, max: number): number | undefined {
  const typed = value(option);
  if (typed === undefined) return undefined;
  const number = Number(typed);
  if (!Number.isInteger(number) || number < min || number > max) throw new UsageError(`--${option} takes a whole number from ${min} to ${max}, not ${typed}.`);
  return number;
}

/** More tokens than any model was made for. */
const MAX_CONTEXT = 16_777_216;

export const readContextSize = (context: Pick<Context, 'value'>): number | undefined => readNumber(context, 'context', 4, MAX_CONTEXT);

/** The time that `--for` was given, in seconds. */
export function readTime({ value }: Pick<Context, 'value'>): number | undefined {
  const typed = value('for');
  if (typed === undefined) return undefined;
  const seconds = parseDuration(typed);
  if (seconds === null) throw new UsageError(`--for takes a time such as 45s, 30m, 2h or 1h30m, not ${typed}.`);
  return seconds;
}
