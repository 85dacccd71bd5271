/** Nanoseconds, as Go counts time. */
export type Ns = bigint;

export const nsPerMs = 1_000_000n;
/** What Ollama makes of "for ever": about 292 years. */
export const maxDuration: Ns = 9_223_372_036_854_775_807n;

export function msToNs(ms: number): Ns {
  return ms < 0 || ms >= 9_223_372_036_854 ? maxDuration : BigInt(Math.round(ms * 1e6));
}

export function nsToMs(ns: Ns): number {
  return ns >= maxDuration ? Infinity : Number(ns) / 1e6;
}

/** RFC 3339 with nanoseconds, trailing zeros dropped, as Go prints a time. */
export function formatTime(at: Ns, zoneMinutes = 0): string {
  const ms = Number(at / nsPerMs);
  const fraction = (at % 1_000_000_000n).toString().padStart(9, '0').replace(/0+$/, '');
  const seconds = new Date(ms + zoneMinutes * 60_000).toISOString().slice(0, 19);
  return `${seconds}${fraction === '' ? '' : `.${fraction}`}${formatZone(zoneMinutes)}`;
}

function formatZone(minutes: number): string {
  if (minutes === 0) return 'Z';
  const two = (n: number): string => String(n).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

export interface Clock {
  /** Wall clock with nanosecond digits; its milliseconds are those of the injected clock. */
  now(): Ns;
  /** Runs `action` later; returns its cancellation. Never keeps the process alive; dropped by `stop`. */
  after(ms: number, action: () => void): () => void;
  /** Resolves after `ms`, or at once when the signal fires. After `stop`, only the signal resolves it. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  stop(): void;
}

/** Longest delay that a Node timer takes; longer ones fire at once, so they are not set at all. */
const longestTimer = 2_147_483_647;

export function createClock(wall: () => number = Date.now): Clock {
  const timers = new Set<NodeJS.Timeout>();
  let stopped = false;
  let last: Ns = 0n;
  /** The digits below a millisecond are only there to look right; within one millisecond they must not run backwards. */
  const now = (): Ns => {
    const read = BigInt(Math.floor(wall())) * nsPerMs + (process.hrtime.bigint() % nsPerMs);
    last = read <= last && last - read < nsPerMs ? last + 1000n : read;
    return last;
  };
  const after = (ms: number, action: () => void): (() => void) => {
    if (stopped || ms > longestTimer) return () => undefined;
    const timer = setTimeout(() => {
      timers.delete(timer);
      action();
    }, ms);
    timer.unref();
    timers.add(timer);
    return () => {
      clearTimeout(timer);
      timers.delete(timer);
    };
  };
  return {
    now,
    after,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const cancel = after(ms, () => {
          signal?.removeEventListener('abort', early);
          resolve();
        });
        const early = (): void => {
          cancel();
          resolve();
        };
        signal?.addEventListener('abort', early, { once: true });
      }),
    stop: () => {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
