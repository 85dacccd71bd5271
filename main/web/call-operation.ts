import type { IncomingMessage, ServerResponse } from 'node:http';
import { callerHeader, formatList, operations, problem, type CallContext, type OperationHandlers, type OperationName, type ParsedInput, type Problem } from '../../contract/index.ts';
import type { Caller } from './authenticate.ts';
import { readJsonBody } from './read-body.ts';
import { sendJson, sendProblem, sendProblemAndHangUp } from './respond.ts';

const MAX_BODY = 1024 * 1024;

export interface OperationCall {
  name: OperationName;
  caller: Caller;
  query: URLSearchParams;
  handlers: OperationHandlers;
  onFault(error: unknown): void;
}

export function isOperation(name: string): name is OperationName {
  return Object.hasOwn(operations, name);
}

/** Runs one operation of the contract for one request. The handler's signal is aborted when the client goes away. */
export async function callOperation(request: IncomingMessage, response: ServerResponse, call: OperationCall): Promise<void> {
  const methods = operations[call.name].access === 'read' ? ['GET', 'HEAD', 'POST'] : ['POST'];
  if (!methods.includes(request.method ?? '')) {
    const cause = problem('bad-request', `${call.name} is called with ${formatList(methods)}, not ${request.method}.`);
    return sendProblem(response, 405, cause, { allow: methods.join(', ') });
  }
  const posted = request.method === 'POST';
  // A form of another page can send any text, but not this type.
  if (posted && call.caller === 'cookie' && !/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    return sendProblemAndHangUp(request, response, 415, problem('bad-request', 'The body must be JSON with content-type application/json.'));
  }
  const input = posted ? await readPosted(request, response) : fromQuery(call.query);
  if (input === null) return;

  // Strict: a misspelt `force` must not go by unnoticed.
  const parsed = operations[call.name].input.strict().safeParse(input);
  if (!parsed.success) return sendProblem(response, 400, badInput(call.name, parsed.error.issues));

  const controller = new AbortController();
  const onClose = (): void => {
    if (!response.writableFinished) controller.abort();
  };
  response.once('close', onClose);
  try {
    const output = await invoke(call.handlers, call.name, parsed.data, { signal: controller.signal, caller: nameOf(request, call.caller) });
    if (!response.destroyed) sendJson(response, 200, output);
  } catch (error) {
    if (response.destroyed) return;
    call.onFault(error);
    sendProblem(response, 500, problem('internal', `Airdock failed at ${call.name}.`, 'The details are in Airdock’s own output.'));
  } finally {
    response.off('close', onClose);
  }
}

function invoke(handlers: OperationHandlers, name: OperationName, input: unknown, context: CallContext): Promise<unknown> {
  // The table ties each input to its handler, which TypeScript cannot follow through a name known only at run time.
  const handler = handlers[name] as (input: ParsedInput<OperationName>, context: CallContext) => Promise<unknown>;
  return handler(input as ParsedInput<OperationName>, context);
}

async function readPosted(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  const body = await readJsonBody(request, MAX_BODY);
  if (body.kind === 'json') return body.value ?? {};
  if (body.kind === 'not-json') sendProblem(response, 400, problem('bad-request', 'The body is not valid JSON.'));
  if (body.kind === 'too-large') sendProblemAndHangUp(request, response, 413, problem('bad-request', 'The body is larger than 1 MB.'));
  if (body.kind === 'too-slow') sendProblemAndHangUp(request, response, 408, problem('bad-request', 'The body did not arrive within 30 seconds.'));
  return null;
}

/** A query has only texts; what reads as a number is one, except where the operation wants a model's name. */
function fromQuery(query: URLSearchParams): Record<string, unknown> {
  return Object.fromEntries([...query].map(([key, value]) => [key, key !== 'model' && /^\d{1,15}(\.\d+)?$/.test(value) ? Number(value) : value]));
}

function badInput(name: OperationName, issues: readonly { path: PropertyKey[]; message: string }[]): Problem {
  const words = issues.slice(0, 3).map((issue) => (issue.path.length > 0 ? `${issue.path.map(String).join('.')}: ${issue.message}` : issue.message));
  return problem('bad-request', `The input of ${name} is wrong: ${words.join('; ')}.`);
}

function nameOf(request: IncomingMessage, caller: Caller): string {
  const told = request.headers[callerHeader];
  const name = typeof told === 'string' ? told.replace(/[^\x20-\x7e]/g, '').trim().slice(0, 100) : '';
  return name || (caller === 'cookie' ? 'dashboard' : 'script');
}
