import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readGguf } from './read.ts';
import { layOutGguf } from './write.ts';
import type { GgufTensor, GgufValue } from './write.ts';

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'airdock-gguf-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const llama: Record<string, GgufValue> = {
  'general.architecture': { type: 'string', value: 'llama' },
  'general.name': { type: 'string', value: 'Tiny' },
  'general.size_label': { type: 'string', value: '1M' },
  'general.file_type': { type: 'uint32', value: 15 },
  'llama.block_count': { type: 'uint32', value: 4 },
  'llama.context_length': { type: 'uint32', value: 8192 },
  'llama.embedding_length': { type: 'uint32', value: 64 },
  'llama.feed_forward_length': { type: 'int32s', value: [128, 256, 128, 128] },
  'llama.attention.head_count': { type: 'uint32', value: 8 },
  'llama.attention.head_count_kv': { type: 'int32s', value: [2, 0, 2, 4] },
  'llama.attention.key_length': { type: 'uint32', value: 16 },
  'tokenizer.ggml.tokens': { type: 'strings', value: Array.from({ length: 5000 }, (_, i) => `token ${i}`) },
};
const tensors: GgufTensor[] = [
  { name: 'a', shape: [256, 3], type: 12 },
  { name: 'b', shape: [5], type: 0 },
];

function bytes(metadata = llama, list = tensors): Uint8Array {
  const layout = layOutGguf(metadata, list);
  const whole = new Uint8Array(layout.totalBytes);
  whole.set(layout.header);
  return whole;
}

async function read(content: Uint8Array | string) {
  const file = path.join(folder, `${files++}.gguf`);
  await writeFile(file, content);
  return readGguf(file);
}

async function refusal(content: Uint8Array | string): Promise<string> {
  const result = await read(content);
  if (result.ok) throw new Error('was read');
  expect(result.problem).toMatchObject({ code: 'bad-file', hint: expect.any(String) });
  return result.problem.message.replace(/^\d+\.gguf cannot be used: /, '');
}

/** A header with a changed number at a place. */
function patched(at: number, value: bigint | number): Uint8Array {
  const whole = Buffer.from(bytes());
  if (typeof value === 'bigint') whole.writeBigUInt64LE(value, at);
  else whole.writeUInt32LE(value, at);
  return whole;
}

