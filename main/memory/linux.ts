import os from 'node:os';
import path from 'node:path';
import { createCgroupReader } from './cgroup.ts';
import { keepOpen } from './kept-file.ts';
import { createResidencyReader } from './linux-residency.ts';
import type { MemoryReader, MemoryReading } from './memory.ts';
import { createPageListReader } from './page-lists.ts';
import { parseMeminfo } from './parse-meminfo.ts';
import { parsePressure } from './parse-pressure.ts';
import { linuxPrograms } from './programs-linux.ts';
import type { VramReader } from './vram.ts';

/** Linux: files of /proc and /sys/fs/cgroup that stay open, read synchronously. `root` stands in for `/` in tests. */
export function createLinuxReader({ root, now, vram }: { root: string; now: () => number; vram: VramReader }): MemoryReader {
  // The wanted lines of meminfo are its first five; a status file grows with the number of groups and cores.
  const small = Buffer.allocUnsafe(512);
  const large = Buffer.allocUnsafe(8192);
  const meminfo = keepOpen(path.join(root, '/proc/meminfo'), small);
  const psi = keepOpen(path.join(root, '/proc/pressure/memory'), small);
  const pageLists = createPageListReader(root);
  const cgroup = createCgroupReader(root, large);
  const residency = createResidencyReader(root, large);

  return {
    read(pids): MemoryReading {
      const at = now();
      const machine = parseMeminfo(meminfo?.read() ?? '') ?? { total: os.totalmem(), available: os.freemem() };
      const free = Math.min(machine.total, machine.available + pageLists.read());
      const group = cgroup.read(machine.total, at);
      const devices = vram.last();
      return {
        at,
        total: machine.total,
        available: Math.min(free, group?.headroom ?? free),
        cgroupLimit: group?.limit ?? null,
        pressure: worse(parsePressure(psi?.read() ?? ''), group?.pressure ?? null),
        processes: residency.read(pids),
        ...devices,
      };
    },
    refresh: (pids) => vram.refresh(pids),
    largestPrograms: (count, except) => linuxPrograms(root, count, except),
    close() {
      meminfo?.close();
      psi?.close();
      pageLists.close();
      cgroup.close();
      residency.close();
    },
  };
}

type Pressure = MemoryReading['pressure'];

/** A limited cgroup can thrash while the machine as a whole is calm, and the other way round. */
function worse(a: Pressure, b: Pressure): Pressure {
  if (a === null || b === null) return a ?? b;
  return { some: Math.max(a.some, b.some), full: Math.max(a.full, b.full) };
}
