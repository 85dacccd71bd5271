/** JSON as Go writes it: `<`, `>`, `&` and the two line separators escaped. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export type GoParsed = { ok: true; value: Record<string, unknown> } | { ok: false; error: string };

/** Reads a request body; errors in the words of Go's decoder, as far as a client is likely to meet them. `request`: Go's name of the type. */
export function parseGoJson(text: string, request: string): GoParsed {
  if (text.trim() === '') return { ok: false, error: 'missing request body' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, error: syntaxError(text) };
  }
  if (kindOf(value) !== 'object') return { ok: false, error: `json: cannot unmarshal ${kindOf(value)} into Go value of type api.${request}` };
  const fields = value as Record<string, unknown>;
  for (const [key, wanted, goType] of typedFields) {
    const kind = kindOf(fields[key]);
    if (fields[key] === undefined || fields[key] === null || kind === wanted) continue;
    return { ok: false, error: `json: cannot unmarshal ${kind} into Go struct field ${request}.${key} of type ${goType}` };
  }
  return { ok: true, value: fields };
}

const typedFields = [
  ['model', 'string', 'string'],
  ['options', 'object', 'map[string]interface {}'],
] as const;

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
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
