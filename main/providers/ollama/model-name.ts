/** A model's name as Ollama reads it: `[host/][namespace/]model[:tag]`. */
export interface ModelName {
  /** Of the registry; null: the one that Ollama has by itself. */
  host: string | null;
  namespace: string;
  model: string;
  tag: string;
}

const part = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,79}$/;
const hostPart = /^(?:\[[0-9a-f:]+\]|[A-Za-z0-9][A-Za-z0-9.-]{0,349})(?::\d{1,5})?$/i;

/** null: no name that Ollama would take. A scheme before it is left off, as Ollama does. */
export function parseModelName(text: string): ModelName | null {
  const bare = text.trim().replace(/^https?:\/\//i, '');
  const pieces = bare.split('/');
  const last = pieces.pop() ?? '';
  const colon = last.indexOf(':');
  const model = colon === -1 ? last : last.slice(0, colon);
  const tag = colon === -1 ? 'latest' : last.slice(colon + 1);
  const namespace = pieces.pop() ?? 'library';
  const host = pieces.pop() ?? null;
  if (pieces.length > 0 || !part.test(model) || !part.test(tag) || !part.test(namespace)) return null;
  return host !== null && !isRegistryHost(host) ? null : { host, namespace, model, tag };
}

/** Whether a registry can be called that, and reached by it: a port or an address of numbers can be none. */
export function isRegistryHost(text: string): boolean {
  return hostPart.test(text) && URL.canParse(`https://${text}`);
}

/** As Ollama lists it. */
export function listedName({ host, namespace, model, tag }: ModelName): string {
  const owner = host === null && namespace === 'library' ? '' : `${namespace}/`;
  return `${host === null ? '' : `${host}/`}${owner}${model}:${tag}`;
}

/** A registry of this computer speaks plain HTTP; every other one must not. */
export function isOwnComputer({ host }: ModelName): boolean {
  return host !== null && /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d+)?$/i.test(host);
}
