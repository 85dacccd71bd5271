import { readFileSync } from 'node:fs';
import path from 'node:path';
import { keepOpen } from './kept-file.ts';

const DEFAULT_PAGE_SIZE = 4096;

export interface PageListReader {
  /** Bytes of free pages that the kernel keeps aside for each CPU; 0 where that cannot be read. */
  read(): number;
  close(): void;
}

/**
 * Freed pages first go to a list of the CPU that freed them, and neither MemFree nor MemAvailable counts those. Since Linux 6.7
 * (mm: PCP high auto-tuning) such a list grows up to an eighth of a zone divided by the CPUs and empties over many seconds:
 * 200 MB that a process gave back by ending can be missing from MemAvailable for ten seconds. They are free: whoever allocates
 * on that CPU gets them, and the kernel empties the lists before it reclaims anything. /proc/zoneinfo tells them, in 30 µs on
 * two cores and about 3 µs more for each further one.
 */
export function createPageListReader(root: string): PageListReader {
  // Two cores take 5 KB, and each further one about 0.4 KB a node.
  const file = keepOpen(path.join(root, '/proc/zoneinfo'), Buffer.allocUnsafe(256 * 1024));
  const pageSize = readPageSize(path.join(root, '/proc/self/auxv'));
  return {
    read: () => sumPageLists(file?.readAll() ?? '') * pageSize,
    close: () => file?.close(),
  };
}

/** Pages on the per-CPU lists of all zones, from /proc/zoneinfo. */
export function sumPageLists(zoneinfo: string): number {
  let pages = 0;
  // Without the blank before it: the text is mostly blanks, and a search stops at each first letter.
  for (let at = zoneinfo.indexOf('count:'); at >= 0; at = zoneinfo.indexOf('count:', at + 6)) {
    const count = Number.parseInt(zoneinfo.slice(at + 6, at + 32), 10);
    if (count > 0) pages += count;
  }
  return pages;
}

/** The auxiliary vector is pairs of machine words; AT_PAGESZ is 6 (getauxval(3)). Node has no other way to tell the page size. */
function readPageSize(file: string): number {
  const AT_PAGESZ = 6n;
  try {
    const vector = readFileSync(file);
    for (let at = 0; at + 16 <= vector.length; at += 16) {
      if (vector.readBigUInt64LE(at) === AT_PAGESZ) return Number(vector.readBigUInt64LE(at + 8));
    }
  } catch {
    return DEFAULT_PAGE_SIZE;
  }
  return DEFAULT_PAGE_SIZE;
}
