import { readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { parseBytes } from './cgroup-figures.ts';
import type { VramReading } from './memory.ts';

/**
 * AMD GPUs on Linux: the amdgpu driver publishes total and used memory in bytes below /sys/class/drm/card<n>/device (kernel:
 * gpu/amdgpu/driver-misc). The id is the PCI address, which stays the same over restarts.
 */
export async function readAmdVram(root: string): Promise<VramReading[]> {
  const folder = path.join(root, '/sys/class/drm');
  const cards = (await readdir(folder).catch(() => [])).filter((name) => /^card\d+$/.test(name)).sort();
  const devices = await Promise.all(cards.map((card) => readCard(path.join(folder, card, 'device'))));
  return devices.filter((device) => device !== null);
}

async function readCard(folder: string): Promise<VramReading | null> {
  const text = (name: string) => readFile(path.join(folder, name), 'utf8').catch(() => null);
  const [total, used] = [parseBytes(await text('mem_info_vram_total')), parseBytes(await text('mem_info_vram_used'))];
  if (total === null || used === null) return null;
  const address = path.basename(await realpath(folder).catch(() => folder));
  const name = (await text('product_name'))?.trim();
  return { id: `pci-${address}`, name: name ? name : 'AMD GPU', total, free: Math.max(0, total - used) };
}
