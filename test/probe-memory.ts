import type { MemoryReading } from '../main/memory/memory.ts';
import { createMemoryReader } from '../main/memory/reader.ts';

/** One look at the memory, for a test to run inside another process. */
export function probe(): MemoryReading {
  const reader = createMemoryReader();
  const reading = reader.read([]);
  reader.close();
  return reading;
}
