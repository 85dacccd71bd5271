/** JSON as Go writes it: `<`, `>`, `&` and the two line separators escaped. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export type GoParsed = { ok: true; value: Record<string, unknown> } | { ok: false; error: string };

/** Reads a request body; errors in the words of Go's decoder, as far as a client is likely to meet them. */
export function parseGoJson(text: string): GoParsed {
  if (text.trim() === '') return { ok: false, error: 'missing request body' };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ok: true, value: value as Record<string, unknown> };
    const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    return { ok: false, error: `json: cannot unmarshal ${kind} into Go value of type api.Request` };
  } catch {
    return { ok: false, error: syntaxError(text) };
  }
}

function syntaxError(text: string): string {
  const start = text.trimStart();
  if (start.startsWith('{')) {
    const next = start.slice(1).trimStart()[0];
    if (next === undefined) return 'unexpected EOF';
    if (next !== '"' && next !== '}') return `invalid character '${next}' looking for beginning of object key string`;
    return 'unexpected EOF';
  }
  return `invalid character '${start[0] ?? ''}' looking for beginning of value`;
}
