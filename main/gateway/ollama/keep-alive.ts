/** A duration as Go writes it. No digit can stand for two parts of it: a long row of them is read once, not in every way of dividing it. */
const duration = /^[-+]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;

/**
 * What a request's `keep_alive` means. zero: the model is not needed after the answer · invalid: Ollama refuses it, in its own
 * words · absent: also where it is null.
 */
export function readKeepAlive(value: unknown): 'absent' | 'zero' | 'other' | 'invalid' {
  if (value === undefined || value === null) return 'absent';
  // Below a nanosecond there is nothing left of it.
  if (typeof value === 'number') return Math.abs(value) < 1e-9 ? 'zero' : 'other';
  if (typeof value !== 'string' || !duration.test(value)) return 'invalid';
  return /[1-9]/.test(value) ? 'other' : 'zero';
}
