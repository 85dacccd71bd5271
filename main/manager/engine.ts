import { problem, toProblem, type Activity, type Config, type Problem } from '../../contract/index.ts';
import { READING_FRESH_MS } from '../core/limits.ts';
import { initialState, step } from '../core/step.ts';
import type { Answer, CoreEvent, CoreState, Effect, Observed, Residency } from '../core/types.ts';
import type { LearnedStore, MemoryReader, MemoryReading } from '../memory/memory.ts';
import type { CatalogModel, LoadOutcome, Provider, ProviderReport, ProviderStatus, UnloadOutcome } from '../providers/provider.ts';
import { buildLibrary, coreConfig, type Library } from './catalog.ts';

/** `CoreEvent` without its time, which the engine adds. */
type NewEvent = CoreEvent extends infer E ? (E extends CoreEvent ? Omit<E, 'at'> : never) : never;

export interface EngineDeps {
  providers: readonly Provider[];
  memory: MemoryReader;
  learned: LearnedStore;
  config: Config;
  /** Wall clock, ms since the epoch. */
  now(): number;
  onActivity(entry: Omit<Activity, 'id'>): void;
  /** Called after every change of state, at most once per turn of the event loop. */
  onChange(): void;
  /** Called with an unexpected fault: it is a bug, and is logged. */
  onFault(fault: unknown): void;
}

export interface Engine {
  readonly state: CoreState;
  readonly library: Library;
  readonly reading: MemoryReading | null;
  statusOf(provider: string): ProviderStatus | null;
  /** `by`: who changed it. */
  setConfig(config: Config, by?: string): void;
  /** Reads the memory now. */
  measure(): void;
  tick(): void;
  /** Looks at every provider; a look that is under way is shared. */
  poll(options: { catalog: boolean }): Promise<void>;
  /** Resolves when every provider has been looked at once, or has had its time for that. */
  whenLooked(): Promise<void>;
  load(request: LoadWish): { waiter: string; answer: Promise<Answer>; leave(): void };
  unload(key: string, options: { confirm: boolean; by: string; reason: Activity['reason'] }): Promise<{ ok: true; text: string } | { ok: false; problem: Problem }>;
  dispatch(event: NewEvent): void;
  provider(id: string): Provider | undefined;
  onLeaseEnded(listener: (lease: string, why: 'not-renewed' | 'model-gone') => void): () => void;
  /** Resolves to true as soon as the state passes, to false when that has taken `limitMs`, at `signal`, or when the engine has stopped. */
  until(test: (state: CoreState) => boolean, limitMs: number, signal?: AbortSignal): Promise<boolean>;
  /** From now on every load and use is refused; what has been promised already is kept. */
  refuseLoads(): void;
  /** Ends polling and every load in progress; providers are stopped by whoever made them. */
  stop(): void;
}

export interface LoadWish {
  modelId: string;
  force: boolean;
  /** With `force`: the only models (ids) that may go; absent: any unused one. */
  mayUnload?: readonly string[] | undefined;
  tryOnce: boolean;
  contextLength: number | null;
  origin: 'person' | 'client' | 'auto';
  by: string;
  lease: { holder: string; ttlMs: number | null } | null;
}

/** A provider that is slow at the start is not waited for longer than this. */
const FIRST_LOOK_MS = 3_000;

