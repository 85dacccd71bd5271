/** Fills buffers with pseudo-random F16 numbers, the same for the same seed. */
export interface WeightSource {
  /** Fills `target` (a multiple of 4 bytes). */
  fill(target: Uint32Array): void;
}

/**
 * Magnitudes between 1/64 and 1/32 with a random sign (11 random bits of 16): with matrices of some hundred
 * columns activations keep about their size through the layers, so nothing overflows F16 or turns into NaN,
 * and the file cannot be compressed away by a file system or by zram.
 */
export function createWeightSource(seed: number): WeightSource {
  let state = seed >>> 0 || 1;
  return {
    fill(target) {
      // xorshift32: two weights per step, about 1 GB/s in V8.
      let x = state;
      for (let i = 0; i < target.length; i++) {
        x ^= x << 13;
        x ^= x >>> 17;
        x ^= x << 5;
        target[i] = (x & 0x83ff83ff) | 0x24002400;
      }
      state = x >>> 0;
    },
  };
}
