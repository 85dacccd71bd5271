import { GIB, type Footprint, type Problem } from '../contract/index.ts';
import { initialState, step } from '../main/core/step.ts';
import type { Answer, CoreEvent, Effect, LoadResult, Observed, UnloadResult } from '../main/core/events.ts';
import type { Catalog, CoreConfig, CoreState, HostMemory, KnownModel, ProviderState, Residency, Slot } from '../main/core/types.ts';

/** Sizes in tests are told in GB (1024³). */
export const gb = (n: number): number => Math.round(n * GIB);
/** The moment at which every test begins, ms since the epoch. */
export const START = 1_700_000_000_000;

export type NewCoreEvent = CoreEvent extends infer E ? (E extends CoreEvent ? Omit<E, 'at'> : never) : never;
export type EffectOf<T extends Effect['type']> = Extract<Effect, { type: T }>;

/** A model of `provider/name` that takes `size` GB; its weights are called like it. */
export function knownModel(id: string, size: number, change: Partial<KnownModel> = {}): KnownModel {
  return {
    id, name: id.slice(id.indexOf('/') + 1), provider: id.slice(0, id.indexOf('/')), weights: id, footprint: { ram: gb(size), vram: {} }, source: 'measured',
    contextLength: 4096, kvBytesPerToken: null, maxContextLength: null, idleTimeoutMs: 300_000, enabled: true, overcommit: false, problem: null, expectedLoadMs: null,
    ...change,
  };
}

export function catalogOf(models: readonly KnownModel[]): Catalog {
  const byWeights = new Map<string, KnownModel[]>();
  for (const model of models) byWeights.set(model.weights, [...(byWeights.get(model.weights) ?? []), model]);
  return { byId: new Map(models.map((m) => [m.id, m])), byWeights };
}

export function coreConfigFixture(change: Partial<CoreConfig> = {}): CoreConfig {
  return { eviction: 'lru', limit: 4, autoUnloadIdle: true, idleTimeoutMs: 300_000, reserve: 0, maxUsage: null, yield: true, yieldRestore: false, unloadForeign: 'ask', pinned: new Set(), ...change };
}

export function providerFixture(id: string, change: Partial<ProviderState> = {}): ProviderState {
  return {
    id, status: 'up', problem: null, domain: 'host', ownCapacity: null, parallelLoads: 4, revivesStuck: false, ownExpiry: false, sinceAwake: 0, incarnation: '1', startedAwake: null,
    lost: [], ...change,
  };
}

export function slotFixture(model: KnownModel, change: Partial<Slot> = {}): Slot {
  return {
    key: model.weights, modelId: model.id, name: model.name, provider: model.provider, state: 'ready', op: 1, cancelling: false, booked: model.footprint, source: 'measured',
    pid: null, canEnd: false, contextLength: model.contextLength, device: 'cpu', loadedAt: START, since: START, sinceAwake: 0, lastUsedAt: START, lastUsedAwake: 0,
    lastUsedFrom: 'load', busy: false, foreign: false, loadedBy: 'test', expiresAt: null, armedMs: null, progress: null, tryOnce: false, unload: null, ...change,
  };
}

export function memoryFixture(availableGb: number, change: Partial<HostMemory> = {}): HostMemory {
  return { at: START, total: gb(32), available: gb(availableGb), cgroupLimit: null, pressure: null, vram: [], resident: new Map(), ...change };
}

export interface StateParts {
  models?: readonly KnownModel[];
  slots?: readonly Slot[];
  providers?: readonly ProviderState[];
  config?: Partial<CoreConfig>;
  memory?: HostMemory | null;
}

/** A state put together by hand, for what is decided from a state alone. */
export function stateFixture(parts: StateParts): CoreState {
  const models = parts.models ?? [];
  const providers = parts.providers ?? [...new Set(models.map((m) => m.provider))].map((id) => providerFixture(id));
  return {
    ...initialState(coreConfigFixture(parts.config), START),
    memory: parts.memory === undefined ? memoryFixture(16) : parts.memory,
    catalog: catalogOf(models),
    providers: new Map(providers.map((p) => [p.id, p])),
    slots: new Map((parts.slots ?? []).map((s) => [s.key, s])),
  };
}

export interface CoreOptions {
  models: readonly KnownModel[];
  config?: Partial<CoreConfig>;
  providers?: readonly ProviderState[];
  /** GB that models could have if none were loaded; the machine has 4 GB more, which other programs hold. */
  capacity?: number;
  state?: CoreState;
}

