import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { formatBytes, problem, type Problem } from '../../contract/index.ts';

/** Left free on the disk besides what is downloaded. */
export const SPARE_BYTES = 256 * 1024 * 1024;

/** Bytes that this user can still write in a folder, or in what will hold it; null: it cannot be told. */
export type FreeDisk = (folder: string) => Promise<number | null>;

export const freeDisk: FreeDisk = async (folder) => {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    try {
      const { bavail, bsize } = await statfs(at);
      return bavail * bsize;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      // It is made with the first download.
      if ((code !== 'ENOENT' && code !== 'ENOTDIR') || at === path.dirname(at)) return null;
    }
  }
};

/** Why so many more bytes cannot be kept there; null: they can, or nothing tells. */
export function diskProblem(name: string, wanted: number | null, free: number | null): Problem | null {
  if (wanted === null || free === null || free >= wanted + SPARE_BYTES) return null;
  return problem('disk-full', `${name} takes ${formatBytes(wanted)} on the disk, of which only ${formatBytes(free)} are free.`, 'Free some disk space and try again.');
}
