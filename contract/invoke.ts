import { problem, type Problem } from './errors.ts';
import { operations, type CallContext, type OperationHandlers, type OperationName, type ParsedInput } from './operations.ts';

/**
 * What became of a call. `value` is the operation's own output, refusals included; a `problem` is about the call itself:
 * its `input` was wrong, or the handler failed, and then `fault` is what it threw.
 */
export type Invocation =
  | { ok: true; value: unknown }
  | { ok: false; because: 'input'; problem: Problem }
  | { ok: false; because: 'fault'; problem: Problem; fault: unknown };

/** Checks the input of an operation and runs its handler: the one way in for every surface. Never throws or rejects. */
export async function invokeOperation(handlers: OperationHandlers, name: OperationName, input: unknown, context: CallContext): Promise<Invocation> {
  try {
    // Strict: a misspelt `force` must not go by unnoticed.
    const parsed = operations[name].input.strict().safeParse(input);
    if (!parsed.success) return { ok: false, because: 'input', problem: badInput(name, parsed.error.issues) };
    // The table ties each input to its handler, which TypeScript cannot follow through a name known only at run time.
    const handler = handlers[name] as (input: ParsedInput<OperationName>, context: CallContext) => Promise<unknown>;
    return { ok: true, value: await handler(parsed.data as ParsedInput<OperationName>, context) };
  } catch (fault) {
    return { ok: false, because: 'fault', problem: problem('internal', `Airdock failed at ${name}.`, 'The details are in Airdock’s own output.'), fault };
  }
}

function badInput(name: OperationName, issues: readonly { path: PropertyKey[]; message: string }[]): Problem {
  return problem('bad-request', `The input of ${name} is wrong: ${issuesInWords(issues)}.`);
}

/** The first three things that a schema did not like. */
export function issuesInWords(issues: readonly { path: PropertyKey[]; message: string }[]): string {
  const words = issues.slice(0, 3).map((issue) => (issue.path.length > 0 ? `${issue.path.map(String).join('.')}: ${issue.message}` : issue.message));
  return words.join('; ');
}
