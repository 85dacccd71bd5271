/** Runs one task at a time, in the order asked. */
export interface Serial {
  /** Null where `signal` was aborted before the task's turn came. */
  run<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T | null>;
}

export function createSerial(): Serial {
  let last: Promise<unknown> = Promise.resolve();
  return {
    async run(signal, task) {
      const before = last;
      const turn = (async () => {
        await before;
        return signal.aborted ? null : task();
      })();
      last = turn.catch(() => undefined);
      // Whoever gives up while waiting need not wait for those before.
      return Promise.race([turn, whenAborted(signal, before)]);
    },
  };
}

/** Resolves to null when `signal` is aborted before `turnComes`; otherwise never. */
function whenAborted(signal: AbortSignal, turnComes: Promise<unknown>): Promise<null> {
  return new Promise((resolve) => {
    const give = () => resolve(null);
    if (signal.aborted) return give();
    signal.addEventListener('abort', give, { once: true });
    void turnComes.then(() => signal.removeEventListener('abort', give));
  });
}
