import { tensorType } from './gguf/format.ts';
import { layOutGguf } from './gguf/write.ts';
import type { GgufLayout, GgufTensor, GgufValue } from './gguf/write.ts';

/** Dimensions of a llama-architecture model. */
export interface SampleShape {
  name: string;
  layers: number;
  embedding: number;
  feedForward: number;
  heads: number;
  kvHeads: number;
  contextLength: number;
  /** Seed of the random weights. */
  seed: number;
}

/** Metadata key that marks a file as made by Airdock. */
const SAMPLE_KEY = 'airdock.sample';

const contextLength = 8192;

/** About 60, 180 and 400 MB of weights, and 18, 48 and 64 MB of context memory at 4096 tokens. */
export const sampleShapes: readonly SampleShape[] = [
  { name: 'sample-small', layers: 9, embedding: 512, feedForward: 1792, heads: 8, kvHeads: 2, contextLength, seed: 101 },
  { name: 'sample-medium', layers: 12, embedding: 768, feedForward: 2688, heads: 12, kvHeads: 4, contextLength, seed: 202 },
  { name: 'sample-large', layers: 16, embedding: 1024, feedForward: 3392, heads: 16, kvHeads: 4, contextLength, seed: 303 },
];

/** Layout of a sample: header bytes and where each tensor goes. Only tests ask for another architecture or for `extra` metadata. */
export function layOutSample(shape: SampleShape, { architecture = 'llama', extra = {} }: { architecture?: string; extra?: Record<string, GgufValue> } = {}): GgufLayout {
  const vocabulary = makeVocabulary();
  const key = (name: string) => `${architecture}.${name}`;
  const metadata: Record<string, GgufValue> = {
    'general.architecture': { type: 'string', value: architecture },
    'general.name': { type: 'string', value: shape.name },
    'general.size_label': { type: 'string', value: sizeLabel(shape, vocabulary.tokens.length) },
    'general.file_type': { type: 'uint32', value: 1 },
    'general.description': { type: 'string', value: 'Random weights, made by Airdock to try memory with. Answers nonsense.' },
    [SAMPLE_KEY]: { type: 'bool', value: true },
    [key('block_count')]: { type: 'uint32', value: shape.layers },
    [key('context_length')]: { type: 'uint32', value: shape.contextLength },
    [key('embedding_length')]: { type: 'uint32', value: shape.embedding },
    [key('feed_forward_length')]: { type: 'uint32', value: shape.feedForward },
    [key('attention.head_count')]: { type: 'uint32', value: shape.heads },
    [key('attention.head_count_kv')]: { type: 'uint32', value: shape.kvHeads },
    [key('attention.layer_norm_rms_epsilon')]: { type: 'float32', value: 1e-5 },
    [key('rope.dimension_count')]: { type: 'uint32', value: shape.embedding / shape.heads },
    [key('rope.freq_base')]: { type: 'float32', value: 10_000 },
    [key('vocab_size')]: { type: 'uint32', value: vocabulary.tokens.length },
    'tokenizer.ggml.model': { type: 'string', value: 'llama' },
    'tokenizer.ggml.pre': { type: 'string', value: 'default' },
    'tokenizer.ggml.tokens': { type: 'strings', value: vocabulary.tokens },
    'tokenizer.ggml.scores': { type: 'float32s', value: vocabulary.scores },
    'tokenizer.ggml.token_type': { type: 'int32s', value: vocabulary.types },
    'tokenizer.ggml.unknown_token_id': { type: 'uint32', value: 0 },
    'tokenizer.ggml.bos_token_id': { type: 'uint32', value: 1 },
    'tokenizer.ggml.eos_token_id': { type: 'uint32', value: 2 },
    'tokenizer.ggml.add_bos_token': { type: 'bool', value: true },
    ...extra,
  };
  return layOutGguf(metadata, tensorsOf(shape, vocabulary.tokens.length));
}

/** Tokens that the random output layer must never choose: unknown, begin, end, and single bytes (which would print as broken text). */
export const UNPRINTABLE_TOKENS = 3 + 256;

function tensorsOf(shape: SampleShape, vocabulary: number): GgufTensor[] {
  const { embedding, feedForward } = shape;
  const kv = (embedding / shape.heads) * shape.kvHeads;
  const matrix = (name: string, columns: number, rows: number): GgufTensor => ({ name, shape: [columns, rows], type: tensorType.f16 });
  const norm = (name: string): GgufTensor => ({ name, shape: [embedding], type: tensorType.f32 });
  const tensors = [matrix('token_embd.weight', embedding, vocabulary)];
  for (let layer = 0; layer < shape.layers; layer++) {
    const blk = `blk.${layer}`;
    tensors.push(
      norm(`${blk}.attn_norm.weight`),
      matrix(`${blk}.attn_q.weight`, embedding, embedding),
      matrix(`${blk}.attn_k.weight`, embedding, kv),
      matrix(`${blk}.attn_v.weight`, embedding, kv),
      matrix(`${blk}.attn_output.weight`, embedding, embedding),
      norm(`${blk}.ffn_norm.weight`),
      matrix(`${blk}.ffn_gate.weight`, embedding, feedForward),
      matrix(`${blk}.ffn_up.weight`, embedding, feedForward),
      matrix(`${blk}.ffn_down.weight`, feedForward, embedding),
    );
  }
  tensors.push(norm('output_norm.weight'), matrix('output.weight', embedding, vocabulary));
  return tensors;
}

function sizeLabel(shape: SampleShape, vocabulary: number): string {
  const parameters = tensorsOf(shape, vocabulary).reduce((sum, t) => sum + t.shape.reduce((a, b) => a * b, 1), 0);
  return `${Math.round(parameters / 1e6)}M`;
}

/** A SentencePiece vocabulary: the specials, every byte, every printable ASCII character, and syllables so that nonsense reads as words. */
function makeVocabulary(): { tokens: string[]; scores: number[]; types: number[] } {
  const normal = 1;
  const unknown = 2;
  const control = 3;
  const byte = 6;
  const tokens = ['<unk>', '<s>', '</s>'];
  const types = [unknown, control, control];
  for (let value = 0; value < 256; value++) {
    tokens.push(`<0x${value.toString(16).toUpperCase().padStart(2, '0')}>`);
    types.push(byte);
  }
  const space = '\u2581';
  tokens.push(space);
  for (let code = 33; code < 127; code++) tokens.push(String.fromCharCode(code));
  for (const consonant of 'bcdfghjklmnprstvwz') {
    for (const vowel of 'aeiou') tokens.push(consonant + vowel, space + consonant + vowel);
  }
  while (types.length < tokens.length) types.push(normal);
  // Longer pieces win a merge; control tokens and bytes take no part in merging.
  const scores = tokens.map((token, id) => (id < UNPRINTABLE_TOKENS ? 0 : token.length * 10 - id / 1000));
  return { tokens, scores, types };
}
