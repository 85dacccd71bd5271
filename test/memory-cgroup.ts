import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cgroupLevels } from '../main/memory/cgroup-levels.ts';

export interface MemoryCgroup {
  version: 1 | 2;
  add(pid: number): void;
  /** Once its processes have ended. */
  remove(): Promise<void>;
}

/** A cgroup with a memory limit below this process's own, or the nearest above that lets one be made; else the reason why not. */
export function createMemoryCgroup(limit: number): MemoryCgroup | { reason: string } {
  if (process.platform !== 'linux') return { reason: 'no cgroups on this system' };
  const levels = cgroupLevels(readFileSync('/proc/self/cgroup', 'utf8'), readFileSync('/proc/self/mountinfo', 'utf8'));
  let reason = 'no memory cgroup is mounted';
  for (const { folder: parent, version } of levels) {
    const limitFile = version === 2 ? 'memory.max' : 'memory.limit_in_bytes';
    const folder = path.join(parent, `airdock-test-${process.pid}`);
    try {
      mkdirSync(folder);
    } catch (error) {
      reason = String(error);
      continue;
    }
    try {
      if (!existsSync(path.join(folder, limitFile))) throw new Error(`no memory controller in ${parent}`);
      writeFileSync(path.join(folder, limitFile), String(limit));
      return { version, add: (pid) => writeFileSync(path.join(folder, 'cgroup.procs'), String(pid)), remove: () => removeFolder(folder) };
    } catch (error) {
      rmdirSync(folder);
      reason = String(error);
    }
  }
  return { reason };
}

/** A cgroup stays busy for a moment after its last process has been reaped. */
async function removeFolder(folder: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      rmdirSync(folder);
      return;
    } catch (error) {
      if (attempt === 100) throw error;
      await delay(20);
    }
  }
}
