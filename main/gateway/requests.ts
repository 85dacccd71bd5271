import type { RequestView } from '../../contract/index.ts';
import { createChain, type Link } from './chain.ts';

/** Why a request that waited does not get its model any more. */
export type GivenUp = 'gone' | 'too-long' | 'full' | 'ending';

export interface Ticket {
  /** Fires when the client has gone, has waited long enough, or found the line full. */
  readonly signal: AbortSignal;
  /** Why `signal` fired. */
  givenUp(): GivenUp | null;
  giveUp(why: GivenUp): void;
  /** Only now it is known which model it is that was asked for. */
  means(model: string, name: string): void;
  /** The model is held: from now on the request is answered. */
  answering(): void;
  /** It holds the model, which answers others first: it is shown among those that wait, but has its place. */
  waitsForTurn(): void;
  turnCame(): void;
  /** It is over, whatever came of it. */
  leave(): void;
}

export interface Entry {
  model: string;
  name: string;
  client: string;
  route: string;
  /** Called about once a second while it waits. */
  whileWaiting?: ((waitedMs: number) => void) | undefined;
}

/** Requests that wait for their model or are being answered. */
export interface Register {
  enter(entry: Entry): Ticket;
  waiting(): number;
  answering(): number;
  /** Oldest first, no more than the dashboard shows, and how many more there are. */
  views(): { requests: RequestView[]; moreRequests: number };
  /** Ends all waiting. */
  close(): void;
}

const shown = 50;

export function createRegister(deps: { now: () => number; waitLimitMs: () => number; onChange: () => void; tickMs?: number }): Register {
  const { now, waitLimitMs, onChange, tickMs = 1_000 } = deps;
  const tickets = createChain<Entered>();
  let nextId = 1;
  let waiting = 0;
  let ticker: NodeJS.Timeout | null = null;

  // One clock for all, which outlasts who waits by a turn: a timer for each request would cost those that never wait.
  function tick(): void {
    if (waiting === 0) return stopTicker();
    const at = now();
    for (const ticket of [...tickets]) {
      if (ticket.held) continue;
      const waitedMs = at - ticket.view.since;
      if (waitedMs > waitLimitMs()) ticket.giveUp('too-long');
      else ticket.whileWaiting?.(waitedMs);
    }
  }

  function countWaiting(by: 1 | -1): void {
    waiting += by;
    if (waiting > 0) ticker ??= setInterval(tick, tickMs).unref();
  }

  function stopTicker(): void {
    if (ticker) clearInterval(ticker);
    ticker = null;
  }

  /** A class, since each request makes one: its methods are there already. */
  class Entered implements Ticket, Link<Entered> {
    before: Entered | null = null;
    after: Entered | null = null;
    readonly view: RequestView;
    readonly whileWaiting: Entry['whileWaiting'];
    held = false;
    /** Made when it is asked for: most requests get their model at once. */
    private controller: AbortController | null = null;
    private why: GivenUp | null = null;

    constructor({ model, name, client, route, whileWaiting }: Entry) {
      this.view = { id: nextId++, model, name, client, route, state: 'waiting', since: now(), answeringSince: null };
      this.whileWaiting = whileWaiting;
    }

    get signal(): AbortSignal {
      this.controller ??= new AbortController();
      if (this.why !== null && !this.controller.signal.aborted) this.controller.abort();
      return this.controller.signal;
    }

    givenUp(): GivenUp | null {
      return this.why;
    }

    giveUp(reason: GivenUp): void {
      if (this.why !== null || this.held) return;
      this.why = reason;
      this.controller?.abort();
    }

    means(id: string, name: string): void {
      this.view.model = id;
      this.view.name = name;
    }

    answering(): void {
      if (this.held) return;
      this.held = true;
      countWaiting(-1);
      this.show('answering');
    }

    waitsForTurn(): void {
      if (tickets.has(this) && this.view.state !== 'waiting') this.show('waiting');
    }

    turnCame(): void {
      if (tickets.has(this) && this.held && this.view.state !== 'answering') this.show('answering');
    }

    leave(): void {
      if (!tickets.remove(this)) return;
      if (!this.held) countWaiting(-1);
      onChange();
    }

    private show(state: RequestView['state']): void {
      this.view.state = state;
      this.view.answeringSince = state === 'answering' ? now() : null;
      onChange();
    }
  }

  return {
    enter(entry) {
      const ticket = new Entered(entry);
      tickets.add(ticket);
      countWaiting(1);
      onChange();
      return ticket;
    },
    waiting: () => waiting,
    answering: () => tickets.size() - waiting,
    views() {
      const requests: RequestView[] = [];
      for (const { view } of tickets) {
        if (requests.length === shown) break;
        requests.push({ ...view });
      }
      return { requests, moreRequests: tickets.size() - requests.length };
    },
    close() {
      for (const ticket of [...tickets]) ticket.giveUp('ending');
    },
  };
}
