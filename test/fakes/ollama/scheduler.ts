import type { Barrier } from './barrier.ts';
import { maxDuration, type Clock, type Ns } from './clock.ts';
import { createLoader, type LoadError } from './loader.ts';
import type { Installed } from './models.ts';
import { needsReload, runnerOptions, viewRunner, type Runner, type RunnerOptions } from './runner.ts';
import { createReaper } from './reaper.ts';
import { queueFull } from './texts.ts';
import type { FakeVersion, LoadFault, RunnerView, StartedLoad } from './types.ts';

export interface Use {
  runner: Runner;
  /** Ends this use of the runner; calling it twice does nothing. */
  release(): void;
}

export type Acquired = { ok: true; use: Use } | { ok: false; error: LoadError };

export interface AcquireRequest {
  model: Installed;
  keepAlive: Ns | undefined;
  options: Record<string, unknown>;
  /** Aborted when the client leaves: ends its wait, and the load where this request triggered it. */
  signal: AbortSignal;
}

export interface SchedulerDeps {
  version: FakeVersion;
  clock: Clock;
  maxLoaded: number;
  maxQueue: number;
  defaultKeepAlive: Ns;
  defaultContext: number;
  unloadMs: number;
  memory: { totalBytes: number; otherBytes: number } | undefined;
  gpu: { totalBytes: number } | undefined;
  nextLoadFault(): LoadFault | undefined;
  loadBarrier: Barrier;
  loadsStarted: StartedLoad[];
}

export interface Scheduler {
  acquire(request: AcquireRequest): Promise<Acquired>;
  /** The unload request: answers at once, whatever comes of it. */
  expire(blobDigest: string): void;
  list(): Runner[];
  views(): RunnerView[];
  loading(): string | null;
  queued(): number;
  /** Resolves when the scheduler's lock is free (servers that take it for /api/ps answer only then). */
  unlocked(): Promise<void>;
  crash(blobDigest: string): boolean;
  holdBack(blobDigest: string, on: boolean): void;
  jam(on: boolean): void;
}

interface Pending {
  request: AcquireRequest;
  options: RunnerOptions;
  settle(outcome: Acquired): void;
  oomRetried: boolean;
}

const cancelled: LoadError = { status: 499, text: 'request canceled' };

