import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ProgramUse } from '../../contract/index.ts';
import { largest, type ProcessUse } from './largest.ts';
import { parseStatus } from './parse-status.ts';
import { linuxProgramName } from './program-names.ts';

const BATCH = 64;
/** Below this a process keeps its comm: the link to its executable costs a look that many processes refuse. */
const SMALL = 8 * 1024 * 1024;

/**
 * The programs that hold most memory: RssAnon of all processes of a program, and its largest RssShmem. Mapped files do not
 * count, the kernel takes them back. Proportional shares would be exact, but cost half a millisecond a process.
 * Some 10 µs a process; other work gets its turn in between.
 */
export async function linuxPrograms(root: string, count: number, except: readonly number[]): Promise<ProgramUse[]> {
  const skipped = new Set(except);
  const pids = listPids(root).filter((pid) => !skipped.has(pid));
  const processes: ProcessUse[] = [];
  for (let from = 0; from < pids.length; from += BATCH) {
    if (from > 0) await nextTurn();
    for (const pid of pids.slice(from, from + BATCH)) {
      const use = readProcess(path.join(root, '/proc', String(pid)));
      if (use !== null) processes.push(use);
    }
  }
  return largest(processes, count);
}

function listPids(root: string): number[] {
  try {
    return readdirSync(path.join(root, '/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  } catch {
    return [];
  }
}

function readProcess(folder: string): ProcessUse | null {
  try {
    const text = readFileSync(path.join(folder, 'status'), 'utf8');
    const memory = parseStatus(text);
    if (memory === null) return null;
    const comm = /^Name:\t(.*)$/m.exec(text)?.[1] ?? '';
    const name = linuxProgramName(memory.anon + memory.shmem < SMALL ? null : executable(folder), comm);
    return { name, own: memory.anon, shared: memory.shmem };
  } catch {
    return null;
  }
}

function executable(folder: string): string | null {
  try {
    return readlinkSync(path.join(folder, 'exe'));
  } catch {
    return null;
  }
}
