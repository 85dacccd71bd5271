import type { IncomingMessage, ServerResponse } from 'node:http';
import { formatList, invokeOperation, operations, problem, type OperationHandlers, type OperationName } from '../../contract/index.ts';
import type { Caller } from './authenticate.ts';
import { nameOf } from './callers.ts';
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

  const controller = new AbortController();
  const onClose = (): void => {
    if (!response.writableFinished) controller.abort();
  };
  response.once('close', onClose);
  const called = await invokeOperation(call.handlers, call.name, input, { signal: controller.signal, caller: nameOf(request, call.caller) });
  response.off('close', onClose);
  // Whoever has left hears of nothing, and a call that ended because of it is no fault.
  if (response.destroyed) return;
  if (called.ok) return sendJson(response, 200, called.value);
  if (called.because === 'input') return sendProblem(response, 400, called.problem);
  call.onFault(called.fault);
  sendProblem(response, 500, called.problem);
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
