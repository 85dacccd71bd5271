import { problem, type Activity, type Config, type Problem } from '../../contract/index.ts';
import type { Demand } from '../core/demand.ts';
import { initialState, step } from '../core/step.ts';
import type { Answer, CoreEvent, Effect } from '../core/events.ts';
import type { Remembered } from '../core/remembered.ts';
import type { CoreState } from '../core/types.ts';
import type { LearnedStore, MemoryReader, MemoryReading } from '../memory/memory.ts';
import type { Provider, ProviderReport, ProviderStatus } from '../providers/provider.ts';
import { createAnswers } from './answers.ts';
import { buildLibrary, coreConfig, type Library } from './catalog.ts';
import { createEffects } from './effects.ts';
import { createEstimates, learnKey } from './estimates.ts';
import { createGrowth } from './growth.ts';
import { createLooks } from './looks.ts';
import { createMeasuring } from './measuring.ts';
import type { NewEvent } from './new-event.ts';
import { createPrefetch } from './prefetch.ts';
import { createWatching } from './watching.ts';

export interface EngineDeps {
  /** May change while it runs: `providersChanged` tells. */
  providers: readonly Provider[];
  memory: MemoryReader;
  learned: LearnedStore;
  /** What is known of earlier uses. */
  demand?: Demand;
  /** What an Airdock before this one had loaded into a server that goes on without it; told once, with the first report that can need it. */
  remembered?(provider: string, report: ProviderReport): readonly Remembered[];
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
  /** `given`: the answer, where there is one at once, as mostly for what is in memory. */
  load(request: LoadWish): { waiter: string; given: Answer | null; answer: Promise<Answer>; leave(): void };
  unload(key: string, options: { confirm: boolean; by: string; reason: Activity['reason'] }): Promise<UnloadAnswer>;
  dispatch(event: NewEvent): void;
  provider(id: string): Provider | undefined;
  /** The list of providers has others in it than before. */
  providersChanged(): void;
  onLeaseEnded(listener: (lease: string, why: 'not-renewed' | 'model-gone') => void): () => void;
  /** Resolves to true as soon as the state passes, to false when that has taken `limitMs`, at `signal`, or when the engine has stopped. */
  until(test: (state: CoreState) => boolean, limitMs: number, signal?: AbortSignal): Promise<boolean>;
  /** From now on every load and use is refused; what has been promised already is kept. */
  refuseLoads(): void;
  /** Ends polling and every load in progress; providers are stopped by whoever made them. */
  stop(): void;
}

type UnloadAnswer = { ok: true; text: string } | { ok: false; problem: Problem };

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
  /** Waits in line for room that is in use at present, and takes a larger context than it asks for. */
  queued?: boolean;
  /** With `queued`: it needs the context that it asks for, and no other. */
  exact?: boolean;
}

