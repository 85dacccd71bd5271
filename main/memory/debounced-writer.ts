export interface DebouncedWriter {
  /** Something has changed: write within `delayMs`. Further changes do not put it off. */
  changed(): void;
  /** Writes what has changed now, and waits for a write under way. Never rejects. */
  flush(): Promise<void>;
}

/** Runs `write` at most once at a time. A write that failed is tried again with the next change or flush. Its timer keeps no process alive. */
export function createDebouncedWriter(write: () => Promise<void>, delayMs: number, onError: (error: unknown) => void): DebouncedWriter {
  let dirty = false;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();

  const flush = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    running = running.then(async () => {
      if (!dirty) return;
      dirty = false;
      try {
        await write();
      } catch (error) {
        dirty = true;
        onError(error);
      }
    });
    return running;
  };

  return {
    changed() {
      dirty = true;
      timer ??= setTimeout(() => void flush(), delayMs).unref();
    },
    flush,
  };
}
