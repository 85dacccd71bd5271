import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { problem, type Problem } from '../../contract/index.ts';
import { isOwnOrigin, printable } from './guard.ts';
import { sendJson } from './respond.ts';

/** What programs ask of the gateway, in Ollama's or OpenAI's language, as opposed to the dashboard and its API. */
export function isAppPath(path: string): boolean {
  return path.startsWith('/v1/') || path.startsWith('/api/') || path === '/v1' || path === '/api' || path === '/metrics' || path === '/health';
}

/**
 * Schemes of desktop apps' own pages, and Tauri's names on Windows. A browser loads no page from these, so whoever sends them is a program
 * on this computer, and that could leave out the header just as well. Not among them: file:// and extensions, which come from elsewhere.
 */
const appOrigin = /^(app|tauri|vscode-webview|vscode-file):\/\/|^https?:\/\/tauri\.localhost$/;

/** An entry of gateway.allowed_origins: one origin, or all of a scheme that is not the web's ("chrome-extension://*"). */
function matches(entry: string, origin: string): boolean {
  const wanted = entry.trim().toLowerCase().replace(/\/+$/, '');
  const every = /^(?!https?:)([a-z][a-z0-9+.-]*:\/\/)\*$/.exec(wanted)?.[1];
  return every === undefined ? wanted === origin : origin.startsWith(every);
}

/** Why a page may not send this request to the gateway's routes; null: it may, or no page sends it. */
export function refuseForeignApp(headers: IncomingHttpHeaders, options: { allowed: readonly string[]; kind: 'loopback' | 'own' | 'listed'; hasKey: boolean }): Problem | null {
  const site = headers['sec-fetch-site'];
  const origin = headers.origin?.toLowerCase();
  if (origin === undefined) {
    // A page can ask for pictures and scripts without naming itself. It cannot show a key on that way.
    if (site === undefined || site === 'none' || site === 'same-origin' || options.hasKey) return null;
    return problem('forbidden', `A ${printable(String(site))} page that does not name its origin may not use models.`, 'A page whose origin is in gateway.allowed_origins may, by requests that name it (fetch with mode "cors").');
  }
  if (origin === 'null') {
    const hint = 'Serve the page from an address of its own and add that to gateway.allowed_origins.';
    return problem('forbidden', 'Pages without an origin of their own ("null": a file, a sandboxed frame) may not use models: it could be any page.', hint);
  }
  if (isOwnOrigin(headers, options.kind) || appOrigin.test(origin) || options.allowed.some((entry) => matches(entry, origin))) return null;
  return problem('forbidden', `Pages of ${printable(origin)} may not use models.`, `To allow it, add ${printable(JSON.stringify(origin))} to gateway.allowed_origins.`);
}

/** Lets a page that may ask read the answers. For origins that have been checked. */
export function allowReading(request: IncomingMessage, response: ServerResponse): void {
  const { origin } = request.headers;
  // Also without one: a cache must not hand the one answer to the other. It keeps none of those to programs that post.
  if (origin !== undefined || request.method !== 'POST') response.setHeader('vary', 'Origin');
  if (origin === undefined) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-expose-headers', 'Retry-After');
  response.setHeader('cross-origin-resource-policy', 'cross-origin');
}

/** A browser's question before the real request, answered; false: it is none. For origins that have been checked. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.method !== 'OPTIONS') return false;
  const { origin, 'access-control-request-method': method, 'access-control-request-headers': names = '' } = request.headers;
  if (origin === undefined || method === undefined) return false;
  response.setHeader('vary', 'Origin, Access-Control-Request-Headers');
  response.setHeader('access-control-allow-methods', 'GET, HEAD, POST, DELETE');
  // Clients send many headers of their own; none of them opens anything.
  if (/^[\w!#$%&'*+.^`|~, -]{1,4000}$/.test(names)) response.setHeader('access-control-allow-headers', names);
  if (request.headers['access-control-request-private-network'] === 'true') response.setHeader('access-control-allow-private-network', 'true');
  response.setHeader('access-control-max-age', '600');
  response.writeHead(204).end();
  return true;
}

/** A refusal in the language of the route: OpenAI's and Anthropic's clients look for `error.message`, Ollama's for `error`. */
export function sendAppRefusal(response: ServerResponse, path: string, status: number, cause: Problem, headers: Readonly<Record<string, string>> = {}): void {
  const message = [cause.message, cause.hint].filter(Boolean).join(' ');
  if (/^\/v1(\/|$)/.test(path)) return sendJson(response, status, { type: 'error', error: { type: openAiTypes[status] ?? 'api_error', message, code: cause.code, param: null } }, headers);
  if (/^\/api(\/|$)/.test(path)) return sendJson(response, status, { error: message }, headers);
  sendJson(response, status, { ok: false, problem: cause }, headers);
}

/** The two have the same names for these. */
const openAiTypes: Readonly<Record<number, string>> = { 400: 'invalid_request_error', 401: 'authentication_error', 403: 'permission_error', 429: 'rate_limit_error' };
