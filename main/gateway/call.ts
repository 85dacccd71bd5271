import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Client } from './client-name.ts';
import type { GatewayRoute } from './routes.ts';

/** One request of a client on its way through the gateway. */
export interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  /** Without the query. */
  path: string;
  route: GatewayRoute;
  client: Client;
}

/** The client has gone, or has its whole answer. */
export function isOver({ response }: Call): boolean {
  return response.closed || response.destroyed;
}

/** What the web server puts on pages has no place on an answer that is passed on as it came; what it allows to other origins has. */
export function clearPageHeaders(response: ServerResponse): void {
  for (const name of response.getHeaderNames()) {
    if (name !== 'vary' && !name.startsWith('access-control-')) response.removeHeader(name);
  }
}

/** The head of an answer as it came, beside what the web server allows to other origins. `headers`: names and values in turn. */
export function passHead(response: ServerResponse, status: number, statusText: string | undefined, headers: string[]): void {
  if (response.getHeaderNames().length === 0) return void response.writeHead(status, statusText, headers);
  clearPageHeaders(response);
  // Where some are set already, Node 20 takes but the last of several of one name. A page's answer depends on its origin whatever else it depends on.
  for (let i = 0; i < headers.length; i += 2) if (headers[i]!.toLowerCase() !== 'vary') response.removeHeader(headers[i]!);
  for (let i = 0; i < headers.length; i += 2) response.appendHeader(headers[i]!, headers[i + 1]!);
  response.writeHead(status, statusText);
}

/** One JSON text as the whole answer, in the way of Ollama's server. */
export function sendJson({ request, response }: Call, status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': body.length, ...headers });
  response.end(request.method === 'HEAD' ? undefined : body);
}

export function sendText({ request, response }: Call, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  const body = Buffer.from(text);
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}
