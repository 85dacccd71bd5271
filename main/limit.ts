/** Waits for the work, but no longer than that, nor beyond `signal`. */
export async function withLimit(work: Promise<unknown>, ms: number, signal?: AbortSignal): Promise<void> {
  let giveUp: () => void = () => undefined;
  const over = new Promise<void>((resolve) => (giveUp = resolve));
  const limit = setTimeout(giveUp, signal?.aborted ? 0 : Math.max(0, ms));
  signal?.addEventListener('abort', giveUp);
  try {
    await Promise.race([work, over]);
  } finally {
    clearTimeout(limit);
    signal?.removeEventListener('abort', giveUp);
  }
}
