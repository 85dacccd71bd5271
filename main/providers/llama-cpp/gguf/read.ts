import { open } from 'node:fs/promises';
import path from 'node:path';
import { formatBytes, problem } from '../../../../contract/index.ts';
import type { Problem } from '../../../../contract/index.ts';
import { createCursor, MalformedGguf } from './cursor.ts';
import type { ByteSource, Cursor } from './cursor.ts';
import { cpuKind } from './cpu-kind.ts';
import { alignUp, GGUF_DEFAULT_ALIGNMENT, GGUF_MAGIC, isRepacked, quantizationName, tensorBytes } from './format.ts';
import { readMetadata } from './metadata.ts';
import type { MetadataValue } from './metadata.ts';

/** What a GGUF header tells, as far as Airdock uses it. Null: not said. */
export interface GgufInfo {
  architecture: string;
  name: string | null;
  sizeLabel: string | null;
  quantization: string | null;
  /** What the file is: a model, or a part that is loaded beside one. */
  role: 'model' | 'projector' | 'adapter';
  /** Bytes of all tensors in this file, with padding. */
  tensorBytes: number;
  /** Of these, bytes of tensors that ggml rearranges for this computer's CPU. */
  repackedBytes: number;
  parameters: number;
  fileBytes: number;
  layers: number | null;
  contextLength: number | null;
  embeddingLength: number | null;
  /** One for all layers, or one per layer. */
  heads: number | number[] | null;
  kvHeads: number | number[] | null;
  keyLength: number | null;
  valueLength: number | null;
  /** Width of the widest feed-forward step that one token goes through. */
  feedForwardLength: number | null;
  /** Attends forwards only (text models); encoders have no context memory. */
  causal: boolean;
  vocabularySize: number | null;
  /** It has a pooling layer: made for embeddings, not for text. */
  embedding: boolean;
  /** Number of files that the model is split into. */
  shards: number;
  /** Made by Airdock. */
  sample: boolean;
}

export type GgufResult = { ok: true; gguf: GgufInfo } | { ok: false; problem: Problem };

/** No header comes near this: the largest vocabularies with their merges take some 20 MB. */
const HEADER_LIMIT = 128 * 1024 * 1024;
/** Name length, number of dimensions, one dimension, type and offset. */
const MIN_TENSOR_BYTES = 8 + 4 + 8 + 4 + 8;

/**
 * Reads a GGUF header (versions 2 and 3) with at most 256 KB in memory and without native code.
 * A file that is not GGUF, cut off, or makes no sense gives one `bad-file` problem; an unreadable one too.
 */
export async function readGguf(file: string): Promise<GgufResult> {
  const name = path.basename(file);
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      return await readGgufFrom(handle, size, name);
    } finally {
      await handle.close();
    }
  } catch (error) {
    return { ok: false, problem: unreadable(name, error) };
  }
}

/** The same for bytes from elsewhere. Rejects with what `source` rejects with. */
export async function readGgufFrom(source: ByteSource, size: number, name: string): Promise<GgufResult> {
  try {
    return { ok: true, gguf: await readHeader(createCursor(source, size, HEADER_LIMIT), size) };
  } catch (error) {
    if (!(error instanceof MalformedGguf)) throw error;
    return { ok: false, problem: problem('bad-file', `${name} cannot be used: ${error.message}.`, 'Download it again, or remove it from the folder.') };
  }
}

function unreadable(name: string, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return problem('bad-file', `${name} is no longer there.`, 'It was moved or deleted; put it back or refresh the list.');
  if (code === 'EACCES' || code === 'EPERM') return problem('bad-file', `${name} may not be read by this user.`, 'Change the permissions of the file.');
  return problem('bad-file', `${name} could not be read (${String(code ?? 'unknown error')}).`, 'Check the disk that it is on.');
}

async function readHeader(cursor: Cursor, size: number): Promise<GgufInfo> {
  if (size === 0) throw new MalformedGguf('it is empty');
  if (size < 24) throw new MalformedGguf('it is not a GGUF file');
  await cursor.need(24);
  if (cursor.uint32() !== GGUF_MAGIC) throw new MalformedGguf('it is not a GGUF file');
  const version = cursor.uint32();
  if (version > 0xffff) throw new MalformedGguf('it was made for big-endian computers');
  if (version !== 2 && version !== 3) throw new MalformedGguf(`it is GGUF version ${version}, and only 2 and 3 are known`);
  const tensorCount = cursor.uint64();
  const entries = cursor.uint64();
  const metadata = await readMetadata(cursor, entries);
  const tensors = await readTensors(cursor, tensorCount);

  const alignment = metadata.get('general.alignment') ?? GGUF_DEFAULT_ALIGNMENT;
  if (typeof alignment !== 'number' || !Number.isInteger(alignment) || alignment < 1 || alignment > 1024 * 1024) {
    throw new MalformedGguf('its alignment makes no sense');
  }
  // The first part of a split model may carry the metadata alone; it needs no padding then.
  if (tensorCount === 0 && (positive(metadata.get('split.count')) ?? 1) === 1) throw new MalformedGguf('it has no weights, as files that hold a vocabulary alone');
  const dataStart = alignUp(cursor.position(), alignment);
  if (tensorCount > 0 && dataStart + tensors.end > size) {
    throw new MalformedGguf(`it is cut off (${formatBytes(size)} of at least ${formatBytes(dataStart + tensors.end)})`);
  }
  return describe(metadata, { size, tensorBytes: Math.max(0, size - dataStart), ...tensors });
}

