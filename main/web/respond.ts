import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Problem } from '../../contract/index.ts';

/** On every answer: nothing may be loaded from elsewhere, framed, sniffed, or read by another origin. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

export function setSecurityHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
}

export function sendJson(response: ServerResponse, status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length, 'cache-control': 'no-store', ...headers });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

export function sendProblem(response: ServerResponse, status: number, problem: Problem, headers: Readonly<Record<string, string>> = {}): void {
  sendJson(response, status, { ok: false, problem }, headers);
}

/** An answer to a request whose body was not read to its end: what comes is thrown away for a moment, so that the sender gets to read the answer. */
export function sendProblemAndHangUp(request: IncomingMessage, response: ServerResponse, status: number, problem: Problem): void {
  sendProblem(response, status, problem, { connection: 'close' });
  request.resume();
  setTimeout(() => request.destroy(), 1000).unref();
}
