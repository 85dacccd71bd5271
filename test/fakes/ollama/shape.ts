/** Values that no two servers share: only their type, and for times their form, can be compared. */
const volatileKeys = new Set([
  'created_at', 'expires_at', 'total_duration', 'load_duration', 'prompt_eval_duration', 'eval_duration', 'prompt_eval_count', 'context',
  'id', 'request_id', 'created', 'completed_at', 'prompt_tokens', 'total_tokens', 'input_tokens',
  'modelfile', 'tensors', 'embedding', 'embeddings',
  'general.basename', 'general.finetune', 'general.organization', 'general.size_label',
]);
/** Texts that the model made up: equal only where they are empty. */
const answerKeys = new Set(['response', 'content', 'text']);
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
const cut = '…cut…';

/** What of a JSON value two servers must have in common; key order counts, because it is kept as a list. */
export function comparable(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    if (volatileKeys.has(key)) return value.length === 0 ? [] : [typeOf(value[0])];
    return value.filter((each) => each !== cut).map((each) => comparable(each));
  }
  if (typeof value === 'object' && value !== null && !volatileKeys.has(key)) {
    return Object.entries(value).map(([name, each]) => [name, comparable(each, name)]);
  }
  if (volatileKeys.has(key)) return typeOf(value);
  if (answerKeys.has(key)) return typeof value === 'string' ? (value === '' ? '' : 'some text') : typeOf(value);
  return value;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return time.test(value) ? 'time' : 'string';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** One chunk of a body: JSON, lines of JSON, or server-sent events. */
export function comparableChunk(chunk: string): unknown {
  return chunk.split(/(\n+)/).map((line) => {
    const [, prefix = '', json] = /^(data: )?([[{].*)$/s.exec(line) ?? [];
    if (json === undefined || json === '[DONE]') return line;
    return [prefix, comparable(JSON.parse(json))];
  });
}