describe('readGguf', () => {
  it('reads what a model needs to be named and sized, counting the vocabulary', async () => {
    const result = await read(bytes());
    expect(result).toMatchObject({
      ok: true,
      gguf: {
        architecture: 'llama',
        name: 'Tiny',
        sizeLabel: '1M',
        quantization: 'Q4_K_M',
        role: 'model',
        layers: 4,
        contextLength: 8192,
        embeddingLength: 64,
        feedForwardLength: 256,
        heads: 8,
        kvHeads: [2, 0, 2, 4],
        keyLength: 16,
        valueLength: null,
        vocabularySize: 5000,
        parameters: 256 * 3 + 5,
        repackedBytes: 3 * 144,
        embedding: false,
        causal: true,
        shards: 1,
        sample: false,
      },
    });
  });

  it('knows projectors, adapters and models for embeddings', async () => {
    const roleOf = async (extra: Record<string, GgufValue>) => {
      const result = await read(bytes({ ...llama, ...extra }));
      return result.ok && [result.gguf.role, result.gguf.embedding];
    };
    expect(await roleOf({ 'general.architecture': { type: 'string', value: 'clip' } })).toEqual(['projector', false]);
    expect(await roleOf({ 'general.type': { type: 'string', value: 'mmproj' } })).toEqual(['projector', false]);
    expect(await roleOf({ 'general.type': { type: 'string', value: 'adapter' } })).toEqual(['adapter', false]);
    expect(await roleOf({ 'llama.pooling_type': { type: 'uint32', value: 1 } })).toEqual(['model', true]);
    expect(await roleOf({ 'llama.pooling_type': { type: 'uint32', value: 0 } })).toEqual(['model', false]);
    expect(await roleOf({ 'llama.attention.causal': { type: 'bool', value: false } })).toEqual(['model', true]);
  });

  it('reads a later part of a split model, which names no architecture', async () => {
    const result = await read(bytes({ 'split.no': { type: 'uint32', value: 1 }, 'split.count': { type: 'uint32', value: 3 } }));
    expect(result).toMatchObject({ ok: true, gguf: { architecture: '', shards: 3 } });
  });

  it('refuses what is not GGUF', async () => {
    expect(await refusal('')).toBe('it is empty.');
    expect(await refusal('GGUF')).toBe('it is not a GGUF file.');
    expect(await refusal('<html>Sorry, you have to sign in first.</html>')).toBe('it is not a GGUF file.');
    expect(await refusal(patched(4, 1))).toContain('GGUF version 1');
    expect(await refusal(patched(4, 0x03000000))).toContain('big-endian');
    expect(await refusal(bytes({}))).toContain('which kind of model');
  });

  it('says of a vocabulary alone that it has no weights; the first part of a split model needs none', async () => {
    expect(await refusal(bytes(llama, []))).toContain('no weights');
    const split: Record<string, GgufValue> = { ...llama, 'split.no': { type: 'uint32', value: 0 }, 'split.count': { type: 'uint32', value: 2 } };
    // Written by others without padding behind the metadata, which is where this one ends.
    const first = layOutGguf(split, []).header;
    let end = first.length;
    while (first[end - 1] === 0) end--;
    for (const content of [first, first.subarray(0, end + 3)]) expect(await read(content)).toMatchObject({ ok: true, gguf: { architecture: 'llama', shards: 2 } });
  });

  it('refuses a file that is cut off anywhere', async () => {
    const whole = bytes();
    expect(await refusal(whole.subarray(0, whole.length - 40))).toContain('cut off');
    // Steps of a prime so that every kind of place is hit.
    for (let length = 1; length < whole.length - 40; length += 997) await refusal(whole.subarray(0, length));
  });

  it('refuses absurd counts', async () => {
    expect(await refusal(patched(8, 1n << 40n))).toContain('tensors, more than the file has room for');
    expect(await refusal(patched(16, 1n << 40n))).toContain('metadata entries');
    expect(await refusal(patched(16, 0xffff_ffff_ffff_ffffn))).toContain('cannot be right');
    expect(await refusal(patched(24, 1n << 33n))).toContain('key that is too long');
    const vocabulary = Buffer.from(bytes()).indexOf('tokenizer.ggml.tokens') + 'tokenizer.ggml.tokens'.length;
    expect(await refusal(patched(vocabulary, 77))).toContain('unknown type 77');
    expect(await refusal(patched(vocabulary + 8, 1n << 50n))).toContain('more than the file has room for');
    expect(await refusal(patched(vocabulary + 16, 1n << 50n))).toContain('ends in the middle');
  });

  it('refuses tensors of impossible size', async () => {
    const whole = Buffer.from(bytes());
    const at = whole.indexOf(Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 0x61, 2, 0, 0, 0])) + 13;
    expect(at).toBeGreaterThan(13);
    whole.writeBigUInt64LE(1n << 52n, at);
    whole.writeBigUInt64LE(1n << 52n, at + 8);
    expect(await refusal(whole)).toContain('impossible size');
  });

  it('survives random damage anywhere in the header', async () => {
    const { 'tokenizer.ggml.tokens': _, ...small } = llama;
    const clean = bytes(small);
    let random = 42;
    for (let round = 0; round < 300; round++) {
      const damaged = clean.slice();
      for (let i = 0; i < 4; i++) {
        random = (random * 1_103_515_245 + 12_345) & 0x7fffffff;
        damaged[random % damaged.length] = (random >> 8) & 255;
      }
      const result = await read(damaged);
      if (!result.ok) expect(result.problem.code).toBe('bad-file');
    }
  });

  it('says that a file is gone or may not be read', async () => {
    expect(await readGguf(path.join(folder, 'none.gguf'))).toMatchObject({ ok: false, problem: { code: 'bad-file', message: 'none.gguf is no longer there.' } });
    expect(await readGguf(folder)).toMatchObject({ ok: false, problem: { code: 'bad-file' } });
  });
});
