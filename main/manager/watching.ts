import type { CoreState } from '../core/types.ts';

/** Who waits until the state is as they want it. `state`: null once the engine has stopped. */
export function createWatching(state: () => CoreState | null) {
  const watching = new Set<() => void>();
  const passes = (test: (state: CoreState) => boolean): boolean => {
    const now = state();
    return now !== null && test(now);
  };

  return {
    /** Resolves to true as soon as the state passes, to false when that has taken `limitMs`, at `signal`, or when the engine has stopped. */
    until(test: (state: CoreState) => boolean, limitMs: number, signal?: AbortSignal): Promise<boolean> {
      const passed = passes(test);
      if (passed || state() === null || limitMs <= 0 || signal?.aborted) return Promise.resolve(passed);
      return new Promise((resolve) => {
        const end = (ended: boolean): void => {
          watching.delete(look);
          clearTimeout(limit);
          signal?.removeEventListener('abort', giveUp);
          resolve(ended);
        };
        const giveUp = (): void => end(false);
        const look = (): void => {
          if (passes(test)) end(true);
          else if (state() === null) end(false);
        };
        // Node.js takes an endless timeout for none at all.
        const limit = Number.isFinite(limitMs) ? setTimeout(giveUp, limitMs) : undefined;
        signal?.addEventListener('abort', giveUp);
        watching.add(look);
      });
    },
    /** The state has changed, or there will be no other. */
    look(): void {
      for (const look of watching) look();
    },
  };
}
