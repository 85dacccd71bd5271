export interface Clock {
  /** The browser's time as of the last tick, ms since the epoch. */
  now(): number;
  /** Returns its own undoing. The clock runs while somebody listens. */
  subscribe(listener: () => void): () => void;
  /** Something is about to be drawn anyway: a tick that is nearly due comes now, so that both are one drawing. */
  join(): void;
}

const tickMs = 1_000;
/** From here on a tick is nearly due. */
const nearMs = 700;
/** How much longer than a second a tick waits for company that it had the last time. */
const patienceMs = 250;

/** One tick a second for everything that counts, so that a second costs one drawing, however many rows count. */
export function createClock(now: () => number): Clock {
  const listeners = new Set<() => void>();
  let time = now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let joined = false;
  function tick() {
    time = now();
    // Who came along this time will most likely come along again, a little sooner or later.
    timer = setTimeout(alone, joined ? tickMs + patienceMs : tickMs);
    for (const each of listeners) each();
  }

  function alone() {
    joined = false;
    tick();
  }

  return {
    now: () => time,
    subscribe(listener) {
      if (listeners.size === 0) {
        time = now();
        joined = false;
        timer = setTimeout(alone, tickMs);
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearTimeout(timer);
      };
    },
    join() {
      if (listeners.size === 0 || now() - time < nearMs) return;
      clearTimeout(timer);
      joined = true;
      tick();
    },
  };
}