async function readTensors(cursor: Cursor, count: number): Promise<{ end: number; parameters: number; repackedBytes: number }> {
  if (count > cursor.remaining() / MIN_TENSOR_BYTES) throw new MalformedGguf(`it claims ${count} tensors, more than the file has room for`);
  let end = 0;
  let parameters = 0;
  const cpu = cpuKind();
  let repackedBytes = 0;
  for (let i = 0; i < count; i++) {
    await cursor.need(8);
    const nameBytes = cursor.uint64();
    cursor.skip(nameBytes);
    await cursor.need(4);
    const dimensions = cursor.uint32();
    if (dimensions > 8) throw new MalformedGguf('it has a tensor with too many dimensions');
    await cursor.need(dimensions * 8 + 12);
    let elements = 1;
    for (let d = 0; d < dimensions; d++) elements *= cursor.uint64();
    const type = cursor.uint32();
    const offset = cursor.uint64();
    // A type that is newer than this reader: llama.cpp decides, only where it begins is checked.
    const bytes = tensorBytes(type, elements) ?? 0;
    if (!Number.isSafeInteger(elements) || !Number.isSafeInteger(offset + bytes)) throw new MalformedGguf('it has a tensor of impossible size');
    end = Math.max(end, offset + bytes);
    parameters += elements;
    // Only matrices are rearranged; the embedding table is read row by row and stays as it is, a small part.
    if (dimensions > 1 && isRepacked(type, cpu)) repackedBytes += bytes;
  }
  return { end, parameters, repackedBytes };
}

function describe(metadata: Map<string, MetadataValue>, file: { size: number; tensorBytes: number; parameters: number; repackedBytes: number }): GgufInfo {
  const text = (key: string) => stringOrNull(metadata.get(key));
  const architecture = text('general.architecture');
  const shards = positive(metadata.get('split.count')) ?? 1;
  const laterShard = shards > 1 && (positive(metadata.get('split.no')) ?? 0) > 0;
  // Later shards of a split model carry tensors and almost no metadata.
  if (architecture === null && !laterShard) throw new MalformedGguf('it does not say which kind of model it is');
  const own = (key: string) => metadata.get(`${architecture}.${key}`);
  const fileType = metadata.get('general.file_type');
  const vocabulary = metadata.get('tokenizer.ggml.tokens');
  const type = text('general.type');
  return {
    architecture: architecture ?? '',
    name: text('general.name'),
    sizeLabel: text('general.size_label'),
    quantization: typeof fileType === 'number' ? quantizationName(fileType) : null,
    role: type === 'mmproj' || architecture === 'clip' ? 'projector' : type === 'adapter' || type === 'imatrix' ? 'adapter' : 'model',
    tensorBytes: file.tensorBytes,
    repackedBytes: file.repackedBytes,
    parameters: file.parameters,
    fileBytes: file.size,
    layers: positive(own('block_count')),
    contextLength: positive(own('context_length')),
    embeddingLength: positive(own('embedding_length')),
    heads: counts(own('attention.head_count')),
    kvHeads: counts(own('attention.head_count_kv')),
    keyLength: positive(own('attention.key_length')),
    valueLength: positive(own('attention.value_length')),
    feedForwardLength: Math.max(widest(own('feed_forward_length')), widest(own('expert_feed_forward_length')) * (positive(own('expert_used_count')) ?? 1)) || null,
    causal: own('attention.causal') !== false,
    vocabularySize: typeof vocabulary === 'object' ? vocabulary.length : positive(own('vocab_size')),
    // 0 is "no pooling" (llama.cpp's LLAMA_POOLING_TYPE_NONE); decoders without causal attention are encoders.
    embedding: (positive(own('pooling_type')) ?? 0) > 0 || own('attention.causal') === false,
    shards,
    sample: metadata.get('airdock.sample') === true,
  };
}

function stringOrNull(value: MetadataValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function positive(value: MetadataValue | undefined): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null;
}

function counts(value: MetadataValue | undefined): number | number[] | null {
  return Array.isArray(value) ? value.map((n) => (Number.isSafeInteger(n) && n > 0 ? n : 0)) : positive(value);
}

function widest(value: MetadataValue | undefined): number {
  const each = counts(value);
  return Array.isArray(each) ? each.reduce((a, b) => Math.max(a, b), 0) : (each ?? 0);
}
