/**
 * Bytes that macOS would give a new program without compressing or swapping, from the output of `vm_stat`; null where it has
 * another form. It is what Activity Monitor leaves of the total after app memory (anonymous less purgeable), wired and
 * compressed memory. Inactive pages do not count as free: they are partly anonymous. The page size is in the header: 16 KiB
 * on Apple silicon, 4 KiB on Intel.
 */
export function parseVmStat(text: string, total: number): number | null {
  const pageSize = Number(/page size of (\d+) bytes/.exec(text)?.[1]);
  if (!(pageSize > 0)) return null;
  const pages = (label: string): number | null => {
    const value = new RegExp(`^"?${label}"?:\\s+(\\d+)\\.?\\s*$`, 'm').exec(text)?.[1];
    return value === undefined ? null : Number(value);
  };
  const purgeable = pages('Pages purgeable') ?? 0;
  const anonymous = pages('Anonymous pages');
  const wired = pages('Pages wired down');
  const compressor = pages('Pages occupied by compressor');
  if (anonymous !== null && wired !== null && compressor !== null) {
    const used = Math.max(0, anonymous - purgeable) + wired + compressor;
    return Math.min(total, Math.max(0, total - used * pageSize));
  }
  const free = pages('Pages free');
  if (free === null) return null;
  return Math.min(total, (free + (pages('Pages inactive') ?? 0) + (pages('Pages speculative') ?? 0) + purgeable) * pageSize);
}
