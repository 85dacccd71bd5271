import type { Activity, Footprint, FootprintSource, Problem, Wanted } from '../../contract/index.ts';
import type { Demand } from './demand.ts';
import type { Shortage, Yielding } from './yield-state.ts';

/** Weights identity (`CatalogModel.weights`): what a slot, a pin and leases belong to. */
export type WeightsKey = string;

/** Ms without use; null: never unloaded for being idle; auto: as soon as its room is wanted, and no sooner. */
export type IdleTimeout = number | 'auto' | null;

/** An installed model as the core needs it: names resolved, overrides and measurements applied. */
export interface KnownModel {
  id: string;
  name: string;
  provider: string;
  weights: WeightsKey;
  footprint: Footprint;
  source: FootprintSource;
  contextLength: number | null;
  /** Bytes per token of context, to price another context size; null where unknown. */
  kvBytesPerToken: number | null;
  /** What the model was trained for: providers cap a larger wish in silence. */
  maxContextLength: number | null;
  idleTimeoutMs: IdleTimeout;
  enabled: boolean;
  overcommit: boolean;
  problem: Problem | null;
  expectedLoadMs: number | null;
  /** It takes no memory that is looked after here: no slot, no job (`CatalogModel.elsewhere`). */
  elsewhere?: 'online' | 'here';
}

export interface Catalog {
  byId: ReadonlyMap<string, KnownModel>;
  byWeights: ReadonlyMap<WeightsKey, readonly KnownModel[]>;
}

export interface CoreConfig {
  /** Which policy chooses who goes (`models.eviction`). */
  eviction: 'value' | 'lru';
  limit: number;
  autoUnloadIdle: boolean;
  idleTimeoutMs: IdleTimeout;
  reserve: number;
  maxUsage: number | null;
  yield: boolean;
  /** What other programs needed comes back when there is room again. */
  yieldRestore: boolean;
  unloadForeign: 'ask' | 'yes' | 'no';
  pinned: ReadonlySet<WeightsKey>;
}

/** What a process holds, bytes; `swapped` is the part of `anon` that takes no RAM now. */
export interface Residency {
  anon: number;
  file: number;
  swapped?: number;
}

/** The figures of main/memory that decisions rest on, bytes. Residency is by slot, not by pid. */
export interface HostMemory {
  at: number;
  total: number;
  available: number;
  cgroupLimit: number | null;
  pressure: { some: number; full: number } | null;
  /** The system's own word for how short it is (macOS); absent: it has none. */
  level?: 'normal' | 'warning' | 'critical' | null;
  vram: readonly { id: string; free: number; total: number }[];
  /** When `vram` was looked at, wall time; absent: with the rest. */
  vramAt?: number;
  resident: ReadonlyMap<WeightsKey, Residency>;
}

export interface ProviderState {
  id: string;
  /** Its name for people; default: the id. */
  label?: string;
  status: 'up' | 'starting' | 'down' | 'absent' | 'off';
  problem: Problem | null;
  /** `host`, or the provider's own memory. */
  domain: string;
  /** Bytes of its own memory; null: unknown, or the host's. */
  ownCapacity: number | null;
  parallelLoads: number;
  revivesStuck: boolean;
  /** False: it cannot be told to unload. Default: it can. */
  canUnload?: boolean;
  /** It unloads idle models by itself (Ollama's keep_alive), so it must be told how long to keep them. */
  ownExpiry: boolean;
  /** Credited time since when it is in this status. */
  sinceAwake: number;
  incarnation: string | null;
  /** Credited time of its last (re)start, to tell a restart from another program's unload. */
  startedAwake: number | null;
  lost: readonly string[];
}

export type SlotState = 'loading' | 'ready' | 'unloading' | 'stuck';

export interface Slot {
  key: WeightsKey;
  modelId: string;
  name: string;
  provider: string;
  state: SlotState;
  /** Number of the load or unload in progress: answers of earlier ones are ignored. */
  op: number;
  cancelling: boolean;
  booked: Footprint;
  source: FootprintSource;
  pid: number | null;
  canEnd: boolean;
  contextLength: number | null;
  device: 'cpu' | 'gpu' | 'split' | 'unknown';
  loadedAt: number | null;
  since: number;
  sinceAwake: number;
  lastUsedAt: number | null;
  lastUsedAwake: number;
  lastUsedFrom: 'lease' | 'provider' | 'load' | 'unknown';
  /** The provider says that it is being used right now. */
  busy: boolean;
  foreign: boolean;
  loadedBy: string | null;
  expiresAt: number | null;
  /** What the provider was last told to keep it for; null: never told. */
  armedMs: number | null;
  /** Telling it failed (it was busy, a load was pending): not again before this, in credited time. */
  armAgainAwake?: number;
  progress: number | null;
  tryOnce: boolean;
  unload: UnloadIntent | null;
}

