import { describe, expect, it } from 'vitest';
import { bytesPerToken, estimateBytes, loadLimitMs } from './estimate.ts';
import { unknownShape } from './model-facts.ts';
import type { ModelShape } from './model-facts.ts';

const gib = 1024 ** 3;
const none = unknownShape;
const smol: ModelShape = { ...none, layers: 30, embedding: 576, feedForward: 1536, heads: 9, kvHeads: 3, maxContextLength: 8192 };
const llama8b: ModelShape = { ...none, layers: 32, embedding: 4096, feedForward: 14336, heads: 32, kvHeads: 8, maxContextLength: 131072 };

describe('estimateBytes', () => {
  // Resident anonymous + file-backed KiB of the runner right after the load, SmolLM2-135M Q4_1, two real servers.
  it.each([
    ['0.24', 512, 131960 + 26484],
    ['0.24', 2048, 166732 + 26528],
    ['0.24', 4096, 212760 + 26784],
    ['0.24', 8192, 305044 + 26528],
    ['0.33', 512, 127864 + 14116],
    ['0.33', 2048, 162500 + 14220],
    ['0.33', 4096, 208244 + 14168],
    ['0.33', 8192, 300740 + 14240],
  ])('covers what %s held at %i tokens, by at most 50 MB', (_version, context, kib) => {
    const over = estimateBytes(98_363_007, smol, context) - kib * 1024;
    expect(over).toBeGreaterThanOrEqual(0);
    expect(over).toBeLessThan(50e6);
  });

  it('has 128 KiB of KV cache per token for Llama 3 8B', () => {
    const step = estimateBytes(4.7e9, llama8b, 8192) - estimateBytes(4.7e9, llama8b, 4096);
    expect(step / 4096 / 1024).toBeCloseTo(129, 0);
  });

  it.each([llama8b, smol, none])('grows evenly with the context', (shape) => {
    const grown = estimateBytes(4.7e9, shape, 8192) - estimateBytes(4.7e9, shape, 2048);
    expect(Math.abs(bytesPerToken(4.7e9, shape) * 6144 - grown)).toBeLessThan(10);
  });

  it('goes no further than the training context', () => {
    expect(estimateBytes(98_363_007, smol, 1_000_000)).toBe(estimateBytes(98_363_007, smol, 8192));
  });

  it('takes explicit key and value lengths', () => {
    const wide = { ...llama8b, keyLength: 256, valueLength: 256 };
    expect(estimateBytes(1e9, wide, 4096) - estimateBytes(1e9, llama8b, 4096)).toBe(gib / 2);
  });

  it('stays sane without a header', () => {
    const bytes = estimateBytes(4e9, none, 4096);
    expect(bytes).toBeGreaterThan(4.2e9);
    expect(bytes).toBeLessThan(5e9);
  });
});

describe('loadLimitMs', () => {
  it('is a minute and 20 s per GB', () => {
    expect(loadLimitMs(0)).toBe(60_000);
    expect(loadLimitMs(10e9)).toBe(260_000);
  });
});
