/**
 * How far the server's clock is ahead of this one, ms. Its `Date` header has whole seconds, so each answer only bounds the difference;
 * the bounds of many answers together are tight. `skewMs` is 0 as long as equal clocks explain all that was seen.
 */
export interface ClockSkew {
  skewMs: number;
  /** How wrong `skewMs` can be. */
  uncertaintyMs: number;
  low: number;
  high: number;
}

export const noSkew: ClockSkew = { skewMs: 0, uncertaintyMs: 0, low: -Infinity, high: Infinity };

export function observeClock(skew: ClockSkew, answer: { dateMs: number | null; sentAt: number; receivedAt: number }): ClockSkew {
  if (answer.dateMs === null) return skew;
  // The header was cut to its second somewhere between sending and receiving.
  const low = answer.dateMs - answer.receivedAt;
  const high = answer.dateMs + 1000 - answer.sentAt;
  const both = { low: Math.max(low, skew.low), high: Math.min(high, skew.high) };
  // Bounds that contradict each other: one of the clocks was set, and the past says nothing any more.
  const bounds = both.low <= both.high ? both : { low, high };
  if (bounds.low <= 0 && bounds.high >= 0) return { skewMs: 0, uncertaintyMs: 0, ...bounds };
  return { skewMs: (bounds.low + bounds.high) / 2, uncertaintyMs: (bounds.high - bounds.low) / 2, ...bounds };
}
