/** Parts of a model's name with Ollama's defaults filled in. */
export interface ModelName {
  host: string;
  namespace: string;
  model: string;
  tag: string;
}

const defaultHost = 'registry.ollama.ai';
const part = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/** null where the text is no valid name. */
export function parseName(text: string): ModelName | null {
  let rest = text.trim().replace(/^[a-z]+:\/\//, '');
  let tag = 'latest';
  const colon = rest.lastIndexOf(':');
  if (colon > rest.lastIndexOf('/')) {
    tag = rest.slice(colon + 1);
    rest = rest.slice(0, colon);
  }
  const parts = rest.split('/');
  const model = parts.pop() ?? '';
  const namespace = parts.pop() ?? 'library';
  const host = parts.length > 0 ? parts.join('/') : defaultHost;
  const valid = [model, namespace, tag].every((each) => part.test(each)) && /^[A-Za-z0-9_][A-Za-z0-9_.:-]*$/.test(host);
  return valid ? { host, namespace, model, tag } : null;
}

/** As short as possible, always with its tag: what lists and ps print. */
export function displayName(name: ModelName): string {
  const short = `${name.model}:${name.tag}`;
  if (name.host !== defaultHost) return `${name.host}/${name.namespace}/${short}`;
  return name.namespace === 'library' ? short : `${name.namespace}/${short}`;
}

export function fullName(name: ModelName): string {
  return `${name.host}/${name.namespace}/${name.model}:${name.tag}`;
}

/** Names are compared without regard to case. */
export function nameKey(name: ModelName): string {
  return fullName(name).toLowerCase();
}
