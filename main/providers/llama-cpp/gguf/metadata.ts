import { MalformedGguf } from './cursor.ts';
import type { Cursor, NumberType } from './cursor.ts';
import { scalarBytes, valueType } from './format.ts';

export type MetadataValue = string | number | boolean | number[] | { length: number };

/** Metadata keys (without the architecture) that Airdock uses; everything else is passed over unread. */
const wanted = new Set([
  'general.architecture',
  'general.name',
  'general.type',
  'general.size_label',
  'general.file_type',
  'general.alignment',
  'airdock.sample',
  'split.count',
  'split.no',
  'tokenizer.ggml.tokens',
]);
const wantedEndings = [
  '.block_count',
  '.context_length',
  '.embedding_length',
  '.feed_forward_length',
  '.expert_feed_forward_length',
  '.expert_used_count',
  '.attention.head_count',
  '.attention.head_count_kv',
  '.attention.key_length',
  '.attention.value_length',
  '.attention.causal',
  '.pooling_type',
  '.vocab_size',
];

const numberTypes: Readonly<Record<number, NumberType>> = {
  0: 'uint8',
  1: 'int8',
  2: 'uint16',
  3: 'int16',
  4: 'uint32',
  5: 'int32',
  6: 'float32',
  10: 'uint64',
  11: 'int64',
  12: 'float64',
};

const MAX_KEY = 65_535;
const MAX_TEXT = 512;
const MAX_NUMBERS = 4096;
const MAX_NESTING = 4;
/** Key length, value type and the smallest value. */
const MIN_ENTRY_BYTES = 8 + 4 + 1;

/** Reads the key-value section. Vocabularies are counted, not kept. */
export async function readMetadata(cursor: Cursor, count: number): Promise<Map<string, MetadataValue>> {
  if (count > cursor.remaining() / MIN_ENTRY_BYTES) throw new MalformedGguf(`it claims ${count} metadata entries, more than the file has room for`);
  const values = new Map<string, MetadataValue>();
  for (let i = 0; i < count; i++) {
    await cursor.need(8);
    const length = cursor.uint64();
    if (length > MAX_KEY) throw new MalformedGguf('it has a metadata key that is too long');
    await cursor.need(length + 4);
    const key = cursor.text(length);
    const type = cursor.uint32();
    const value = await readValue(cursor, type, wanted.has(key) || wantedEndings.some((ending) => key.endsWith(ending)));
    if (value !== undefined) values.set(key, value);
  }
  return values;
}

async function readValue(cursor: Cursor, type: number, keep: boolean): Promise<MetadataValue | undefined> {
  if (type === valueType.string) {
    await cursor.need(8);
    const length = cursor.uint64();
    if (!keep || length > MAX_TEXT) {
      cursor.skip(length);
      return undefined;
    }
    await cursor.need(length);
    return cursor.text(length);
  }
  if (type === valueType.array) return readArray(cursor, keep, 1);
  const bytes = scalarBytes(type);
  if (bytes === undefined) throw new MalformedGguf(`it has a metadata value of unknown type ${type}`);
  await cursor.need(bytes);
  if (type === valueType.bool) return cursor.uint8() !== 0;
  return cursor.number(numberTypes[type] as NumberType);
}

async function readArray(cursor: Cursor, keep: boolean, nesting: number): Promise<MetadataValue | undefined> {
  if (nesting > MAX_NESTING) throw new MalformedGguf('its metadata is nested too deeply');
  await cursor.need(12);
  const type = cursor.uint32();
  const length = cursor.uint64();
  const bytes = scalarBytes(type);
  const smallest = bytes ?? (type === valueType.string ? 8 : type === valueType.array ? 12 : undefined);
  if (smallest === undefined) throw new MalformedGguf(`it has a metadata list of unknown type ${type}`);
  if (length > cursor.remaining() / smallest) throw new MalformedGguf(`it claims a list of ${length} values, more than the file has room for`);

  if (bytes !== undefined) {
    const number = numberTypes[type];
    if (!keep || length > MAX_NUMBERS || (number === undefined && type !== valueType.bool)) {
      cursor.skip(length * bytes);
    } else {
      await cursor.need(length * bytes);
      return Array.from({ length }, () => (number ? cursor.number(number) : cursor.uint8()));
    }
  } else if (type === valueType.string) {
    for (let i = 0; i < length; i++) {
      // Awaiting once per chunk, not per string: a vocabulary has some hundred thousand.
      if (cursor.buffered() < 8) await cursor.need(8);
      cursor.skip(cursor.uint64());
    }
  } else {
    for (let i = 0; i < length; i++) await readArray(cursor, false, nesting + 1);
  }
  return keep ? { length } : undefined;
}
