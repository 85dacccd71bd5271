/** Whose language a client speaks: it decides the form of errors. */
export type Dialect = 'ollama' | 'openai' | 'anthropic';

/**
 * infer: needs a model in memory · manage: changes what is installed · key: changes something else, so it needs the key ·
 * pass: goes to Ollama as it is · the others are answered from what Airdock knows.
 */
export type RouteKind = 'root' | 'version' | 'status' | 'tags' | 'ps' | 'show' | 'models' | 'model' | 'infer' | 'manage' | 'key' | 'pass' | 'health' | 'metrics';

export interface GatewayRoute {
  kind: RouteKind;
  dialect: Dialect;
  /** The same for all requests of a kind, without names in it: a label of `/metrics`. */
  label: string;
}

const exact = new Map<string, GatewayRoute>();
const prefixes: { method: string; path: string; route: GatewayRoute }[] = [];

function add(kind: RouteKind, dialect: Dialect, methods: string, ...paths: string[]): void {
  for (const method of methods.split(' ')) {
    for (const path of paths) {
      if (path.endsWith('/*')) prefixes.push({ method, path: path.slice(0, -1), route: { kind, dialect, label: path } });
      else exact.set(`${method} ${path}`, { kind, dialect, label: path });
    }
  }
}

add('root', 'ollama', 'GET HEAD', '/');
add('version', 'ollama', 'GET HEAD', '/api/version');
add('status', 'ollama', 'GET', '/api/status');
add('tags', 'ollama', 'GET HEAD', '/api/tags');
add('ps', 'ollama', 'GET', '/api/ps');
add('show', 'ollama', 'POST', '/api/show');
add('infer', 'ollama', 'POST', '/api/generate', '/api/chat', '/api/embed', '/api/embeddings');
add('infer', 'openai', 'POST', '/v1/chat/completions', '/v1/completions', '/v1/embeddings', '/v1/responses', '/v1/audio/transcriptions');
add('infer', 'anthropic', 'POST', '/v1/messages');
// It changes nothing, and no Ollama that is known has it: whether it counts or says 404 is Ollama's own answer.
add('pass', 'anthropic', 'POST', '/v1/messages/count_tokens');
add('models', 'openai', 'GET', '/v1/models');
add('model', 'openai', 'GET', '/v1/models/*');
add('manage', 'ollama', 'POST', '/api/pull', '/api/push', '/api/create', '/api/copy');
add('manage', 'ollama', 'DELETE', '/api/delete');
add('key', 'ollama', 'POST', '/api/blobs/*', '/api/me', '/api/signout');
add('key', 'ollama', 'DELETE', '/api/user/keys/*');
// Searching the web changes nothing here, and a model's tools ask for it while they answer.
add('pass', 'ollama', 'POST', '/api/experimental/web_search', '/api/experimental/web_fetch');
add('health', 'ollama', 'GET HEAD', '/health');
add('metrics', 'ollama', 'GET HEAD', '/metrics');

const harmless = new Set(['GET', 'HEAD', 'OPTIONS']);
const labelOfOthers = 'other';

/** null: not the gateway's (the dashboard, Airdock's own API). */
export function routeOf(method: string, path: string, accept: string | undefined): GatewayRoute | null {
  const known = exact.get(`${method} ${path}`);
  // One port serves both: browsers ask for a page, clients for anything or for text.
  if (known?.kind === 'root') return method === 'GET' && accept !== undefined && accept.includes('text/html') ? null : known;
  if (known) return known;
  const ours = path.startsWith('/api/') || path.startsWith('/v1/');
  if (!ours) return null;
  const prefix = prefixes.find((one) => one.method === method && path.startsWith(one.path) && path.length > one.path.length);
  if (prefix) return prefix.route;
  return { kind: harmless.has(method) ? 'pass' : 'key', dialect: path.startsWith('/v1/') ? 'openai' : 'ollama', label: labelOfOthers };
}
