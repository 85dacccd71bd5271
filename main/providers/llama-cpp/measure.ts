import type { Footprint } from '../../../contract/index.ts';
import type { Resident } from '../../memory/memory.ts';
import type { VramDevice } from './footprint.ts';
import { CHILD_BYTES } from './footprint.ts';
import type { Ready } from './messages.ts';

export interface Measured {
  footprint: Footprint;
  /** False: the process could not be read, so this rests on its own words. */
  measured: boolean;
}

/**
 * What a ready child takes. Anonymous and file-backed memory are counted apart:
 * - anonymous: what is resident, but no less than what llama.cpp has reserved. Its scratch memory is touched only by the
 *   first long prompt, and a booking that ignored it would be exceeded then.
 * - file-backed: what is resident, but no less than the mapped file: under pressure those pages leave, and the model
 *   needs them back.
 * A GPU's own memory is taken from llama.cpp's figures: no OS tells it per process.
 */
export function measureFootprint(ready: Ready, resident: Resident | null, device: VramDevice | null): Measured {
  const gpuBytes = ready.weights.vram + ready.context.vram;
  const vram = gpuBytes > 0 && device !== null && !device.unified ? { [device.id]: gpuBytes } : {};
  const shared = device?.unified ? gpuBytes : 0;
  const mappedBytes = ready.mapped ? ready.weights.ram : 0;
  if (resident === null || ready.baseline === null) {
    const reserved = CHILD_BYTES + ready.weights.ram + ready.context.ram + shared;
    return { footprint: { ram: Math.max(ready.resident, reserved), vram }, measured: false };
  }
  const anon = Math.max(resident.anon, ready.baseline.anon + ready.context.ram);
  const file = Math.max(resident.file, ready.baseline.file + mappedBytes);
  return { footprint: { ram: anon + file + shared, vram }, measured: true };
}
