import { closeSync, openSync, readSync } from 'node:fs';

/**
 * A file of /proc or /sys that stays open. Reading it again from position 0 makes the kernel write it anew, at less than half
 * of what open, read and close cost. An open /proc/<pid> file keeps naming the same process: once that has ended, reads fail,
 * also when its number has been given to another.
 */
export interface KeptFile {
  /** The text, cut at the buffer's end; null where it cannot be read any more. */
  read(): string | null;
  close(): void;
}

/** The buffer may be shared by any number of files: `read` is synchronous and hands out a copy. Null where the file cannot be opened. */
export function keepOpen(file: string, buffer: Buffer): KeptFile | null {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return null;
  }
  let open = true;
  return {
    read() {
      try {
        return open ? buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, 0)) : null;
      } catch {
        return null;
      }
    },
    close() {
      if (!open) return;
      open = false;
      closeSync(fd);
    },
  };
}
