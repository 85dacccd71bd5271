import { readFileSync } from 'node:fs';
import path from 'node:path';
import { headroom, parseBytes, parseLimit, parseReclaimable } from './cgroup-figures.ts';
import { type CgroupLevel, cgroupLevels } from './cgroup-levels.ts';
import { type KeptFile, keepOpen } from './kept-file.ts';
import { parsePressure } from './parse-pressure.ts';

const DETECT_AGAIN_MS = 60_000;

export interface CgroupReading {
  /** The smallest limit up the tree, bytes. */
  limit: number;
  /** The smallest headroom of all levels with a limit, bytes: a wide parent may be fuller than a narrow child. */
  headroom: number;
  pressure: { some: number; full: number } | null;
}

export interface CgroupReader {
  /** Null where no cgroup limits this process below `total`. */
  read(total: number, now: number): CgroupReading | null;
  close(): void;
}

interface LimitedLevel {
  version: 1 | 2;
  limits: KeptFile[];
  current: KeptFile;
  stat: KeptFile;
  pressure: KeptFile | null;
}

/**
 * Reads the memory limits of the cgroups above this process. Where there are none, a read costs nothing but a look at the
 * clock; once a minute it looks again, for limits that were set and for a process that was moved. A limit that is known is
 * read every time. `memory.high` counts like `memory.max`: above it the kernel stalls the process instead of failing it.
 */
export function createCgroupReader(root: string, buffer: Buffer): CgroupReader {
  let levels: LimitedLevel[] = [];
  let detectedAt = Number.NEGATIVE_INFINITY;

  const detect = (total: number) => {
    close();
    const found = cgroupLevels(readOr(path.join(root, '/proc/self/cgroup')), readOr(path.join(root, '/proc/self/mountinfo')));
    levels = found.map((level) => openLevel(root, level, total, buffer)).filter((level) => level !== null);
  };
  const close = () => {
    for (const level of levels) closeLevel(level);
    levels = [];
  };

  return {
    read(total, now) {
      if (now - detectedAt >= DETECT_AGAIN_MS || now < detectedAt) {
        detectedAt = now;
        detect(total);
      }
      const readings: CgroupReading[] = [];
      for (const level of levels) {
        const reading = readLevel(level);
        if (reading === 'gone') detectedAt = Number.NEGATIVE_INFINITY;
        else if (reading !== null && reading.limit < total) readings.push(reading);
      }
      return readings.length === 0 ? null : readings.reduce(tighter);
    },
    close,
  };
}

/** `gone`: the folder is no more, so this process has been moved. */
function readLevel({ version, limits, current, stat, pressure }: LimitedLevel): CgroupReading | 'gone' | null {
  const charged = parseBytes(current.read());
  const figures = stat.read();
  if (charged === null || figures === null) return 'gone';
  const limit = smallestLimit(limits);
  if (limit === null) return null;
  return { limit, headroom: headroom(limit, charged, parseReclaimable(figures, version)), pressure: parsePressure(pressure?.read() ?? '') };
}

function tighter(inner: CgroupReading, outer: CgroupReading): CgroupReading {
  return { limit: Math.min(inner.limit, outer.limit), headroom: Math.min(inner.headroom, outer.headroom), pressure: inner.pressure ?? outer.pressure };
}

function openLevel(root: string, { folder, version }: CgroupLevel, total: number, buffer: Buffer): LimitedLevel | null {
  const open = (name: string) => keepOpen(path.join(root, folder, name), buffer);
  const limits = (version === 2 ? ['memory.max', 'memory.high'] : ['memory.limit_in_bytes']).map(open).filter((file) => file !== null);
  const limit = smallestLimit(limits);
  const current = limit === null || limit >= total ? null : open(version === 2 ? 'memory.current' : 'memory.usage_in_bytes');
  const stat = current === null ? null : open('memory.stat');
  if (current === null || stat === null) {
    for (const file of limits) file.close();
    current?.close();
    return null;
  }
  return { version, limits, current, stat, pressure: open('memory.pressure') };
}

function closeLevel({ limits, current, stat, pressure }: LimitedLevel): void {
  for (const file of [...limits, current, stat, pressure]) file?.close();
}

function smallestLimit(limits: readonly KeptFile[]): number | null {
  let smallest: number | null = null;
  for (const file of limits) {
    const limit = parseLimit(file.read());
    if (limit !== null && (smallest === null || limit < smallest)) smallest = limit;
  }
  return smallest;
}

function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
