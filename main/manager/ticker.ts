import { nextWakeMs } from '../core/due.ts';
import type { Engine } from './engine.ts';

/** Ms between looks: tight while something is under way, each second while somebody watches, else slowly. */
const BUSY_MS = 200;
const WATCHED_MS = 1_000;
const QUIET_MS = 5_000;
/** Installed models change seldom. */
const CATALOG_MS = 30_000;
/** A gap in wall time beyond this means that the computer slept; where the computer itself says that it did, a smaller one is sleep too. */
const SLEPT_MS = 30_000;
const DOZED_MS = 2 * QUIET_MS;
/** Within this time after a wake was noticed, being told of one is no other. */
const SAME_WAKE_MS = 60_000;

export interface Ticker {
  /** Something has begun or ended: look sooner where that is due. */
  changed(): void;
  /** Counts who watches; returns how to stop watching. */
  watch(): () => void;
  /** The computer has just woken: looks at everything now. The time asleep is told to the engine once, whoever notices it first. */
  woke(): void;
  stop(): void;
}

/** Drives an engine: reads the memory, looks at the providers, lets time pass. */
export function startTicker(engine: Engine, deps: { now(): number; refreshMemory(pids: number[]): Promise<void>; onFault(fault: unknown): void }): Ticker {
  let watchers = 0;
  let timer: NodeJS.Timeout | null = null;
  let dueAt = Infinity;
  let lastTick = deps.now();
  let lastPoll = 0;
  let lastCatalog = deps.now();
  let wokeAt = -Infinity;
  let stopped = false;

  function tick(told = false): void {
    dueAt = Infinity;
    const now = deps.now();
    const gap = now - lastTick;
    lastTick = now;
    const anew = told && Math.abs(now - wokeAt) > SAME_WAKE_MS;
    if (gap > SLEPT_MS || anew) {
      wokeAt = now;
      engine.dispatch({ type: 'resumed', sleptMs: gap > (told ? DOZED_MS : SLEPT_MS) ? gap : 0 });
    }
    engine.measure();
    engine.tick();
    // A clock that is set back must not stop the looks until it has caught up.
    if (gap < 0 || told) lastPoll = lastCatalog = now - CATALOG_MS;
    if (now - lastPoll >= pollEvery() - 20) {
      lastPoll = now;
      const catalog = now - lastCatalog >= CATALOG_MS;
      if (catalog) lastCatalog = now;
      void engine.poll({ catalog }).catch(deps.onFault);
      void deps.refreshMemory(pidsOf(engine)).catch(deps.onFault);
    }
    plan();
  }

  function busy(): boolean {
    if (engine.state.jobs.size > 0) return true;
    for (const slot of engine.state.slots.values()) if (slot.state === 'loading' || slot.state === 'unloading') return true;
    return false;
  }

  function pollEvery(): number {
    return watchers > 0 || busy() ? WATCHED_MS : QUIET_MS;
  }

  function plan(): void {
    if (stopped) return;
    const regular = busy() ? BUSY_MS : pollEvery();
    const due = nextWakeMs(engine.state);
    // An idle timeout is kept to the second, not to the next slow look.
    const wait = due === null ? regular : Math.min(regular, Math.max(20, due + 5));
    // Only ever sooner: a stream of changes must not keep putting the next look off.
    const at = performance.now() + wait;
    if (timer && at >= dueAt) return;
    if (timer) clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(() => tick(), wait);
    timer.unref();
  }

  plan();
  return {
    changed: plan,
    watch() {
      watchers += 1;
      if (watchers === 1) plan();
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        watchers -= 1;
      };
    },
    woke() {
      if (!stopped) tick(true);
    },
    stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
    },
  };
}

function pidsOf(engine: Engine): number[] {
  return [...engine.state.slots.values()].flatMap((slot) => (slot.pid === null ? [] : [slot.pid]));
}
