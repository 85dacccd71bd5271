/** How the app ends. */
export interface Ending {
  /** Unload also what servers would keep in memory. */
  unload: boolean;
  /** Ms that uses in progress get. */
  graceMs: number;
  /** Set where little time is left (the system goes down): ms after the grace. */
  limitMs?: number;
}

export interface Joiners {
  /** The app waits for it before it ends. It may be called again, with no grace or less time: somebody is in a hurry. */
  join(name: string, end: (ending: Ending) => unknown): void;
  /** Asks all of them at once. Settles when they are done, or `limitMs` after the grace; `late` names who was not waited for. */
  settle(ending: Ending, limitMs: number): Promise<{ late: readonly string[] }>;
  /** The grace is over, and from now on it takes `limitMs` at most: who is not done is told so. */
  hurry(limitMs?: number): void;
}

/** The one place that knows what has to be finished before the app may end. */
export function createJoiners(onFault: (fault: unknown) => void): Joiners {
  const joined: { name: string; end: (ending: Ending) => unknown }[] = [];
  const pending = new Map<string, (ending: Ending) => unknown>();
  let waitOnly: ((ms: number) => void) | null = null;
  let settling: Promise<{ late: readonly string[] }> | null = null;
  let last: { ending: Ending; limitMs: number } | null = null;

  async function attempt(name: string, end: (ending: Ending) => unknown, ending: Ending): Promise<void> {
    try {
      await end(ending);
    } catch (fault) {
      onFault(new Error(`${name} could not end well.`, { cause: fault }));
    }
  }

  async function settle(ending: Ending, limitMs: number): Promise<{ late: readonly string[] }> {
    last = { ending, limitMs };
    const all = joined.map(async ({ name, end }) => {
      pending.set(name, end);
      await attempt(name, end, ending);
      pending.delete(name);
    });
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      waitOnly = (ms) => {
        clearTimeout(timer);
        timer = setTimeout(resolve, ms);
      };
      waitOnly(ending.graceMs + limitMs);
    });
    await Promise.race([Promise.all(all), limit]);
    clearTimeout(timer);
    waitOnly = null;
    return { late: [...pending.keys()] };
  }

  return {
    join: (name, end) => void joined.push({ name, end }),
    settle: (ending, limitMs) => (settling ??= settle(ending, limitMs)),
    hurry(limitMs = Infinity) {
      if (!last || !waitOnly) return;
      const shorter = limitMs < last.limitMs;
      // Who asks for no less than there is must not give it anew.
      if (last.ending.graceMs === 0 && !shorter) return;
      const ending = { ...last.ending, graceMs: 0, ...(shorter ? { limitMs } : {}) };
      last = { ending, limitMs: Math.min(limitMs, last.limitMs) };
      waitOnly(last.limitMs);
      for (const [name, end] of pending) void attempt(name, end, ending);
    },
  };
}
