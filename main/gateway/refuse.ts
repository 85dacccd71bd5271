import type { Problem, ProblemCode } from '../../contract/index.ts';
import { sendJson, type Call } from './call.ts';
import { ollamaError } from './ollama/errors.ts';
import { anthropicError, openaiError } from './openai/errors.ts';

export interface Refusal {
  problem: Problem;
  /** The same request may well succeed later. */
  temporary?: boolean;
  /** Where the code alone does not say it. */
  status?: number;
}

/** Statuses as Ollama and OpenAI have them. What is not here is a fault on this side: 500, or 503 where it passes. */
const statuses: Partial<Record<ProblemCode, number>> = {
  'bad-request': 400,
  'ambiguous-model': 400,
  unauthorized: 401,
  forbidden: 403,
  'model-disabled': 403,
  'unknown-model': 404,
  'not-found': 404,
  'in-use': 409,
  pinned: 409,
  'not-letting-go': 409,
  'already-running': 409,
};

/** States that end by themselves or by a click, whatever else is told about them. */
const passing = new Set<ProblemCode>(['frozen', 'cooling-down', 'provider-down', 'over-budget', 'limit-reached', 'cancelled', 'not-running']);

/** Clients that retry by themselves are told when it makes sense. */
const retryAfterSeconds = 10;

export function statusOf({ problem, temporary = false, status }: Refusal): number {
  return status ?? statuses[problem.code] ?? (temporary || passing.has(problem.code) ? 503 : 500);
}

/** The sentence and what to do about it, as one text. */
export function textOf({ message, hint }: Problem): string {
  return hint === undefined ? message : `${message} ${hint}`;
}

/** Refuses in the language of the route: before an answer has begun by its status, after that as far as the language allows it. */
export function refuse(call: Call, refusal: Refusal): void {
  const { response } = call;
  if (response.destroyed || response.writableEnded) return;
  const status = statusOf(refusal);
  const body = errorBody(call, status, refusal.problem);
  if (response.headersSent) return endStreamWith(call, JSON.stringify(body));
  // Clients built on OpenAI's libraries retry every 5xx, unless they are told not to.
  const headers: Record<string, string> = status === 503 ? { 'Retry-After': String(retryAfterSeconds) } : status >= 500 ? { 'x-should-retry': 'false' } : {};
  if (status === 401) headers['WWW-Authenticate'] = 'Bearer';
  sendJson(call, status, body, headers);
}

function errorBody({ route }: Call, status: number, problem: Problem): unknown {
  const text = textOf(problem);
  if (route.dialect === 'openai') return openaiError(status, problem.code, text);
  return route.dialect === 'anthropic' ? anthropicError(status, text) : ollamaError(text, status);
}

/** An event stream that was begun while its client waited: the error is its last event. */
export function endStreamWith({ response, route }: Call, errorText: string): void {
  response.end(route.dialect === 'anthropic' ? `event: error\ndata: ${errorText}\n\n` : `data: ${errorText}\n\n`);
}

/** A refusal of a request whose body was not read to its end: the rest is thrown away for a moment, so that the client gets to read the answer. */
export function refuseAndHangUp(call: Call, refusal: Refusal): void {
  call.response.setHeader('Connection', 'close');
  refuse(call, refusal);
  call.request.resume();
  setTimeout(() => call.request.destroy(), 1000).unref();
}
