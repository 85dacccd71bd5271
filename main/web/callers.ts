import type { IncomingMessage } from 'node:http';
import { callerHeader } from '../../contract/index.ts';
import type { Caller } from './authenticate.ts';

/** Whoever invents a new name for every call must not fill the memory. */
const MAX_NAMES = 200;

/** Which programs use the API, by the names that they give themselves. Browsers that are signed in are people, not programs. */
export interface Callers {
  used(name: string): void;
  /** An answer that goes on (an event stream) is a use until the undoing is called. */
  using(name: string): () => void;
  /** Names of those that called in the last `withinMs`, or still do. */
  recent(withinMs: number): string[];
}

export function createCallers(now: () => number = Date.now): Callers {
  // In the order of their last call: the first is forgotten first.
  const lastCall = new Map<string, number>();
  const open = new Map<string, number>();

  function used(name: string): void {
    lastCall.delete(name);
    lastCall.set(name, now());
    if (lastCall.size > MAX_NAMES) lastCall.delete(lastCall.keys().next().value!);
  }

  return {
    used,
    using(name) {
      used(name);
      open.set(name, (open.get(name) ?? 0) + 1);
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        const left = (open.get(name) ?? 1) - 1;
        if (left > 0) open.set(name, left);
        else open.delete(name);
        used(name);
      };
    },
    recent: (withinMs) => [...new Set([...open.keys(), ...[...lastCall].filter(([, at]) => now() - at <= withinMs).map(([name]) => name)])].sort(),
  };
}

/** What a caller is called in the activity list. */
export function nameOf(request: IncomingMessage, caller: Caller): string {
  const told = request.headers[callerHeader];
  const name = typeof told === 'string' ? told.replace(/[^\x20-\x7e]/g, '').trim().slice(0, 100) : '';
  return name || (caller === 'cookie' ? 'dashboard' : 'script');
}
