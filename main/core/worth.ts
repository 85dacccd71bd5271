/** Bigger models are worth a little less: their room serves many others. 0 would be the cost of reloads alone (docs/eviction.md). */
export const SIZE_DISCOUNT = 0.4;
/** What a load takes that has not been seen yet: a start, and reading the file from an NVMe disk. */
const START_MS = 1000;
const BYTES_PER_MS = 2_000_000;
/** What has never been used counts as if it had this share of all uses, so that the cheaper reload goes first. */
const UNKNOWN_SHARE = 1e-9;

export function reloadMs(expectedLoadMs: number | null, bytes: number): number {
  return expectedLoadMs ?? START_MS + bytes / BYTES_PER_MS;
}

/** What unloading a model is expected to cost, in no unit: only comparisons between models mean anything. `uses`: by `forecast`. */
export function worthOf(uses: number, reload: number, bytes: number): number {
  return ((uses + UNKNOWN_SHARE) * reload) / Math.max(bytes, 1) ** SIZE_DISCOUNT;
}