/** Runs the core's effects, feeds it events and keeps the clock: the one owner of the core. */
export function createEngine(deps: EngineDeps): Engine {
  let config = deps.config;
  const catalogs = new Map<string, readonly CatalogModel[]>();
  const statuses = new Map<string, ProviderStatus>();
  let library = buildLibrary([], config, deps.learned);
  let state = initialState(coreConfig(config, []), deps.now());
  let reading: MemoryReading | null = null;
  let changed = false;
  let stopped = false;
  let refusing = false;
  let waiters = 0;
  const watching = new Set<() => void>();
  const queue: NewEvent[] = [];
  let draining = false;
  const loadAnswers = new Map<string, (answer: Answer) => void>();
  const unloadAnswers = new Map<string, (answer: { ok: true; text: string } | { ok: false; problem: Problem }) => void>();
  const cancels = new Map<number, AbortController>();
  const looks = new Map<string, { catalog: boolean; done: Promise<void> }>();
  const leaseListeners = new Set<(lease: string, why: 'not-renewed' | 'model-gone') => void>();
  const stopSignal = new AbortController();

  function dispatch(event: NewEvent): void {
    // What ends after the end must not begin anything new.
    if (stopped) return;
    queue.push(event);
    if (draining) return;
    draining = true;
    for (let next = queue.shift(); next; next = queue.shift()) apply(next);
    draining = false;
    if (!changed) {
      changed = true;
      queueMicrotask(() => {
        changed = false;
        if (stopped) return;
        for (const look of watching) look();
        deps.onChange();
      });
    }
  }

  /** One fault must not cost the other effects, somebody's answer among them. */
  function apply(event: NewEvent): void {
    try {
      const result = step(state, { ...event, at: deps.now() } as CoreEvent);
      state = result.state;
      for (const effect of result.effects) {
        try {
          run(effect);
        } catch (fault) {
          deps.onFault(fault);
        }
      }
    } catch (fault) {
      deps.onFault(fault);
    }
  }

  function run(effect: Effect): void {
    switch (effect.type) {
      case 'measure':
        return measure();
      case 'load':
        return void runLoad(effect).catch(deps.onFault);
      case 'cancel-load':
        return cancels.get(effect.op)?.abort();
      case 'unload':
        return void runUnload(effect).catch(deps.onFault);
      case 'rearm':
        return void runRearm(effect).catch(deps.onFault);
      case 'answer-load':
        loadAnswers.get(effect.waiter)?.(effect.answer);
        loadAnswers.delete(effect.waiter);
        return;
      case 'answer-unload':
        unloadAnswers.get(effect.waiter)?.(effect.answer);
        unloadAnswers.delete(effect.waiter);
        return;
      case 'lease-ended':
        for (const listener of leaseListeners) listener(effect.lease, effect.why);
        return;
      case 'learn-correction': {
        const model = library.byId.get(effect.modelId);
        if (model) deps.learned.recordCorrection({ weights: model.weights, contextLength: effect.contextLength, settings: model.settings }, effect.atLeast, deps.now());
        return rebuild();
      }
      case 'activity':
        return deps.onActivity(effect.entry);
    }
  }

  async function runLoad(effect: Extract<Effect, { type: 'load' }>): Promise<void> {
    const { key, op } = effect;
    const owner = provider(effect.provider);
    const model = library.byId.get(effect.modelId);
    if (!owner || !model) {
      dispatch({ type: 'load-ended', key, op, result: { ok: false, kind: 'failed', problem: problem('unknown-model', `${effect.modelId} is no longer installed.`) } });
      return;
    }
    const cancel = new AbortController();
    cancels.set(op, cancel);
    const started = performance.now();
    const request = {
      model,
      contextLength: effect.contextLength,
      keepAliveMs: effect.keepAliveMs,
      signal: cancel.signal,
      onProgress: (fraction: number) => dispatch({ type: 'load-progress', key, op, fraction, pid: null }),
      onProcess: (pid: number) => dispatch({ type: 'load-progress', key, op, fraction: null, pid }),
    };
    // A provider that rejects is a bug, which must not leave somebody waiting for ever.
    const result = await owner.load(request).catch((fault: unknown): LoadOutcome => {
      deps.onFault(fault);
      return { ok: false, kind: 'failed', problem: toProblem(fault) };
    });
    cancels.delete(op);
    if (result.ok) {
      deps.learned.recordLoad(model.weights, performance.now() - started, result.cold);
      if (result.source === 'measured') {
        deps.learned.recordFootprint({ weights: model.weights, contextLength: result.contextLength, settings: model.settings }, result.footprint);
      }
      rebuild();
    }
    dispatch({ type: 'load-ended', key, op, result });
  }

  async function runUnload(effect: Extract<Effect, { type: 'unload' }>): Promise<void> {
    const { key, op } = effect;
    const owner = provider(effect.provider);
    const result = owner
      ? await owner.unload({ weights: key, ifUnusedSince: effect.ifUnusedSince }, stopSignal.signal).catch((fault: unknown): UnloadOutcome => {
          deps.onFault(fault);
          return { kind: 'failed', problem: toProblem(fault) };
        })
      : ({ kind: 'failed', problem: problem('provider-down', `${effect.provider} is not there.`) } as const);
    dispatch({ type: 'unload-ended', key, op, result });
  }

  async function runRearm(effect: Extract<Effect, { type: 'rearm' }>): Promise<void> {
    const told = await provider(effect.provider)?.rearm(effect.key, effect.keepAliveMs);
    if (!told?.ok) dispatch({ type: 'rearm-failed', key: effect.key });
  }

  function provider(id: string): Provider | undefined {
    return deps.providers.find((p) => p.id === id);
  }

  let refreshing = false;

  /** Where a reading takes the OS a while (macOS, Windows), it is brought up to date in the background and then used. */
  function measure(): void {
    readMemory();
    if (refreshing || stopped || reading === null || deps.now() - reading.at < READING_FRESH_MS / 2) return;
    refreshing = true;
    const pids = [...state.slots.values()].flatMap((slot) => (slot.pid === null ? [] : [slot.pid]));
    void deps.memory
      .refresh(pids)
      .then(() => {
        if (!stopped) readMemory();
      })
      .catch(deps.onFault)
      .finally(() => {
        refreshing = false;
      });
  }

  function readMemory(): void {
    const pids: number[] = [];
    const keys = new Map<number, string>();
    for (const slot of state.slots.values()) {
      if (slot.pid === null || state.providers.get(slot.provider)?.domain !== 'host') continue;
      pids.push(slot.pid);
      keys.set(slot.pid, slot.key);
    }
    try {
      reading = deps.memory.read(pids);
    } catch (fault) {
      return deps.onFault(fault);
    }
    const resident = new Map<string, Residency>();
    for (const [pid, held] of reading.processes) {
      const key = keys.get(pid);
      if (key) resident.set(key, held);
    }
    const { at, total, available, cgroupLimit, pressure, vram } = reading;
    dispatch({ type: 'memory', memory: { at, total, available, cgroupLimit, pressure, vram, resident } });
  }

  function rebuild(by?: string): void {
    const models = deps.providers.flatMap((p) => catalogs.get(p.id) ?? []);
    library = buildLibrary(models, config, deps.learned);
    dispatch({ type: 'catalog', catalog: library.core });
    dispatch({ type: 'config', config: coreConfig(config, models), ...(by === undefined ? {} : { by }) });
  }

  function poll(options: { catalog: boolean }): Promise<void> {
    const running = deps.providers.map((p) => {
      const look = looks.get(p.id);
      if (look && (look.catalog || !options.catalog)) return look.done;
      // A look at the catalogue waits for the small look under way: providers are asked one thing at a time.
      const done = (look?.done ?? Promise.resolve()).then(() => lookAt(p, options.catalog)).catch(deps.onFault);
      const entry = { catalog: options.catalog, done };
      looks.set(p.id, entry);
      void done.finally(() => {
        if (looks.get(p.id) === entry) looks.delete(p.id);
      });
      return done;
    });
    return Promise.all(running).then(() => undefined);
  }

  async function lookAt(p: Provider, catalog: boolean): Promise<void> {
    if (stopped) return;
    const asOf = state.awake;
    const report = await p.poll({ catalog: catalog || !catalogs.has(p.id), signal: stopSignal.signal });
    if (stopped) return;
    take(p, report, asOf);
  }

  function take(p: Provider, report: ProviderReport, asOf: number): void {
    statuses.set(p.id, report.status);
    dispatch({
      type: 'provider',
      provider: {
        id: p.id,
        label: p.label,
        status: report.status.status,
        problem: report.status.problem,
        domain: report.status.memory === 'host' ? 'host' : `own:${p.id}`,
        ownCapacity: report.status.ownCapacity,
        parallelLoads: p.parallelLoads,
        revivesStuck: p.revivesStuck,
        ownExpiry: p.kind === 'ollama',
        incarnation: report.status.incarnation,
      },
    });
    if (report.models) {
      const before = catalogs.get(p.id);
      catalogs.set(p.id, report.models);
      if (!before || JSON.stringify(before) !== JSON.stringify(report.models)) rebuild();
    }
    if (report.loaded) {
      const loaded = report.loaded.map((seen): Observed => {
        const known = seen.id ? library.core.byId.get(seen.id) : library.core.byWeights.get(seen.weights)?.[0];
        return {
          key: seen.weights,
          modelId: known?.id ?? seen.id ?? `${p.id}/${seen.name}`,
          name: known?.name ?? seen.name,
          footprint: seen.reported,
          contextLength: seen.contextLength,
          device: seen.device,
          pid: seen.pid,
          canEnd: seen.canEnd,
          expiresAt: seen.expiresAt,
          lastUsed: seen.lastUsed,
          busy: seen.busy,
        };
      });
      dispatch({ type: 'observed', provider: p.id, asOf, loaded });
    }
  }

  let firstLook: Promise<void> | null = null;
  function whenLooked(): Promise<void> {
    firstLook ??= new Promise((resolve) => {
      const limit = setTimeout(resolve, FIRST_LOOK_MS);
      void poll({ catalog: true }).then(() => {
        clearTimeout(limit);
        resolve();
      });
    });
    return firstLook;
  }

  const unsubscribe = deps.providers.map((p) => p.onCrash((key, why) => dispatch({ type: 'crashed', key, problem: why })));

  return {
    get state() {
      return state;
    },
    get library() {
      return library;
    },
    get reading() {
      return reading;
    },
    statusOf: (id) => statuses.get(id) ?? null,
    setConfig(next, by) {
      config = next;
      rebuild(by);
    },
    measure,
    tick: () => dispatch({ type: 'tick' }),
    poll,
    whenLooked,
    load(wish) {
      const waiter = `w${++waiters}`;
      if (stopped || refusing) return { waiter, answer: Promise.resolve({ ok: false, problem: ending() }), leave: () => undefined };
      const answer = new Promise<Answer>((resolve) => loadAnswers.set(waiter, resolve));
      measure();
      dispatch({ type: 'load-requested', waiter, ...wish, mayUnload: wish.mayUnload ?? null });
      return {
        waiter,
        answer,
        leave: () => {
          const pending = loadAnswers.get(waiter);
          if (!pending) return;
          loadAnswers.delete(waiter);
          dispatch({ type: 'waiter-left', waiter });
          pending({ ok: false, problem: problem('cancelled', 'The load was cancelled.') });
        },
      };
    },
    unload(key, options) {
      const waiter = `w${++waiters}`;
      if (stopped) return Promise.resolve({ ok: false, problem: ending() });
      const answer = new Promise<{ ok: true; text: string } | { ok: false; problem: Problem }>((resolve) => unloadAnswers.set(waiter, resolve));
      dispatch({ type: 'unload-requested', waiter, key, ...options });
      return answer;
    },
    dispatch,
    provider,
    until(test, limitMs, signal) {
      if (stopped || limitMs <= 0 || signal?.aborted || test(state)) return Promise.resolve(!stopped && test(state));
      return new Promise((resolve) => {
        const end = (passed: boolean): void => {
          watching.delete(look);
          clearTimeout(limit);
          signal?.removeEventListener('abort', giveUp);
          resolve(passed);
        };
        const giveUp = (): void => end(false);
        const look = (): void => {
          if (stopped || test(state)) end(!stopped);
        };
        const limit = setTimeout(giveUp, limitMs);
        signal?.addEventListener('abort', giveUp);
        watching.add(look);
      });
    },
    refuseLoads() {
      refusing = true;
    },
    onLeaseEnded(listener) {
      leaseListeners.add(listener);
      return () => leaseListeners.delete(listener);
    },
    stop() {
      stopped = true;
      for (const look of watching) look();
      for (const off of unsubscribe) off();
      stopSignal.abort();
      for (const cancel of cancels.values()) cancel.abort();
      for (const answer of loadAnswers.values()) answer({ ok: false, problem: ending() });
      for (const answer of unloadAnswers.values()) answer({ ok: false, problem: ending() });
      loadAnswers.clear();
      unloadAnswers.clear();
    },
  };
}

function ending(): Problem {
  return problem('cancelled', 'Airdock is ending.');
}
