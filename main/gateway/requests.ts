import type { RequestView } from '../../contract/index.ts';

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
  whileWaiting?(waitedMs: number): void;
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
  const tickets = new Map<number, { view: RequestView; entry: Entry; ticket: Ticket; holds: () => boolean }>();
  let nextId = 1;
  let waiting = 0;
  let ticker: NodeJS.Timeout | null = null;

  // One clock for all, which outlasts who waits by a turn: a timer for each request would cost those that never wait.
  function tick(): void {
    if (waiting === 0) return stopTicker();
    const at = now();
    for (const { view, entry, ticket, holds } of tickets.values()) {
      if (holds()) continue;
      const waitedMs = at - view.since;
      if (waitedMs > waitLimitMs()) ticket.giveUp('too-long');
      else entry.whileWaiting?.(waitedMs);
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

  return {
    enter(entry) {
      const id = nextId++;
      // Made when it is asked for: most requests get their model at once.
      let controller: AbortController | null = null;
      let why: GivenUp | null = null;
      let held = false;
      const { model, name, client, route } = entry;
      const view: RequestView = { id, model, name, client, route, state: 'waiting', since: now(), answeringSince: null };
      const ticket: Ticket = {
        get signal() {
          controller ??= new AbortController();
          if (why !== null && !controller.signal.aborted) controller.abort();
          return controller.signal;
        },
        givenUp: () => why,
        giveUp(reason) {
          if (why !== null || held) return;
          why = reason;
          controller?.abort();
        },
        means(id, name) {
          view.model = id;
          view.name = name;
        },
        answering() {
          if (held) return;
          held = true;
          view.state = 'answering';
          view.answeringSince = now();
          countWaiting(-1);
          onChange();
        },
        waitsForTurn() {
          if (!tickets.has(id) || view.state === 'waiting') return;
          view.state = 'waiting';
          view.answeringSince = null;
          onChange();
        },
        turnCame() {
          if (!tickets.has(id) || !held || view.state === 'answering') return;
          view.state = 'answering';
          view.answeringSince = now();
          onChange();
        },
        leave() {
          if (!tickets.delete(id)) return;
          if (!held) countWaiting(-1);
          onChange();
        },
      };
      tickets.set(id, { view, entry, ticket, holds: () => held });
      countWaiting(1);
      onChange();
      return ticket;
    },
    waiting: () => waiting,
    answering: () => tickets.size - waiting,
    views() {
      const requests: RequestView[] = [];
      for (const { view } of tickets.values()) {
        if (requests.length === shown) break;
        requests.push({ ...view });
      }
      return { requests, moreRequests: tickets.size - requests.length };
    },
    close() {
      for (const { ticket } of tickets.values()) ticket.giveUp('ending');
    },
  };
}
