import type { StoreApi } from 'zustand/vanilla';
import type { Config, ServerEvent } from '../../contract/index.ts';
import type { Subscription, Transport } from '../transport.ts';
import { applyEvent } from './apply-event.ts';
import { mergeHistory } from './history.ts';
import { answersStillTrue } from './stale-answers.ts';
import type { DashboardState } from './state.ts';

const firstRetryMs = 250;
const longestRetryMs = 10_000;
/** The engine sends its state every second while a page is open; silence this long is worth a question. */
const silenceMs = 15_000;

export interface ConnectionControl {
  retryNow(): void;
  /** Reads the settings that this page itself obeys. */
  readSettings(): Promise<void>;
  stop(): void;
}

interface Deps {
  transport: Transport;
  store: StoreApi<DashboardState>;
  now: () => number;
  /** Told of the settings that the page itself obeys. */
  onSettings?: (ui: Config['ui']) => void;
  /** Told after events have been taken in. */
  onHeard?: () => void;
}

/** Signs in, subscribes, and finds the engine again after it was gone. */
export function startConnection({ transport, store, now, onSettings, onHeard }: Deps): ConnectionControl {
  let subscription: Subscription | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pauseMs = firstRetryMs;
  let stopped = false;
  // Every attempt has a number; answers to an earlier one are not listened to any more.
  let attempt = 0;
  let waiting: ServerEvent[] = [];
  // The last attempt whose first snapshot has come; the settings were asked for just before that.
  let begun = 0;

  function later(ms: number, what: () => void) {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(what, ms);
  }

  function drop() {
    attempt += 1;
    subscription?.close();
    subscription = null;
  }

  function retryLater() {
    drop();
    later(pauseMs, () => void connect());
    pauseMs = Math.min(longestRetryMs, pauseMs * 2);
  }

  /** True where the engine answers this page. Also how a lost stream learns why: an EventSource does not tell a 401 from a dead host. */
  async function ask(): Promise<boolean> {
    const mine = attempt;
    const result = await transport.call('configGet', {});
    if (stopped || mine !== attempt) return false;
    if (result.ok) {
      const { ui } = result.output.config;
      store.setState({ theme: ui.theme, settings: result.output });
      onSettings?.(ui);
      return true;
    }
    if (result.kind === 'refused') return true;
    if (result.kind === 'signed-out') {
      drop();
      clearTimeout(timer);
      store.setState({ connection: 'signed-out' });
    } else {
      store.setState({ connection: 'gone' });
      retryLater();
    }
    return false;
  }

  function watchSilence() {
    later(silenceMs, () => {
      void ask().then((answers) => {
        if (answers) watchSilence();
      });
    });
  }

  /** What comes together is drawn together: the engine tells a state and what fits in one breath. */
  function take(event: ServerEvent) {
    waiting.push(event);
    if (waiting.length > 1) return;
    const mine = attempt;
    setTimeout(() => {
      const events = waiting;
      waiting = [];
      // The connection was given up meanwhile; its successor begins with a snapshot.
      if (stopped || mine !== attempt) return;
      store.setState((before) => {
        const after = events.reduce<DashboardState>((next, one) => ({ ...next, ...applyEvent(next, one, now()) }), before);
        return { ...after, ...answersStillTrue(before, after) };
      });
      onHeard?.();
      watchSilence();
      catchUp(events);
    }, 0);
  }

  /** Asks for what events do not bring. */
  function catchUp(events: readonly ServerEvent[]) {
    // There is a snapshot at first, and one whenever somebody looks again at a window that was told nothing while nobody did.
    const began = events.some(({ type }) => type === 'snapshot');
    // Theme and language are settings like any other; an entry about one is the engine's sign that it may have changed.
    const changed = events.some((event) => event.type === 'activity' && event.entries.some(({ kind }) => kind === 'setting'));
    if (changed || (began && begun === attempt)) void ask();
    if (!began) return;
    begun = attempt;
    void readHistory();
  }

  /** The picture of the last minutes is nice to have: without it, it begins now. */
  async function readHistory() {
    const mine = attempt;
    const told = await transport.call('history', {});
    if (!stopped && mine === attempt && told.ok) store.setState((state) => ({ history: mergeHistory(told.output.samples, state.history) }));
  }

  async function connect() {
    drop();
    if (!(await ask())) return;
    subscription = transport.subscribe(
      (event) => {
        pauseMs = firstRetryMs;
        take(event);
      },
      // Not yet "gone": the first retry is quick, and a restart of the stream alone needs no words.
      retryLater,
    );
    watchSilence();
  }

  void transport.signIn().then(connect);

  return {
    retryNow() {
      pauseMs = firstRetryMs;
      clearTimeout(timer);
      void connect();
    },
    async readSettings() {
      await ask();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      drop();
    },
  };
}
