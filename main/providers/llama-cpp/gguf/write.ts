import { alignUp, GGUF_DEFAULT_ALIGNMENT, GGUF_MAGIC, tensorBytes, valueType } from './format.ts';

/** Metadata values in the types that a writer needs; the reader knows all of them. */
export type GgufValue =
  | { type: 'uint32' | 'int32' | 'float32'; value: number }
  | { type: 'bool'; value: boolean }
  | { type: 'string'; value: string }
  | { type: 'strings'; value: readonly string[] }
  | { type: 'float32s' | 'int32s'; value: readonly number[] };

export interface GgufTensor {
  name: string;
  /** Sizes, fastest-changing first (ggml's order). */
  shape: readonly number[];
  /** A ggml type number. */
  type: number;
}

export interface GgufLayout {
  /** Everything before the tensor data, padded to where that begins. */
  header: Uint8Array;
  /** Tensors in file order, with where each begins in the file and its bytes without padding. */
  tensors: { tensor: GgufTensor; at: number; bytes: number }[];
  /** Size of the whole file. */
  totalBytes: number;
}

/** Lays out a GGUF version 3 file; the caller streams the tensor data to the places that the layout names. */
export function layOutGguf(metadata: Readonly<Record<string, GgufValue>>, tensors: readonly GgufTensor[]): GgufLayout {
  const parts: Buffer[] = [];
  const keys = Object.keys(metadata);
  parts.push(uint32(GGUF_MAGIC), uint32(3), uint64(tensors.length), uint64(keys.length));
  for (const key of keys) {
    parts.push(text(key), ...encodeValue(metadata[key] as GgufValue));
  }
  let dataOffset = 0;
  const places = tensors.map((tensor) => {
    const bytes = tensorBytes(tensor.type, tensor.shape.reduce((a, b) => a * b, 1));
    if (bytes === undefined) throw new RangeError(`tensor type ${tensor.type} has no known size`);
    parts.push(text(tensor.name), uint32(tensor.shape.length), ...tensor.shape.map(uint64), uint32(tensor.type), uint64(dataOffset));
    const at = dataOffset;
    dataOffset = alignUp(dataOffset + bytes, GGUF_DEFAULT_ALIGNMENT);
    return { tensor, at, bytes };
  });
  const unpadded = Buffer.concat(parts);
  const header = Buffer.alloc(alignUp(unpadded.length, GGUF_DEFAULT_ALIGNMENT));
  unpadded.copy(header);
  for (const place of places) place.at += header.length;
  return { header, tensors: places, totalBytes: header.length + dataOffset };
}

function encodeValue(value: GgufValue): Buffer[] {
  switch (value.type) {
    case 'uint32':
      return [uint32(valueType.uint32), uint32(value.value)];
    case 'int32':
      return [uint32(valueType.int32), int32(value.value)];
    case 'float32':
      return [uint32(valueType.float32), float32(value.value)];
    case 'bool':
      return [uint32(valueType.bool), Buffer.from([value.value ? 1 : 0])];
    case 'string':
      return [uint32(valueType.string), text(value.value)];
    case 'strings':
      return [arrayHead(valueType.string, value.value.length), ...value.value.map(text)];
    case 'float32s':
      return [arrayHead(valueType.float32, value.value.length), ...value.value.map(float32)];
    case 'int32s':
      return [arrayHead(valueType.int32, value.value.length), ...value.value.map(int32)];
  }
}

function arrayHead(type: number, length: number): Buffer {
  return Buffer.concat([uint32(valueType.array), uint32(type), uint64(length)]);
}

function uint32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(value);
  return out;
}

function int32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeInt32LE(value);
  return out;
}

function uint64(value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64LE(BigInt(value));
  return out;
}

function float32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeFloatLE(value);
  return out;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([uint64(bytes.length), bytes]);
}
