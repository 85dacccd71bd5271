import { constants, readdirSync, readFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { pause } from './wait.ts';

export interface ReadAheadOptions {
  /** In the order in which a load reads them. */
  files: readonly string[];
  signal: AbortSignal;
  /** Bytes that may be read altogether without pushing anything out that is needed. Asked before each block; may change. */
  room(): number;
  /** Bytes that this process has had read from a disk; null: not told. */
  diskReads?(): number | null;
}

export interface ReadAhead {
  /** Never rejects. cached: it was in the page cache already · unreadable: a file is not there, or not for this user. */
  readonly done: Promise<'whole' | 'cached' | 'stopped' | 'unreadable'>;
  /** Bytes that have come from a disk so far; null where that is not told. */
  fromDisk(): number | null;
}

/** One at a time keeps a disk busy; stopping takes no longer than one of them. Smaller ones lose time on a busy computer, where each waits for its turn twice. */
const BLOCK = 4 * 1024 * 1024;
/** Room comes back when models have left, which takes moments. */
const ROOM_MS = 50;
/** So many looks over all files tell whether they are cached; each reads one page. */
const LOOKS = 16;
const LOOK_BYTES = 4096;

/**
 * Reads files from their begin to their end, for the page cache alone. In this process, with one small read at a time on Node's own threads: a process
 * of its own would take tens of MB at the very moment when memory is short, and begin when many unloads have ended already. Of
 * Node's four threads one is taken, for one block at a time.
 */
export function readAhead({ files, signal, room, diskReads = diskReadsOfThreads }: ReadAheadOptions): ReadAhead {
  const before = diskReads();
  let read = 0;
  let total: number | null = null;

  const fromDisk = (): number | null => {
    const now = total === null ? diskReads() : null;
    return total ?? (now === null || before === null ? null : now - before);
  };

  async function openAll(handles: { handle: FileHandle; size: number }[]): Promise<boolean> {
    for (const file of files) {
      // Without waiting: a pipe by a model's name would wait for ever.
      const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
      const stats = await handle.stat();
      handles.push({ handle, size: stats.size });
      if (!stats.isFile()) return false;
    }
    return handles.length > 0;
  }

  /** Nothing of all the looks came from a disk. */
  async function isCached(handles: readonly { handle: FileHandle; size: number }[], buffer: Buffer): Promise<boolean> {
    const start = diskReads();
    if (start === null) return false;
    const whole = handles.reduce((sum, { size }) => sum + size, 0);
    for (const { handle, size } of handles) {
      for (const at of looksInto(size, Math.round((LOOKS * size) / Math.max(whole, 1)))) {
        if (signal.aborted) return false;
        await handle.read(buffer, 0, LOOK_BYTES, at);
      }
    }
    return diskReads() === start;
  }

  async function run(): Promise<Awaited<ReadAhead['done']>> {
    const handles: { handle: FileHandle; size: number }[] = [];
    try {
      if (!(await openAll(handles))) return 'unreadable';
      const buffer = Buffer.allocUnsafeSlow(BLOCK);
      if (await isCached(handles, buffer)) return 'cached';
      for (const { handle, size } of handles) {
        for (let at = 0; at < size; at += BLOCK) {
          while (read + BLOCK > room() && !signal.aborted) await pause(ROOM_MS, signal);
          if (signal.aborted) return 'stopped';
          const { bytesRead } = await handle.read(buffer, 0, BLOCK, at);
          if (bytesRead === 0) break;
          read += bytesRead;
        }
      }
      return 'whole';
    } catch {
      return 'unreadable';
    } finally {
      total = fromDisk();
      await Promise.allSettled(handles.map(({ handle }) => handle.close()));
    }
  }

  return { done: run(), fromDisk };
}

/** Where to look into a file of so many bytes: at its begin, at its end, and evenly between them. Pages begin at multiples of their size; bit operators would end at 2 GB. */
export function looksInto(size: number, looks: number): number[] {
  const count = Math.max(2, looks);
  const last = Math.max(0, size - LOOK_BYTES);
  return Array.from({ length: count }, (_, look) => Math.floor((last * look) / (count - 1) / LOOK_BYTES) * LOOK_BYTES);
}

/**
 * Bytes that the threads of this process have had read from a disk (proc_pid_io(5)); null where that is not told. By thread: the figure of the
 * whole process also has those of its children, as soon as they have ended.
 */
function diskReadsOfThreads(): number | null {
  if (process.platform !== 'linux') return null;
  try {
    return readdirSync('/proc/self/task').reduce((sum, thread) => sum + Number(/^read_bytes: (\d+)$/m.exec(readFileSync(`/proc/self/task/${thread}/io`, 'utf8'))?.[1]), 0);
  } catch {
    return null;
  }
}
