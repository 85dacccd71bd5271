/** One entry of a list of models, as far as servers tell. */
export interface ListedModel {
  name: string;
  ownedBy: string | null;
  contextLength: number | null;
  maxContextLength: number | null;
  capabilities: string[];
  /** Of the file, where that is told. */
  sizeBytes: number | null;
  /** llama-server with several models: unloaded, loading, loaded, sleeping; null: it does not tell. */
  status: { value: string; failed: boolean; args: string[] } | null;
  path: string | null;
}

type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
export const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
export const countOf = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.floor(value) : null);

/** A name that can be shown, and sent in a request. */
export const isName = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '' && value.length <= 300 && !/[\p{Cc}\p{Cs}]/u.test(value);

export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** OpenAI's list of models, or a bare array of the same; null: neither. Entries that cannot be models are left out, as is what comes twice. */
export function readListing(body: string): ListedModel[] | null {
  const value = parseJson(body);
  const entries: unknown = isFields(value) ? value['data'] : value;
  if (!Array.isArray(entries)) return null;
  const found = new Map<string, ListedModel>();
  for (const entry of entries as unknown[]) {
    if (!isFields(entry) || !isName(entry['id']) || found.has(entry['id'])) continue;
    found.set(entry['id'], readEntry(entry, entry['id']));
  }
  return [...found.values()];
}

function readEntry(entry: Fields, name: string): ListedModel {
  const meta = isFields(entry['meta']) ? entry['meta'] : {};
  const status = isFields(entry['status']) ? entry['status'] : null;
  const value = status && textOf(status['value']);
  return {
    name,
    ownedBy: textOf(entry['owned_by']),
    contextLength: countOf(meta['n_ctx']) ?? countOf(entry['max_model_len']),
    // vLLM, OpenRouter, Groq, llama-server
    maxContextLength: countOf(entry['max_model_len']) ?? countOf(entry['context_length']) ?? countOf(entry['context_window']) ?? countOf(meta['n_ctx_train']),
    capabilities: capabilitiesOf(entry),
    sizeBytes: countOf(meta['size']),
    status: status && value ? { value, failed: status['failed'] === true, args: textsIn(status['args']) } : null,
    path: textOf(entry['path']),
  };
}

function capabilitiesOf(entry: Fields): string[] {
  const architecture = isFields(entry['architecture']) ? entry['architecture'] : {};
  const input = textsIn(architecture['input_modalities']);
  const output = textsIn(architecture['output_modalities']);
  return [
    ...(output.includes('text') ? ['completion'] : []),
    ...(output.includes('embeddings') ? ['embedding'] : []),
    ...(input.includes('image') ? ['vision'] : []),
    ...(input.includes('audio') ? ['audio'] : []),
    ...(textsIn(entry['supported_parameters']).includes('tools') ? ['tools'] : []),
  ];
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}