/** Runs the core's effects, feeds it events and keeps the clock: the one owner of the core. */
export function createEngine(deps: EngineDeps): Engine {
  let config = deps.config;
  let library = buildLibrary([], config, deps.learned);
  let state = initialState(coreConfig(config, []), deps.now(), deps.demand);
  let changed = false;
  let stopped = false;
  let refusing = false;
  let waiters = 0;
  const watching = createWatching(() => (stopped ? null : state));
  const queue: NewEvent[] = [];
  let draining = false;
  const loads = createAnswers<Answer>();
  const unloads = createAnswers<UnloadAnswer>();
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
        prefetch.see(state);
        watching.look();
        deps.onChange();
      });
    }
  }

  /** One fault must not cost the other effects, somebody's answer among them. */
  function apply(event: NewEvent): void {
    try {
      // Whoever dispatches an event makes it for that, so it need not be copied.
      const timed = event as CoreEvent;
      timed.at = deps.now();
      const result = step(state, timed);
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
        return measuring.measure();
      case 'load':
        return effects.load(effect);
      case 'cancel-load':
        return effects.cancelLoad(effect.op);
      case 'unload':
        return effects.unload(effect);
      case 'rearm':
        return effects.rearm(effect);
      case 'answer-load':
        return loads.give(effect.waiter, effect.answer);
      case 'answer-unload':
        return unloads.give(effect.waiter, effect.answer);
      case 'lease-ended':
        for (const listener of leaseListeners) listener(effect.lease, effect.why);
        return;
      case 'learn-correction': {
        const model = library.byId.get(effect.modelId);
        if (model) deps.learned.recordCorrection(learnKey(model, effect.contextLength), effect.atLeast, deps.now());
        return rebuild();
      }
      case 'load-again':
        return loadAgain(effect.modelId);
      case 'activity':
        return deps.onActivity(effect.entry);
    }
  }

  function provider(id: string): Provider | undefined {
    return deps.providers.find((p) => p.id === id);
  }

  function isReady(modelId: string): boolean {
    const key = state.catalog.byId.get(modelId)?.weights;
    return key !== undefined && state.slots.get(key)?.state === 'ready';
  }

  function rebuild(by?: string): void {
    const models = looks.models();
    library = buildLibrary(models, config, deps.learned);
    dispatch({ type: 'catalog', catalog: library.core });
    dispatch({ type: 'config', config: coreConfig(config, models), ...(by === undefined ? {} : { by }) });
  }

  /** Nobody waits for it: what becomes of it is seen in the picture. */
  function loadAgain(modelId: string): void {
    if (refusing) return;
    dispatch({ type: 'load-requested', waiter: `w${++waiters}`, modelId, force: false, mayUnload: null, tryOnce: false, contextLength: null, origin: 'auto', by: 'Airdock', lease: null });
  }

  const seen = { state: () => state, library: () => library, stopped: () => stopped, signal: stopSignal.signal, dispatch, onFault: deps.onFault };
  const prefetch = createPrefetch({
    // Where nobody has tried whether it helps, it is not done.
    enabled: () => config.models.prefetch && process.platform === 'linux',
    state: () => state,
    filesOf: (id, weights) => provider(id)?.filesOf?.(weights) ?? [],
  });
  const estimates = createEstimates({ learned: deps.learned, nameOf: (id) => library.names.get(id) ?? id, now: deps.now, note: deps.onActivity });
  const growth = createGrowth({
    learned: deps.learned,
    model: (id) => library.byId.get(id),
    onGrown: (model, contextLength, taken) => {
      estimates.compare(model, contextLength, taken, true);
      rebuild();
    },
  });
  const measuring = createMeasuring({ ...seen, memory: deps.memory, now: deps.now, onResident: (resident) => growth.see(state, resident) });
  const looks = createLooks({ ...seen, providers: deps.providers, remembered: (id, report) => deps.remembered?.(id, report) ?? [], onCatalog: () => rebuild() });
  const effects = createEffects({ ...seen, provider, learned: deps.learned, onLearned: () => rebuild(), readAhead: prefetch.fromDisk, onSize: (model, contextLength, taken) => estimates.compare(model, contextLength, taken, false) });
  const followed = new Map<Provider, () => void>();
  followProviders();

  /** Follows what is on the list now, and forgets what is not any more. */
  function followProviders(): void {
    const gone = [...followed].filter(([p]) => !deps.providers.includes(p));
    for (const [p, off] of gone) {
      off();
      followed.delete(p);
      looks.forget(p.id);
      dispatch({ type: 'provider-replaced', provider: p.id });
    }
    for (const p of deps.providers) if (!followed.has(p)) followed.set(p, p.onCrash((key, why) => dispatch({ type: 'crashed', key, problem: why })));
    if (gone.length > 0) rebuild();
  }

  return {
    get state() {
      return state;
    },
    get library() {
      return library;
    },
    get reading() {
      return measuring.reading();
    },
    statusOf: looks.statusOf,
    setConfig(next, by) {
      config = next;
      rebuild(by);
    },
    measure: measuring.measure,
    tick: () => dispatch({ type: 'tick' }),
    poll: looks.poll,
    whenLooked: looks.whenLooked,
    load(wish) {
      const waiter = `w${++waiters}`;
      if (stopped || refusing) {
        const given: Answer = { ok: false, problem: ending() };
        return { waiter, given, answer: Promise.resolve(given), leave: () => undefined };
      }
      // What is in memory already is granted without a look at the memory: a request of a busy program comes a hundred times a second.
      if (!wish.queued || !isReady(wish.modelId)) measuring.measure();
      const { modelId, force, tryOnce, contextLength, origin, by, lease, queued = false, exact = false } = wish;
      const asked = loads.ask(waiter, () => {
        dispatch({ type: 'load-requested', waiter, modelId, force, mayUnload: wish.mayUnload ?? null, tryOnce, contextLength, origin, by, lease, queued, exact });
      });
      return {
        waiter,
        ...asked,
        leave: () => {
          if (!loads.isAwaited(waiter)) return;
          loads.give(waiter, { ok: false, problem: problem('cancelled', 'The load was cancelled.') });
          dispatch({ type: 'waiter-left', waiter });
        },
      };
    },
    unload(key, options) {
      const waiter = `w${++waiters}`;
      if (stopped) return Promise.resolve({ ok: false, problem: ending() });
      return unloads.ask(waiter, () => dispatch({ type: 'unload-requested', waiter, key, ...options })).answer;
    },
    dispatch,
    provider,
    providersChanged: followProviders,
    until: watching.until,
    refuseLoads() {
      refusing = true;
    },
    onLeaseEnded(listener) {
      leaseListeners.add(listener);
      return () => leaseListeners.delete(listener);
    },
    stop() {
      stopped = true;
      watching.look();
      for (const off of followed.values()) off();
      stopSignal.abort();
      prefetch.stop();
      effects.cancelAll();
      loads.giveAll({ ok: false, problem: ending() });
      unloads.giveAll({ ok: false, problem: ending() });
    },
  };
}

function ending(): Problem {
  return problem('cancelled', 'Airdock is ending.');
}
