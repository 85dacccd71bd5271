/** Something that everyone waits at while it is down. */
export interface Barrier {
  /** Lowers it; the returned function raises it again. Lowered twice, it needs raising twice. */
  lower(): () => void;
  /** Resolves when it is up, or when the signal fires. */
  pass(signal: AbortSignal): Promise<void>;
}

export function createBarrier(): Barrier {
  let lowered = 0;
  const waiting = new Set<() => void>();
  return {
    lower: () => {
      lowered++;
      let raised = false;
      return () => {
        if (raised) return;
        raised = true;
        lowered--;
        if (lowered > 0) return;
        for (const go of waiting) go();
        waiting.clear();
      };
    },
    pass: (signal) => {
      if (lowered === 0 || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        waiting.add(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    },
  };
}