export interface AskOptions {
  force?: boolean;
  mayUnload?: readonly string[] | null;
  tryOnce?: boolean;
  contextLength?: number | null;
  origin?: 'person' | 'client' | 'auto';
  lease?: { holder: string; ttlMs: number | null } | null;
  queued?: boolean;
  exact?: boolean;
}

/** The core with a clock and a machine whose memory models really take: what a test drives by hand. */
export function createCore(options: CoreOptions) {
  const capacity = gb(options.capacity ?? 16);
  const machine = {
    /** Bytes that other programs hold beyond their usual 4 GB. */
    others: 0,
    /** What the OS tells of processes, by slot; a slot without an entry cannot be read. */
    resident: new Map<string, Residency>(),
    vram: [] as { id: string; free: number; total: number }[],
    /** Age of the look at `vram`, ms. */
    vramAge: 0,
    pressure: null as HostMemory['pressure'],
    level: null as HostMemory['level'],
    /** Age of every reading, ms. */
    readingAge: 0,
  };
  let now = START;
  let waiters = 0;
  let state = options.state ?? initialState(coreConfigFixture(options.config), START);
  let last: Effect[] = [];
  const all: Effect[] = [];

  function reading(): HostMemory {
    let taken = 0;
    for (const slot of state.slots.values()) {
      if (state.providers.get(slot.provider)?.domain !== 'host') continue;
      const held = machine.resident.get(slot.key);
      if (held) taken += held.anon - (held.swapped ?? 0);
      else if (slot.state !== 'loading') taken += slot.booked.ram;
    }
    return {
      at: now - machine.readingAge, total: capacity + gb(4), available: capacity - machine.others - taken, cgroupLimit: null, pressure: machine.pressure, level: machine.level ?? null, vram: machine.vram, vramAt: now - machine.readingAge - machine.vramAge,
      resident: new Map([...machine.resident].filter(([key]) => state.slots.has(key))),
    };
  }

  /** One event, and the readings that it asks for. Returns all effects of that. */
  function send(event: NewCoreEvent): Effect[] {
    const effects: Effect[] = [];
    const queue: NewCoreEvent[] = [event];
    for (let next = queue.shift(), rounds = 0; next; next = queue.shift(), rounds++) {
      if (rounds > 50) throw new Error('the core asks for one reading after another');
      const result = step(state, { ...next, at: now } as CoreEvent);
      state = result.state;
      effects.push(...result.effects);
      if (result.effects.some((e) => e.type === 'measure')) queue.push({ type: 'memory', memory: reading() });
    }
    last = effects;
    all.push(...effects);
    return effects;
  }

  const core = {
    machine,
    get state() {
      return state;
    },
    get now() {
      return now;
    },
    /** Effects of the last call. */
    get last() {
      return last;
    },
    /** Effects of all calls so far. */
    all,
    send,
    slot(id: string): Slot {
      const slot = [...state.slots.values()].find((s) => s.modelId === id || s.key === id);
      if (!slot) throw new Error(`${id} is not in memory`);
      return slot;
    },
    has: (id: string) => [...state.slots.values()].some((s) => s.modelId === id || s.key === id),
    measure: () => send({ type: 'memory', memory: reading() }),
    /** Lets credited time pass, with readings and ticks like a running Airdock's. */
    pass(ms: number, tickMs = 1_000): Effect[] {
      const effects: Effect[] = [];
      for (let left = ms; left > 0; left -= tickMs) {
        now += Math.min(left, tickMs);
        effects.push(...core.measure(), ...send({ type: 'tick' }));
      }
      last = effects;
      return effects;
    },
    /** Wall time goes on in one jump, without an event. */
    jump(ms: number): void {
      now += ms;
    },
    ask(id: string, ask: AskOptions = {}): string {
      const waiter = `w${++waiters}`;
      const before = core.measure();
      const effects = send({ type: 'load-requested', waiter, modelId: id, force: false, mayUnload: null, tryOnce: false, contextLength: null, origin: 'client', by: 'test', lease: null, ...ask });
      last = [...before, ...effects];
      return waiter;
    },
    /** A program's request through the gateway: it waits in line, and holds the model while it is answered. */
    request: (id: string, ask: AskOptions = {}) => core.ask(id, { force: true, queued: true, lease: { holder: 'app', ttlMs: null }, ...ask }),
    /** The answer to a request has ended. */
    release(waiter: string): Effect[] {
      const answer = core.answer(waiter);
      if (!answer?.ok || answer.lease === null) throw new Error(`${waiter} holds nothing`);
      return send({ type: 'lease-released', lease: answer.lease });
    },
    endLoad(id: string, result: Partial<Extract<LoadResult, { ok: true }>> | Extract<LoadResult, { ok: false }> = {}): Effect[] {
      const slot = core.slot(id);
      const whole: LoadResult = 'ok' in result && result.ok === false ? result : { footprint: slot.booked, source: 'measured', pid: null, contextLength: slot.contextLength, device: 'cpu', ...result, ok: true };
      return send({ type: 'load-ended', key: slot.key, op: slot.op, result: whole });
    },
    /** Asks for it and lets the load succeed. */
    load(id: string, ask: AskOptions = {}): Slot {
      core.ask(id, { force: true, ...ask });
      core.settle();
      return core.slot(id);
    },
    endUnload: (id: string, result: UnloadResult = { kind: 'gone' }) => {
      const slot = core.slot(id);
      return send({ type: 'unload-ended', key: slot.key, op: slot.op, result });
    },
    /** Ends well whatever is under way, until nothing is. */
    settle(): void {
      for (let i = 0; i < 100; i++) {
        const busy = [...state.slots.values()].find((s) => s.state === 'unloading' || s.state === 'loading');
        if (!busy) return;
        if (busy.state === 'unloading') core.endUnload(busy.key);
        else core.endLoad(busy.key);
      }
      throw new Error('loads and unloads never end');
    },
    unload: (id: string, confirm = false, reason: 'asked' | 'idle' = 'asked') => {
      const waiter = `w${++waiters}`;
      send({ type: 'unload-requested', waiter, key: core.has(id) ? core.slot(id).key : id, confirm, by: 'test', reason });
      return waiter;
    },
    config: (change: Partial<CoreConfig>) => send({ type: 'config', config: { ...state.config, ...change } }),
    provider: (id: string, change: Partial<ProviderState>) => send({ type: 'provider', provider: { ...(state.providers.get(id) ?? providerFixture(id)), ...change } }),
    /** A listing of everything that a provider has in memory. */
    observe: (provider: string, loaded: readonly Observed[], asOf = state.awake) => send({ type: 'observed', provider, asOf, loaded }),
    answer(waiter: string): Answer | null {
      const found = all.filter((e): e is EffectOf<'answer-load'> => e.type === 'answer-load' && e.waiter === waiter);
      if (found.length > 1) throw new Error(`${waiter} was answered ${found.length} times`);
      return found[0]?.answer ?? null;
    },
    unloadAnswer(waiter: string): EffectOf<'answer-unload'>['answer'] | null {
      const found = all.filter((e): e is EffectOf<'answer-unload'> => e.type === 'answer-unload' && e.waiter === waiter);
      if (found.length > 1) throw new Error(`${waiter} was answered ${found.length} times`);
      return found[0]?.answer ?? null;
    },
    problemOf(waiter: string): Problem | null {
      const answer = core.answer(waiter);
      return answer && !answer.ok ? answer.problem : null;
    },
  };

  send({ type: 'catalog', catalog: catalogOf(options.models) });
  const providers = options.providers ?? [...new Set(options.models.map((m) => m.provider))].map((id) => providerFixture(id));
  for (const { sinceAwake: _1, startedAwake: _2, lost: _3, ...provider } of providers) send({ type: 'provider', provider });
  core.measure();
  all.length = 0;
  last = [];
  return core;
}

export type Core = ReturnType<typeof createCore>;

export function observedFixture(model: KnownModel, change: Partial<Observed> = {}): Observed {
  return {
    key: model.weights, modelId: model.id, name: model.name, footprint: model.footprint, contextLength: model.contextLength, device: 'cpu', pid: null, canEnd: false, expiresAt: null,
    lastUsed: null, busy: null, ...change,
  };
}

export function effectsOf<T extends Effect['type']>(effects: readonly Effect[], type: T): EffectOf<T>[] {
  return effects.filter((e): e is EffectOf<T> => e.type === type);
}

/** Ids of what the effects unload, in order. */
export function unloadsIn(effects: readonly Effect[]): string[] {
  return effectsOf(effects, 'unload').map((e) => e.key);
}

export function loadsIn(effects: readonly Effect[]): string[] {
  return effectsOf(effects, 'load').map((e) => e.modelId);
}

export function textsIn(effects: readonly Effect[]): string[] {
  return effectsOf(effects, 'activity').map((e) => e.entry.text);
}

export const noVram = (ram: number): Footprint => ({ ram: gb(ram), vram: {} });
