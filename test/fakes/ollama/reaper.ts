import type { Clock } from './clock.ts';
import type { Runner } from './runner.ts';

export interface Reaper {
  /** Queues a runner to be ended: at once where it is idle, else tried again until it is. */
  expire(runner: Runner): void;
  /** A held-back runner that is wanted again is no longer to be ended. */
  revive(runner: Runner): void;
  holdBack(blobDigest: string, on: boolean): void;
  unlocked(): Promise<void>;
  /** Resolves at the next unload, or at once for one that happened since the caller started to look. */
  nextUnload(): Promise<void>;
  /** Unloads that nobody waited for. */
  forgetUnloads(): void;
  /** Ends one wait for an unload that did not happen. */
  wake(): void;
}

/** How long upstream waits before it looks again at a runner that came into use on its way out. */
const retryMs = 10;

/** Ends runners one after the other and tells the scheduler, as upstream's second loop does. */
export function createReaper(deps: { clock: Clock; loaded: Map<string, Runner>; unloadMs: number }): Reaper {
  const { clock, loaded } = deps;
  const heldBack = new Set<string>();
  const parked = new Set<Runner>();
  let chain: Promise<void> = Promise.resolve();
  let lock: Promise<void> | null = null;
  let missed = 0;
  const waiting: (() => void)[] = [];

  const announce = (): void => {
    const first = waiting.shift();
    if (first === undefined) missed++;
    else first();
  };

  const end = async (runner: Runner): Promise<void> => {
    if (runner.refCount > 0) {
      clock.after(retryMs, () => expire(runner));
      return;
    }
    const key = runner.model.blobDigest;
    if (loaded.get(key) !== runner) return;
    if (heldBack.has(key)) {
      parked.add(runner);
      return;
    }
    let unlock = (): void => undefined;
    lock = new Promise((resolve) => (unlock = resolve));
    if (deps.unloadMs > 0) await clock.sleep(deps.unloadMs);
    loaded.delete(key);
    lock = null;
    unlock();
    announce();
  };

  const expire = (runner: Runner): void => {
    chain = chain.then(() => end(runner));
  };

  return {
    expire,
    revive: (runner) => void parked.delete(runner),
    holdBack: (blobDigest, on) => {
      if (on) heldBack.add(blobDigest);
      else heldBack.delete(blobDigest);
      if (on) return;
      for (const runner of [...parked].filter((each) => each.model.blobDigest === blobDigest)) {
        parked.delete(runner);
        expire(runner);
      }
    },
    unlocked: async () => {
      while (lock !== null) await lock;
    },
    nextUnload: () => {
      if (missed === 0) return new Promise((resolve) => waiting.push(resolve));
      missed--;
      return Promise.resolve();
    },
    forgetUnloads: () => {
      missed = 0;
    },
    wake: () => waiting.shift()?.(),
  };
}
