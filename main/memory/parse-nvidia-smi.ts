import type { VramReading } from './memory.ts';

const MIB = 1024 * 1024;

/** What to ask `nvidia-smi` for, so that `parseNvidiaSmi` can read it. */
export const nvidiaSmiArgs = ['--query-gpu=uuid,name,memory.total,memory.free', '--format=csv,noheader,nounits'] as const;

/**
 * Devices from `nvidia-smi`, whose figures are MiB. Integrated GPUs (Jetson, GB10) answer [N/A] for their memory because it is
 * the computer's: those are not devices of their own, and `unified` says that there is one.
 */
export function parseNvidiaSmi(text: string): { vram: VramReading[]; unified: boolean } {
  const vram: VramReading[] = [];
  let unified = false;
  for (const line of text.split('\n')) {
    const [, id, name, total, free] = /^\s*(GPU-[^,\s]+),\s*(.+),\s*([^,]+),\s*([^,]+?)\s*$/.exec(line) ?? [];
    if (id === undefined || name === undefined) continue;
    if (!isNumber(total) || !isNumber(free)) unified = true;
    else vram.push({ id, name, total: Number(total) * MIB, free: Number(free) * MIB });
  }
  return { vram, unified };
}

function isNumber(text: string | undefined): boolean {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text.trim());
}
