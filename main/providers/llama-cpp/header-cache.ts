import { readGguf } from './gguf/read.ts';
import type { GgufResult } from './gguf/read.ts';
import type { GgufFile } from './walk.ts';

export interface HeaderCache {
  /** The header of a file, read again only when its size or time of change differ. */
  read(file: GgufFile): Promise<GgufResult>;
  /** Forgets every file that was not asked for since the last call. */
  sweep(): void;
}

interface Entry {
  size: number;
  mtimeMs: number;
  result: GgufResult;
  fresh: boolean;
}

export function createHeaderCache(read: (file: string) => Promise<GgufResult> = readGguf): HeaderCache {
  const entries = new Map<string, Entry>();
  return {
    async read({ realPath, size, mtimeMs }) {
      const known = entries.get(realPath);
      if (known && known.size === size && known.mtimeMs === mtimeMs) {
        known.fresh = true;
        return known.result;
      }
      const result = await read(realPath);
      entries.set(realPath, { size, mtimeMs, result, fresh: true });
      return result;
    },
    sweep() {
      for (const [file, entry] of entries) {
        if (entry.fresh) entry.fresh = false;
        else entries.delete(file);
      }
    },
  };
}
