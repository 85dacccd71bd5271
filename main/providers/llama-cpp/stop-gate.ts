/** Lets text through until one of the stop sequences comes; what could be the beginning of one is held back. */
export interface StopGate {
  /** What may be shown now, after `text` has come. */
  push(text: string): string;
  /** What was held back, once it is known that nothing follows. */
  flush(): string;
  /** A stop sequence has come; it and everything after it is dropped. */
  readonly stopped: boolean;
}

export function createStopGate(sequences: readonly string[]): StopGate {
  const stops = sequences.filter((stop) => stop !== '');
  let held = '';
  let stopped = false;
  return {
    get stopped() {
      return stopped;
    },
    push(text) {
      if (stopped) return '';
      held += text;
      const found = stops.map((stop) => held.indexOf(stop)).filter((at) => at >= 0);
      stopped = found.length > 0;
      const passes = stopped ? Math.min(...found) : held.length - longestBeginning(held, stops);
      const shown = held.slice(0, passes);
      held = stopped ? '' : held.slice(passes);
      return shown;
    },
    flush() {
      const rest = held;
      held = '';
      return rest;
    },
  };
}

/** Length of the longest end of `text` with which a stop sequence begins. */
function longestBeginning(text: string, stops: readonly string[]): number {
  const most = Math.max(0, ...stops.map((stop) => Math.min(stop.length - 1, text.length)));
  for (let length = most; length > 0; length--) {
    const end = text.slice(-length);
    if (stops.some((stop) => stop.length > length && stop.startsWith(end))) return length;
  }
  return 0;
}
