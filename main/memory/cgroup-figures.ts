import { labelledNumber } from './labelled-number.ts';

/** A limit file of either version in bytes; null for none ("max", or version 1's figure near 2^63) and for what is no number. */
export function parseLimit(text: string | null): number | null {
  const value = parseBytes(text);
  return value === null || value >= 2 ** 62 ? null : value;
}

/** A file that holds one number. */
export function parseBytes(text: string | null): number | null {
  const trimmed = text?.trim() ?? '';
  return /^\d+$/.test(trimmed) ? Number(trimmed) : null;
}

/**
 * The bytes of memory.stat that the kernel would give back before it fails an allocation in this cgroup: file pages, and in
 * version 2 reclaimable slab (version 1 does not count it). Version 1 has the sums over the whole subtree under `total_`.
 */
export function parseReclaimable(stat: string, version: 1 | 2): number {
  const names = version === 2 ? ['active_file ', 'inactive_file ', 'slab_reclaimable '] : ['total_active_file ', 'total_inactive_file '];
  return names.reduce((sum, name) => sum + (labelledNumber(stat, name) ?? 0), 0);
}

/** What a cgroup would still give: its limit less what is charged to it and cannot be given back. Never negative. */
export function headroom(limit: number, current: number, reclaimable: number): number {
  return Math.max(0, limit - Math.max(0, current - reclaimable));
}
