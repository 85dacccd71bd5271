/** Asks until the answer holds, and gives it; fails after `deadlineMs` with what was answered last. */
export async function until<T>(ask: () => T | Promise<T>, holds: (value: T) => boolean, deadlineMs = 10_000): Promise<T> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const value = await ask();
    if (holds(value)) return value;
    if (Date.now() > end) throw new Error(`not so after ${deadlineMs} ms (${holds.toString()}): ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
