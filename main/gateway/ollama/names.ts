/** Ollama's names of one model as one text: case, the default registry and the default tag do not tell models apart. */
export function ollamaKey(name: string): string {
  const short = shortForm(name).toLowerCase();
  return short.slice(short.lastIndexOf('/') + 1).includes(':') ? short : `${short}:latest`;
}

/** Without what Ollama lets clients add to a name. */
export function shortForm(name: string): string {
  return name
    .trim()
    .replace(/^registry\.ollama\.ai\//i, '')
    .replace(/^library\//i, '')
    .replace(/:local$/i, '');
}

/** Online models take no memory here: their requests are passed on as they are. */
export function isCloudName(name: string): boolean {
  const tag = /:([^/:]+)$/.exec(name.trim())?.[1]?.toLowerCase() ?? '';
  return tag === 'cloud' || tag.endsWith('-cloud');
}
