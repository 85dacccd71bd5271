/** Who waits for an answer of the core. */
export interface Answers<A> {
  /** Asks, and hears. `given`: the answer, where it came while it was being asked. */
  ask(waiter: string, send: () => void): { given: A | null; answer: Promise<A> };
  isAwaited(waiter: string): boolean;
  /** Nothing happens where nobody waits for it. */
  give(waiter: string, answer: A): void;
  giveAll(answer: A): void;
}

export function createAnswers<A>(): Answers<A> {
  const awaited = new Map<string, (answer: A) => void>();
  /** Most answers come while they are asked for: those never enter the map, which must not grow old with every request (main/gateway/chain.ts). */
  let asking: { waiter: string; given: A | null } | null = null;

  return {
    ask(waiter, send) {
      const asked: NonNullable<typeof asking> = { waiter, given: null };
      const outer = asking;
      asking = asked;
      send();
      asking = outer;
      const { given } = asked;
      return { given, answer: given === null ? new Promise<A>((resolve) => awaited.set(waiter, resolve)) : Promise.resolve(given) };
    },
    isAwaited: (waiter) => awaited.has(waiter),
    give(waiter, answer) {
      if (asking?.waiter === waiter) asking.given = answer;
      else {
        awaited.get(waiter)?.(answer);
        awaited.delete(waiter);
      }
    },
    giveAll(answer) {
      for (const give of awaited.values()) give(answer);
      awaited.clear();
    },
  };
}