/** Ollama's scheduler: one load at a time, first come first served; runners are keyed by the weights' blob. */
export function createScheduler(deps: SchedulerDeps): Scheduler {
  const { clock, version } = deps;
  const loaded = new Map<string, Runner>();
  const queue: Pending[] = [];
  let pumping = false;
  let jammed = false;
  const reaper = createReaper({ clock, loaded, unloadMs: deps.unloadMs });
  const loader = createLoader({ ...deps, loaded });

  const release = (runner: Runner): void => {
    runner.refCount--;
    if (runner.refCount > 0) return;
    if (runner.keepAlive <= 0n) return reaper.expire(runner);
    runner.cancelTimer?.();
    runner.expiresAt = clock.now() + runner.keepAlive;
    runner.cancelTimer = runner.keepAlive === maxDuration ? null : clock.after(Number(runner.keepAlive) / 1e6, () => reaper.expire(runner));
  };

  const begin = (runner: Runner): Use => {
    runner.refCount++;
    let over = false;
    return {
      runner,
      release: () => {
        if (over) return;
        over = true;
        release(runner);
      },
    };
  };

  /** A request explicit about keep_alive overwrites what the runner had, also a pending unload's or eviction's zero: upstream's #17408. */
  const join = (runner: Runner, request: AcquireRequest): Use => {
    runner.cancelTimer?.();
    runner.cancelTimer = null;
    if (request.keepAlive !== undefined) {
      runner.keepAlive = request.keepAlive;
      if (request.keepAlive > 0n) reaper.revive(runner);
    }
    return begin(runner);
  };

  /** Smallest keep_alive first, then by blob; the first idle one, else the first of all. Last use plays no part. */
  const victim = (): Runner | undefined => {
    const order = [...loaded.values()].sort((a, b) => {
      if (a.keepAlive !== b.keepAlive) return a.keepAlive < b.keepAlive ? -1 : 1;
      return a.model.blobDigest < b.model.blobDigest ? -1 : 1;
    });
    return order.find((runner) => runner.refCount === 0) ?? order[0];
  };

  /** Leaves expires_at as it is: an evicted model keeps showing a future expiry until it is gone. */
  const evict = (runner: Runner): void => {
    runner.cancelTimer?.();
    runner.cancelTimer = null;
    runner.keepAlive = 0n;
    if (runner.refCount <= 0) reaper.expire(runner);
  };

  const schedule = async (pending: Pending): Promise<void> => {
    const { request, options } = pending;
    const key = request.model.blobDigest;
    for (;;) {
      await reaper.unlocked();
      const runner = loaded.get(key);
      let leaver: Runner | undefined;
      if (runner !== undefined) {
        if (!needsReload(version, runner, options)) return pending.settle({ ok: true, use: join(runner, request) });
        leaver = runner;
      } else if (jammed && loaded.size > 0) {
        await reaper.nextUnload();
        jammed = false;
        continue;
      } else if (loaded.size >= deps.maxLoaded) {
        leaver = victim();
      } else {
        const outcome = await loader.load(request, options, pending.oomRetried);
        if (outcome.kind === 'loaded') return pending.settle({ ok: true, use: begin(outcome.runner) });
        if (outcome.kind === 'failed') return pending.settle({ ok: false, error: outcome.error });
        if (outcome.kind === 'evict-all') {
          pending.oomRetried = true;
          const leavers = [...loaded.values()];
          for (const each of leavers) evict(each);
          for (const _ of leavers) await reaper.nextUnload();
          continue;
        }
        leaver = victim();
      }
      if (leaver === undefined) continue;
      evict(leaver);
      // Any unload ends this wait, as upstream: the loop looks again.
      await reaper.nextUnload();
    }
  };

  const pump = async (): Promise<void> => {
    if (pumping) return;
    pumping = true;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (next.request.signal.aborted) next.settle({ ok: false, error: cancelled });
      else await schedule(next);
    }
    pumping = false;
    reaper.forgetUnloads();
  };

  return {
    acquire: async (request) => {
      const options = runnerOptions(version, request.model, request.options, deps.defaultContext);
      await reaper.unlocked();
      const runner = loaded.get(request.model.blobDigest);
      if (runner !== undefined && !needsReload(version, runner, options)) return { ok: true, use: join(runner, request) };
      if (queue.length >= deps.maxQueue) return { ok: false, error: { status: 503, text: queueFull } };
      return new Promise((resolve) => {
        let settled = false;
        const settle = (outcome: Acquired): void => {
          // The client of a waiting request may have left meanwhile: nobody would release what it got.
          if (settled) {
            if (outcome.ok) outcome.use.release();
            return;
          }
          settled = true;
          request.signal.removeEventListener('abort', leave);
          resolve(outcome);
        };
        const leave = (): void => settle({ ok: false, error: cancelled });
        request.signal.addEventListener('abort', leave, { once: true });
        queue.push({ request, options, settle, oomRetried: false });
        void pump();
      });
    },
    expire: (blobDigest) => {
      const runner = loaded.get(blobDigest);
      if (runner === undefined) return;
      runner.expiresAt = clock.now();
      runner.cancelTimer?.();
      runner.cancelTimer = null;
      runner.keepAlive = 0n;
      if (runner.refCount <= 0) reaper.expire(runner);
    },
    list: () => [...loaded.values()],
    views: () => [...loaded.values()].map(viewRunner),
    loading: () => loader.loading(),
    queued: () => queue.length,
    unlocked: () => reaper.unlocked(),
    crash: (blobDigest) => {
      const runner = loaded.get(blobDigest);
      runner?.death.abort();
      return runner !== undefined || loader.crash(blobDigest);
    },
    holdBack: (blobDigest, on) => reaper.holdBack(blobDigest, on),
    jam: (on) => {
      jammed = on;
      if (!on) reaper.wake();
    },
  };
}
