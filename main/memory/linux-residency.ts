import path from 'node:path';
import { type KeptFile, keepOpen } from './kept-file.ts';
import type { Resident } from './memory.ts';
import { parseStatus } from './parse-status.ts';

export interface ResidencyReader {
  read(pids: readonly number[]): Map<number, Resident>;
  close(): void;
}

/**
 * What processes hold, from /proc/<pid>/status. It costs 6 µs a process on an open file against 2 µs for statm, and is worth
 * them: statm knows no swap, puts shared memory among the file pages, and its counters may lag behind on many cores.
 */
export function createResidencyReader(root: string, buffer: Buffer): ResidencyReader {
  const files = new Map<number, KeptFile>();

  const drop = (pid: number) => {
    files.get(pid)?.close();
    files.delete(pid);
  };

  const readOne = (pid: number): Resident | null => {
    const file = files.get(pid) ?? keepOpen(path.join(root, '/proc', String(pid), 'status'), buffer);
    if (file === null) return null;
    files.set(pid, file);
    const memory = parseStatus(file.read() ?? '');
    if (memory === null) {
      drop(pid);
      return null;
    }
    // Shared memory has no file to go back to: like anonymous memory it leaves RAM for swap only.
    const resident: Resident = { anon: memory.anon + memory.shmem + memory.swap, file: memory.file };
    if (memory.swap > 0) resident.swapped = memory.swap;
    return resident;
  };

  return {
    read(pids) {
      const found = new Map<number, Resident>();
      for (const pid of pids) {
        const resident = readOne(pid);
        if (resident !== null) found.set(pid, resident);
      }
      if (files.size > found.size) for (const pid of [...files.keys()]) if (!found.has(pid)) drop(pid);
      return found;
    },
    close() {
      for (const pid of [...files.keys()]) drop(pid);
    },
  };
}
