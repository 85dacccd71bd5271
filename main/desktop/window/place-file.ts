import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeFileAtomic } from '../../files/write-atomic.ts';
import type { SavedPlace } from './place.ts';

const coordinate = z.number().int().min(-1_000_000).max(1_000_000);
const size = z.number().int().min(1).max(100_000);
const placeSchema = z.object({ x: coordinate, y: coordinate, width: size, height: size, maximized: z.boolean() });

export interface PlaceFile {
  /** Null where there is none, or none that makes sense: a window is opened in any case. */
  read(): SavedPlace | null;
  /** The last of several wins. */
  save(place: SavedPlace): void;
  /** Settles when what was saved is on the disk, or could not be written. */
  written(): Promise<void>;
}

export function createPlaceFile({ file, onFault }: { file: string; onFault(fault: unknown): void }): PlaceFile {
  let last = '';
  let next: string | null = null;
  let writing: Promise<void> | null = null;

  async function write(): Promise<void> {
    while (next !== null) {
      const text = next;
      next = null;
      try {
        await writeFileAtomic(file, text);
        last = text;
      } catch (fault) {
        onFault(fault);
      }
    }
    writing = null;
  }

  return {
    read() {
      try {
        const parsed = placeSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
        return parsed.success ? parsed.data : null;
      } catch {
        return null;
      }
    },
    save(place) {
      const text = `${JSON.stringify(place)}\n`;
      if (text === (next ?? last)) return;
      next = text;
      writing ??= write();
    },
    written: () => writing ?? Promise.resolve(),
  };
}
