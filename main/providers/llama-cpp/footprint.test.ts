import { describe, expect, it } from 'vitest';
import { bytesPerToken, CHILD_BYTES, choosePlacement, contextBytes, effectiveContext, estimateFootprint, scratchBytes } from './footprint.ts';
import type { GgufInfo } from './gguf/read.ts';

const MIB = 1024 * 1024;

/** Llama 3 8B in F16. */
const llama3: GgufInfo = {
  architecture: 'llama',
  name: null,
  sizeLabel: '8B',
  quantization: 'F16',
  role: 'model',
  tensorBytes: 16_000 * MIB,
  repackedBytes: 0,
  parameters: 8e9,
  fileBytes: 16_000 * MIB,
  layers: 32,
  contextLength: 8192,
  embeddingLength: 4096,
  heads: 32,
  kvHeads: 8,
  keyLength: null,
  valueLength: null,
  feedForwardLength: 14_336,
  causal: true,
  vocabularySize: 128_256,
  embedding: false,
  shards: 1,
  sample: false,
};
const mapped = { gpuLayers: 0, useMmap: true };

describe('context memory', () => {
  it('is 128 KiB per token for Llama 3 8B, by key-value heads and not by heads', () => {
    expect(contextBytes(llama3, 4096)).toBe(512 * MIB);
    expect(contextBytes({ ...llama3, kvHeads: null }, 4096)).toBe(2048 * MIB);
    expect(bytesPerToken(llama3)).toBe(128 * 1024 + 1024);
  });

  it('heeds heads per layer, key and value lengths, encoders, and the steps of the allotment', () => {
    expect(contextBytes({ ...llama3, kvHeads: Array.from({ length: 32 }, (_, i) => (i % 4 === 0 ? 8 : 0)) }, 4096)).toBe(128 * MIB);
    expect(contextBytes({ ...llama3, keyLength: 256, valueLength: 128 }, 4096)).toBe(768 * MIB);
    expect(contextBytes({ ...llama3, causal: false }, 4096)).toBe(0);
    expect(contextBytes(llama3, 4097)).toBe(contextBytes(llama3, 4352));
  });

  it('never asks for more than the model was trained for', () => {
    expect(effectiveContext(32_768, 8192)).toBe(8192);
    expect(effectiveContext(2048, 8192)).toBe(2048);
    expect(effectiveContext(2048, null)).toBe(2048);
  });
});

describe('scratch memory', () => {
  it('is near what llama.cpp tells for Llama 3 8B (258.5 MiB)', () => {
    expect(scratchBytes(llama3, 4096) / MIB).toBeCloseTo(262.5, 0);
  });
});

describe('placement', () => {
  const gpu = { id: 'gpu0', free: 24_000 * MIB, unified: false };

  it('maps a file on the CPU, unless its matrices are rearranged there', () => {
    expect(choosePlacement(llama3, 16_000 * MIB, 4096, null)).toEqual(mapped);
    expect(choosePlacement({ ...llama3, repackedBytes: 12_000 * MIB }, 16_000 * MIB, 4096, null)).toEqual({ gpuLayers: 0, useMmap: false });
  });

  it('puts as many layers on the GPU as its free memory holds', () => {
    expect(choosePlacement(llama3, 16_000 * MIB, 4096, gpu)).toEqual({ gpuLayers: 33, useMmap: true });
    const half = choosePlacement(llama3, 16_000 * MIB, 4096, { ...gpu, free: 8500 * MIB });
    expect(half.gpuLayers).toBe(16);
    expect(choosePlacement(llama3, 16_000 * MIB, 4096, { ...gpu, free: 100 * MIB })).toEqual(mapped);
    expect(choosePlacement(llama3, 16_000 * MIB, 4096, { ...gpu, free: 0, unified: true }).gpuLayers).toBe(33);
  });
});

describe('the estimate', () => {
  const weights = 16_000 * MIB;
  const scratch = scratchBytes(llama3, 4096);

  it('adds weights, context, scratch memory and the process', () => {
    const { ram, vram } = estimateFootprint(llama3, weights, 4096, mapped, null);
    expect(ram).toBe(weights + 512 * MIB + scratch + CHILD_BYTES + 10 * MIB);
    expect(vram).toEqual({});
  });

  it('counts a mapped file twice where it is held twice', () => {
    const once = estimateFootprint(llama3, weights, 4096, mapped, null).ram;
    expect(estimateFootprint({ ...llama3, repackedBytes: MIB }, weights, 4096, mapped, null).ram).toBe(once + MIB);
    expect(estimateFootprint({ ...llama3, repackedBytes: MIB }, weights, 4096, { gpuLayers: 0, useMmap: false }, null).ram).toBe(once);
  });

  it('splits between RAM and the GPU, or adds up where they are one', () => {
    const gpu = { id: 'gpu0', free: 24_000 * MIB, unified: false };
    const whole = estimateFootprint(llama3, weights, 4096, { gpuLayers: 33, useMmap: true }, gpu);
    expect(whole).toEqual({ ram: CHILD_BYTES + 10 * MIB, vram: { gpu0: weights + 512 * MIB + scratch } });
    const unified = estimateFootprint(llama3, weights, 4096, { gpuLayers: 33, useMmap: true }, { ...gpu, unified: true });
    expect(unified).toEqual({ ram: whole.ram + (whole.vram.gpu0 ?? 0), vram: {} });
  });
});
