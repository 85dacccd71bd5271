import { describe, expect, it } from 'vitest';
import { measureFootprint } from './measure.ts';
import type { Ready } from './messages.ts';

const ready: Ready = {
  type: 'ready',
  gpu: false,
  gpuLayers: 0,
  baseline: { anon: 50, file: 40 },
  resident: 1200,
  weights: { ram: 1000, vram: 0 },
  context: { ram: 100, vram: 0 },
  mapped: true,
  diskRead: 0,
};

describe('measureFootprint', () => {
  it('takes what is resident', () => {
    expect(measureFootprint(ready, { anon: 170, file: 1060 }, null)).toEqual({ footprint: { ram: 1230, vram: {} }, measured: true });
  });

  it('books what is reserved but not touched yet, and mapped pages that have left under pressure', () => {
    expect(measureFootprint(ready, { anon: 60, file: 200 }, null).footprint.ram).toBe(150 + 1040);
  });

  it('expects no file pages where the file was read', () => {
    expect(measureFootprint({ ...ready, mapped: false, baseline: { anon: 1050, file: 40 } }, { anon: 1100, file: 45 }, null).footprint.ram).toBe(1150 + 45);
  });

  it('trusts the process where the system tells nothing', () => {
    const { footprint, measured } = measureFootprint({ ...ready, baseline: null, resident: 200_000_000 }, null, null);
    expect(measured).toBe(false);
    expect(footprint.ram).toBe(200_000_000);
  });

  it('puts GPU memory where it belongs', () => {
    const onGpu: Ready = { ...ready, gpu: true, gpuLayers: 9, weights: { ram: 0, vram: 900 }, context: { ram: 10, vram: 90 } };
    const gpu = { id: 'gpu0', free: 0, unified: false };
    expect(measureFootprint(onGpu, { anon: 70, file: 50 }, gpu).footprint).toEqual({ ram: 120, vram: { gpu0: 990 } });
    expect(measureFootprint(onGpu, { anon: 70, file: 50 }, { ...gpu, unified: true }).footprint).toEqual({ ram: 120 + 990, vram: {} });
  });
});
