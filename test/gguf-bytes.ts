import { layOutGguf, type GgufValue } from '../main/providers/llama-cpp/gguf/write.ts';

/** A whole GGUF file with a real header and `megabytes` of weights that are not zeros, so that pieces in the wrong place show. */
export function ggufBytes(megabytes = 1, extra: Readonly<Record<string, GgufValue>> = {}): Uint8Array {
  const metadata: Record<string, GgufValue> = {
    'general.architecture': { type: 'string', value: 'llama' },
    'general.file_type': { type: 'uint32', value: 1 },
    'llama.block_count': { type: 'uint32', value: 4 },
    'llama.context_length': { type: 'uint32', value: 8192 },
    'llama.embedding_length': { type: 'uint32', value: 64 },
    'llama.attention.head_count': { type: 'uint32', value: 8 },
    'llama.attention.head_count_kv': { type: 'uint32', value: 2 },
    'tokenizer.ggml.tokens': { type: 'strings', value: Array.from({ length: 2000 }, (_, i) => `token ${i}`) },
    ...extra,
  };
  const layout = layOutGguf(metadata, [{ name: 'weights', shape: [1024, 256 * megabytes], type: 0 }]);
  const whole = new Uint8Array(layout.totalBytes);
  let word = 12_345;
  for (let at = layout.header.byteLength; at < whole.length; at++) {
    word = (word * 1_103_515_245 + 12_345) & 0x7fffffff;
    whole[at] = word >> 16;
  }
  whole.set(layout.header);
  return whole;
}
