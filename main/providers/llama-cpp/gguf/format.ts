import type { CpuKind } from './cpu-kind.ts';

/**
 * The parts of the GGUF file format that Airdock reads and writes.
 * Source: ggml's `docs/gguf.md` and `ggml.h` / `ggml-common.h` (type numbers and block sizes).
 */

export const GGUF_MAGIC = 0x46554747; // "GGUF", little endian
export const GGUF_DEFAULT_ALIGNMENT = 32;

export const valueType = {
  uint8: 0,
  int8: 1,
  uint16: 2,
  int16: 3,
  uint32: 4,
  int32: 5,
  float32: 6,
  bool: 7,
  string: 8,
  array: 9,
  uint64: 10,
  int64: 11,
  float64: 12,
} as const;

/** Bytes of a fixed-size value by its type number; undefined for strings, arrays and unknown types. */
export function scalarBytes(type: number): number | undefined {
  return [1, 1, 2, 2, 4, 4, 4, 1, undefined, undefined, 8, 8, 8][type];
}

export const tensorType = { f32: 0, f16: 1 } as const;

/** Tensor types: elements per block and bytes per block. Types that are missing here have been removed from ggml or are newer than this table. */
const tensorBlocks: Readonly<Record<number, readonly [elements: number, bytes: number]>> = {
  0: [1, 4], // F32
  1: [1, 2], // F16
  2: [32, 18], // Q4_0
  3: [32, 20], // Q4_1
  6: [32, 22], // Q5_0
  7: [32, 24], // Q5_1
  8: [32, 34], // Q8_0
  9: [32, 36], // Q8_1
  10: [256, 84], // Q2_K
  11: [256, 110], // Q3_K
  12: [256, 144], // Q4_K
  13: [256, 176], // Q5_K
  14: [256, 210], // Q6_K
  15: [256, 292], // Q8_K
  16: [256, 66], // IQ2_XXS
  17: [256, 74], // IQ2_XS
  18: [256, 98], // IQ3_XXS
  19: [256, 50], // IQ1_S
  20: [32, 18], // IQ4_NL
  21: [256, 110], // IQ3_S
  22: [256, 82], // IQ2_S
  23: [256, 136], // IQ4_XS
  24: [1, 1], // I8
  25: [1, 2], // I16
  26: [1, 4], // I32
  27: [1, 8], // I64
  28: [1, 8], // F64
  29: [256, 56], // IQ1_M
  30: [1, 2], // BF16
  34: [256, 54], // TQ1_0
  35: [256, 66], // TQ2_0
  39: [32, 17], // MXFP4
};

/** Bytes of a tensor; undefined where the type is not known here. */
export function tensorBytes(type: number, elements: number): number | undefined {
  const block = tensorBlocks[type];
  return block && Math.ceil(elements / block[0]) * block[1];
}

/**
 * Whether ggml keeps a rearranged copy of such a tensor for the CPU (a second, anonymous one where the file is mapped).
 * Seen on x64 with AVX-512 for each of these types with node-llama-cpp 3.21.1; the ARM ones are from ggml's repack.cpp.
 * A processor with matrix tiles (AMX) takes more of them, F16 too: seen with F16, the others are from ggml's amx.cpp.
 */
export function isRepacked(type: number, cpu: CpuKind): boolean {
  if ([2, 10, 12, 20, 39].includes(type)) return true;
  if (cpu === 'x64-amx') return [1, 3, 8, 13, 14, 23].includes(type);
  return cpu === 'arm64' && [8, 13, 14].includes(type);
}

/** `general.file_type` as people know it (llama.cpp's `llama_ftype`). */
const fileTypes: Readonly<Record<number, string>> = {
  0: 'F32',
  1: 'F16',
  2: 'Q4_0',
  3: 'Q4_1',
  7: 'Q8_0',
  8: 'Q5_0',
  9: 'Q5_1',
  10: 'Q2_K',
  11: 'Q3_K_S',
  12: 'Q3_K_M',
  13: 'Q3_K_L',
  14: 'Q4_K_S',
  15: 'Q4_K_M',
  16: 'Q5_K_S',
  17: 'Q5_K_M',
  18: 'Q6_K',
  19: 'IQ2_XXS',
  20: 'IQ2_XS',
  21: 'Q2_K_S',
  22: 'IQ3_XS',
  23: 'IQ3_XXS',
  24: 'IQ1_S',
  25: 'IQ4_NL',
  26: 'IQ3_S',
  27: 'IQ3_M',
  28: 'IQ2_S',
  29: 'IQ2_M',
  30: 'IQ4_XS',
  31: 'IQ1_M',
  32: 'BF16',
  36: 'TQ1_0',
  37: 'TQ2_0',
  38: 'MXFP4',
};

export function quantizationName(fileType: number): string | null {
  return fileTypes[fileType] ?? null;
}

export function alignUp(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}
