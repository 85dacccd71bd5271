import { z } from 'zod';

/** Every way an operation can fail, as a client sees it. Stable: scripts match on these. */
export const problemCodes = [
  'unknown-model',
  'ambiguous-model',
  'model-disabled',
  'needs-room',
  'no-room',
  'too-big',
  'limit-reached',
  'over-budget',
  'frozen',
  'in-use',
  'pinned',
  'foreign',
  'cooling-down',
  'provider-down',
  'load-failed',
  'load-timeout',
  'out-of-memory',
  'pressure-limit',
  'cancelled',
  'not-loaded',
  'not-letting-go',
  'unload-failed',
  'generate-failed',
  'lease-gone',
  'bad-file',
  'bad-folder',
  'disk-full',
  'download-failed',
  'delete-failed',
  'bad-config',
  'bad-key',
  'bad-request',
  'unauthorized',
  'forbidden',
  'not-found',
  'not-running',
  'already-running',
  'watch-only',
  'internal',
] as const;

export const problemCodeSchema = z.enum(problemCodes);
export type ProblemCode = z.infer<typeof problemCodeSchema>;

/** A failure as data: a code for programs, one sentence and a hint for people. */
export const problemSchema = z.object({
  code: problemCodeSchema,
  /** One clear sentence, without a stack and without a secret. */
  message: z.string(),
  /** What to do about it. */
  hint: z.string().optional(),
});
export type Problem = z.infer<typeof problemSchema>;

export function problem(code: ProblemCode, message: string, hint?: string): Problem {
  return hint === undefined ? { code, message } : { code, message, hint };
}

/** A `Problem` thrown where a rejected promise is the natural shape (`use`, the HTTP client). */
export class AirdockError extends Error {
  override readonly name = 'AirdockError';
  readonly code: ProblemCode;
  readonly hint: string | undefined;

  constructor(cause: Problem) {
    super(cause.message);
    this.code = cause.code;
    this.hint = cause.hint;
  }

  toProblem(): Problem {
    return problem(this.code, this.message, this.hint);
  }
}

/** Any thrown value as a `Problem`; what is not ours becomes `internal`. */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof AirdockError) return thrown.toProblem();
  return problem('internal', thrown instanceof Error ? thrown.message : String(thrown));
}
