import { labelledNumber } from './labelled-number.ts';

/** What /proc/meminfo says, in bytes; null where the text has no total. Format: proc_meminfo(5). */
export function parseMeminfo(text: string): { total: number; available: number } | null {
  const kib = (label: string) => labelledNumber(text, label);
  const total = kib('MemTotal:');
  if (total === null) return null;
  // Kernels before 3.14 and some container emulations leave MemAvailable out.
  const available = kib('MemAvailable:') ?? (kib('MemFree:') ?? 0) + (kib('Buffers:') ?? 0) + (kib('Cached:') ?? 0);
  return { total: total * 1024, available: available * 1024 };
}