export interface UnloadIntent {
  reason: Activity['reason'];
  by: string | null;
  /** The newcomer it makes room for. */
  forModel: string | null;
  /** Places enough would have let it stay: only the limit on models makes it go. */
  byLimit?: boolean;
  /** Why it rather than another, where the policy in force asks for that. */
  wanted?: Wanted | null;
  /** What other programs needed it for. */
  shortage?: Shortage | null;
  /** A person has said since what is to be in memory: it does not come back by itself. */
  staysAway?: boolean;
  waiters: readonly string[];
}

export interface Waiter {
  id: string;
  by: string;
  since: number;
  lease: { holder: string; ttlMs: number | null } | null;
  /** Waits in line where what stands in the way goes by itself; others are refused at once. */
  queued: boolean;
}

/** A wanted load: everybody who asks for the same weights shares it. */
export interface Job {
  key: WeightsKey;
  modelId: string;
  seq: number;
  since: number;
  sinceAwake: number;
  /** waiting: not admitted · reserved: its room is booked · loading: the slot of the same key loads for it */
  state: 'waiting' | 'reserved' | 'loading';
  waiters: readonly Waiter[];
  force: boolean;
  /** A person has seen what it unloads, or will: that covers models of other programs. */
  consent: boolean;
  /** With `force`: the only models (ids) that may go; null: any unused one. */
  mayUnload: ReadonlySet<string> | null;
  /** Who has agreed to that, where it was not who asked first. */
  agreedBy: string | null;
  tryOnce: boolean;
  origin: Origin;
  by: string;
  need: Footprint;
  source: FootprintSource;
  contextLength: number | null;
  /** A larger context serves as well. */
  atLeast: boolean;
  /** It was found to have to wait, and nothing that could change that has happened since. */
  inLine: boolean;
  /** It has waited so long that these take no new uses before it, and no later load takes room; null: not yet. */
  inItsWay: ReadonlySet<WeightsKey> | null;
  /** Names of what was unloaded for it, for the answer. */
  unloaded: readonly { id: string; name: string }[];
  attempt: 1 | 2;
  /** The provider's words on the first attempt. */
  firstProblem: Problem | null;
  startedAt: number | null;
}

/** person: somebody clicked or typed it · client: a program · auto: Airdock itself */
export type Origin = 'person' | 'client' | 'auto';

export interface Lease {
  id: string;
  key: WeightsKey;
  holder: string;
  since: number;
  ttlMs: number | null;
  renewedAwake: number;
}

export interface Mode {
  since: number;
  until: number | null;
}

export interface CoreState {
  /** Wall clock of the last event, ms since the epoch. */
  now: number;
  /** Credited time: advances with events, by at most two ticks each, so that sleep is not idleness. */
  awake: number;
  seq: number;
  config: CoreConfig;
  memory: HostMemory | null;
  providers: ReadonlyMap<string, ProviderState>;
  catalog: Catalog;
  slots: ReadonlyMap<WeightsKey, Slot>;
  jobs: ReadonlyMap<WeightsKey, Job>;
  leases: ReadonlyMap<string, Lease>;
  freeze: Mode | null;
  pause: Mode | null;
  hold: Mode | null;
  failures: ReadonlyMap<WeightsKey, { count: number; untilAwake: number }>;
  /** When a model was last known to have gone, in credited time: older listings do not bring it back. */
  goneAt: ReadonlyMap<WeightsKey, number>;
  /** Something has gone since the last reading, which still has it. */
  goneSinceReading: boolean;
  /** A load has ended since the last reading, which does not have all of it yet. */
  cameSinceReading: boolean;
  over: { sinceAwake: number; since: number; bytes: number } | null;
  /** When the computer last woke from sleep, wall time; null: not since the start. */
  wokeAt: number | null;
  /** Weights that have run on a graphics card, wholly or in part. */
  ranOnGpu: ReadonlySet<WeightsKey>;
  /** When the limit on models was last changed, wall time. */
  limitSince: number;
  /** Credited time when the last load of Airdock's own ended: its own pressure is not other programs'. */
  lastLoadEndAwake: number;
  /** A lowered limit is being drained. */
  draining: boolean;
  /** Who lowered it. */
  loweredBy: string | null;
  /** How much each model is wanted. */
  demand: Demand;
  yielding: Yielding;
}
