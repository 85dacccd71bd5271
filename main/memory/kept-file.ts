import { closeSync, openSync, readSync } from 'node:fs';

/**
 * A file of /proc or /sys that stays open. Reading it again from position 0 makes the kernel write it anew, at less than half
 * of what open, read and close cost. An open /proc/<pid> file keeps naming the same process: once that has ended, reads fail,
 * also when its number has been given to another.
 */
export interface KeptFile {
  /** The text, cut at the buffer's end; null where it cannot be read any more. */
  read(): string | null;
  /** The same, for files that the kernel hands out in several pieces. */
  readAll(): string | null;
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
  const readPieces = (most: number): string | null => {
    if (!open) return null;
    try {
      let length = 0;
      for (let piece = 0; piece < most && length < buffer.length; piece++) {
        const read = readSync(fd, buffer, length, buffer.length - length, length);
        if (read === 0) break;
        length += read;
      }
      return buffer.toString('latin1', 0, length);
    } catch {
      return null;
    }
  };
  return {
    read: () => readPieces(1),
    readAll: () => readPieces(Number.POSITIVE_INFINITY),
    close() {
      if (!open) return;
      open = false;
      closeSync(fd);
    },
  };
}
