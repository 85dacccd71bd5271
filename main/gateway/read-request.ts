import type { Call } from './call.ts';
import { unpack } from './decode.ts';
import { asOllamaReads, isObject, memberOf, withMember } from './json-edit.ts';
import { fieldOf } from './openai/multipart.ts';

/** An inference request's body, as far as it concerns its model. */
export interface RequestBody {
  /** As the client sent it. */
  bytes: Buffer;
  /** As Ollama reads it; null: a form, or nothing that is an object. */
  json: Readonly<Record<string, unknown>> | null;
  /** The JSON's text, unpacked. */
  text: string;
  /** '' where none is named. */
  model: string;
  packed: boolean;
  /** The bytes with another name for the model, from `text` or what became of it; `unpacked` where the body was packed before. */
  renamed(model: string, text?: string): { bytes: Buffer; unpacked: boolean };
}

const nothing = Buffer.alloc(0);

/** It is on its way, and nobody asks for it any more: an answer may take minutes, and what holds the body must not hold its bytes for so long. */
export function letGo(body: RequestBody): void {
  body.bytes = nothing;
  body.text = '';
  body.json = null;
  body.renamed = () => ({ bytes: nothing, unpacked: false });
}

export type ReadRequest = { ok: true; body: RequestBody } | { ok: false; message: string };

/** No model has a longer name, and one that is not known is compared with all that are. */
const longestName = 512;

/** Finds out which model a request is for. Its JSON is parsed once. */
export function readRequest(call: Call, bytes: Buffer, maxBytes: number): ReadRequest | Promise<ReadRequest> {
  const read = readBodyOf(call, bytes, maxBytes);
  return read instanceof Promise ? read.then(checked) : checked(read);
}

function checked(read: ReadRequest): ReadRequest {
  return read.ok && read.body.model.length > longestName ? { ok: false, message: `The name of a model has at most ${longestName} characters.` } : read;
}

function readBodyOf({ request, path }: Call, bytes: Buffer, maxBytes: number): ReadRequest | Promise<ReadRequest> {
  if (path === '/v1/audio/transcriptions') return readForm(bytes, request.headers['content-type'] ?? '');
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return readJson(bytes, bytes, false);
  return unpack(bytes, encoding, maxBytes).then((plain) =>
    plain === null ? { ok: false, message: `The body cannot be unpacked (Content-Encoding: ${encoding.slice(0, 50)}), or is too large.` } : readJson(bytes, plain, true),
  );
}

function readJson(bytes: Buffer, plain: Buffer, packed: boolean): ReadRequest {
  const text = plain.toString('utf8');
  let value: unknown = null;
  try {
    if (text !== '') value = JSON.parse(text);
  } catch (error) {
    return { ok: false, message: `The body is not valid JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const json = isObject(value) ? asOllamaReads(text, value) : null;
  const model = json === null ? '' : memberOf(json, 'model');
  const renamed = (name: string, from = text): { bytes: Buffer; unpacked: boolean } => ({ bytes: Buffer.from(withMember(from, 'model', JSON.stringify(name))), unpacked: packed });
  return { ok: true, body: { bytes, json, text, model: typeof model === 'string' ? model.trim() : '', packed, renamed } };
}

function readForm(bytes: Buffer, contentType: string): ReadRequest {
  const field = fieldOf(bytes, contentType, 'model');
  if (field === null) return { ok: false, message: 'A transcription is a multipart form with a field "model".' };
  const renamed = (name: string): { bytes: Buffer; unpacked: boolean } => ({
    bytes: Buffer.concat([bytes.subarray(0, field.start), Buffer.from(name), bytes.subarray(field.end)]),
    unpacked: false,
  });
  return { ok: true, body: { bytes, json: null, text: '', model: field.value.trim(), packed: false, renamed } };
}
