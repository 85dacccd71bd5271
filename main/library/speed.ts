const WINDOW_MS = 8_000;
/** Before this much time has been seen, a figure would be a guess. */
const LEAST_MS = 800;

/** How fast bytes have come over the last seconds. */
export function createSpeed(): { add(at: number, doneBytes: number): void; bytesPerSecond(): number | null; reset(): void } {
  let seen: { at: number; doneBytes: number }[] = [];
  return {
    add(at, doneBytes) {
      const last = seen.at(-1);
      // The sum can shrink where a file is begun anew, and a clock can be set back.
      if (last && (doneBytes < last.doneBytes || at < last.at)) seen = [];
      seen.push({ at, doneBytes });
      while (seen.length > 2 && at - seen[1]!.at >= WINDOW_MS) seen.shift();
      // A point for each tenth of a second is enough.
      if (seen.length > 2 && at - seen[seen.length - 3]!.at < 100) seen.splice(-2, 1);
    },
    bytesPerSecond() {
      const first = seen[0];
      const last = seen.at(-1);
      if (!first || !last || last.at - first.at < LEAST_MS) return null;
      return ((last.doneBytes - first.doneBytes) * 1000) / (last.at - first.at);
    },
    reset: () => void (seen = []),
  };
}
