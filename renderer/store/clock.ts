export interface Clock {
  /** The browser's time as of the last tick, ms since the epoch. */
  now(): number;
  /** Returns its own undoing. The clock runs while somebody listens. */
  subscribe(listener: () => void): () => void;
}

/** One tick a second for everything that counts, so that a second costs one drawing, however many rows count. */
export function createClock(now: () => number): Clock {
  const listeners = new Set<() => void>();
  let time = now();
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    now: () => time,
    subscribe(listener) {
      if (listeners.size === 0) {
        time = now();
        timer = setInterval(() => {
          time = now();
          for (const each of listeners) each();
        }, 1_000);
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearInterval(timer);
      };
    },
  };
}
