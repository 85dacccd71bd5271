/** So many wrong keys or codes from one address, and it has to wait. */
const MAX_WRONG = 10;
const WINDOW_MS = 60_000;
/** Whoever has many addresses must not fill the memory. */
const MAX_ADDRESSES = 1_000;

/** Wrong keys and codes by the address that sent them. The secrets are too long to be guessed; this keeps the trying from costing anything. */
export interface Attempts {
  /** Seconds that the address has to wait; 0: it may try. */
  waitSeconds(address: string): number;
  failed(address: string): void;
}

export function createAttempts(now: () => number): Attempts {
  // In the order of their last failure: the oldest is forgotten first.
  const wrong = new Map<string, { count: number; until: number }>();
  return {
    waitSeconds(address) {
      const entry = wrong.get(bucketOf(address));
      if (entry === undefined || entry.count < MAX_WRONG) return 0;
      return Math.max(0, Math.ceil((entry.until - now()) / 1000));
    },
    failed(address) {
      const bucket = bucketOf(address);
      const before = wrong.get(bucket);
      wrong.delete(bucket);
      const count = before !== undefined && before.until > now() ? before.count + 1 : 1;
      wrong.set(bucket, { count, until: now() + WINDOW_MS });
      if (wrong.size > MAX_ADDRESSES) wrong.delete(wrong.keys().next().value!);
    },
  };
}

/** One device has all the IPv6 addresses of its network's first 64 bits to choose from. */
function bucketOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = ''] = address.split('::', 1);
  return head.split(':').slice(0, 4).join(':');
}
