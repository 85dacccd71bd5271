/** Bigger models are worth a little less: their room serves many others. 0 would be the cost of reloads alone (docs/eviction.md). */
export const SIZE_DISCOUNT = 0.2;
/** What room is worth that becomes free beyond need, of what the average byte in memory is worth. */
export const ROOM_PRICE = 0.1;
/** No model's room is worth more than nearly all that the model is. */
const LEAST_LEFT = 0.02;
/** What a load takes that has not been seen yet: a start, and reading the file from an NVMe disk. */
const START_MS = 1000;
const BYTES_PER_MS = 2_000_000;
/** What has never been used counts as if it had this share of all uses, so that the cheaper reload goes first. */
const UNKNOWN_SHARE = 1e-9;

export function reloadMs(expectedLoadMs: number | null, bytes: number): number {
  return expectedLoadMs ?? START_MS + bytes / BYTES_PER_MS;
}

export interface Weighed {
  /** By `forecast`. */
  uses: number;
  reloadMs: number;
  bytes: number;
}

/** What unloading each is expected to cost, in no unit: only comparisons between models that were weighed together mean anything. */
export function worthsOf(models: readonly Weighed[]): number[] {
  const worths = models.map(({ uses, reloadMs: reload, bytes }) => ((uses + UNKNOWN_SHARE) * reload) / Math.max(bytes, 1) ** SIZE_DISCOUNT);
  let worth = 0;
  let bytes = 0;
  for (let i = 0; i < worths.length; i++) {
    worth += worths[i]!;
    bytes += models[i]!.bytes;
  }
  const price = bytes > 0 ? (ROOM_PRICE * worth) / bytes : 0;
  return worths.map((own, i) => Math.max(own * LEAST_LEFT, own - price * models[i]!.bytes));
}
