import type { Activity, Config } from '../contract/index.ts';
import { AUTO_FREE_MS, KEEP_ALIVE_GRACE_MS } from './core/limits.ts';
import { inUse } from './core/standing.ts';
import type { CoreState, Slot } from './core/types.ts';
import { setFiniteKeepAlive, type KeptModel } from './finite-keep-alive.ts';
import { endsWithAirdock, leavesOnUnload, usedThroughAirdock } from './leaving.ts';
import { withLimit } from './limit.ts';
import type { Engine } from './manager/engine.ts';

/** A server that does not let go must not keep Airdock from ending; what it still holds ends by the time it is told. */
const UNLOAD_LIMIT_MS = 5_000;
/** How often it is tried, and after which pause: what is still used then stays. */
const ROUNDS = 3;
const ROUND_MS = 500;

/** How much time the end has. */
export interface TimeLeft {
  /** Ms; Infinity: what it needs. */
  ms(): number;
  isShort(): boolean;
  /** Fires when it becomes less than it is now: what is waited for then is not worth that. */
  less(): AbortSignal;
  /** From now on it has `ms` at most. */
  shorten(ms: number): void;
}

export function createTimeLeft(): TimeLeft {
  let deadline = Infinity;
  let less = new AbortController();
  return {
    ms: () => deadline - performance.now(),
    isShort: () => deadline < Infinity,
    less: () => less.signal,
    shorten(ms) {
      deadline = Math.min(deadline, performance.now() + ms);
      less.abort();
      less = new AbortController();
    },
  };
}

/** Refuses what is new, and gives what is under way `graceMs` to end, or until `hurry`. */
export async function endUses(engine: Engine, graceMs: number, hurry: AbortSignal): Promise<void> {
  engine.refuseLoads();
  // A load by a click would find nobody who uses it; one that a program waits for is a use as well.
  for (const job of engine.state.jobs.values()) {
    if (!isAwaitedByProgram(engine.state, job.key)) engine.dispatch({ type: 'cancel-requested', key: job.key });
  }
  await engine.until((state) => !isInUse(state), graceMs, hurry);
}

function isAwaitedByProgram(state: CoreState, key: string): boolean {
  return state.jobs.get(key)?.waiters.some((waiter) => waiter.lease !== null) ?? false;
}

function isInUse(state: CoreState): boolean {
  for (const slot of state.slots.values()) if (usedThroughAirdock(state, slot)) return true;
  return [...state.jobs.keys()].some((key) => isAwaitedByProgram(state, key));
}

/** Loads under way whose server was told to keep for ever what they bring. */
export function endlessLoads(state: CoreState): Slot[] {
  return [...state.slots.values()].filter((slot) => slot.state === 'loading' && slot.armedMs === Infinity && hasOwnExpiry(state, slot));
}

/** Gives up every load, whoever waits for it, and waits until providers have cleaned up behind it: what a server has finished at that very moment would stay. */
export async function endLoads(engine: Engine, limitMs: number, less?: AbortSignal): Promise<void> {
  for (const key of [...engine.state.jobs.keys()]) engine.dispatch({ type: 'cancel-requested', key });
  await engine.until((state) => ![...state.slots.values()].some((slot) => slot.state === 'loading'), limitMs, less);
}

/** Unloads what servers would keep and nobody uses, kept and frozen models too: whoever ends Airdock has chosen so. */
export async function unloadWhatStays(engine: Engine, limitMs = UNLOAD_LIMIT_MS, less?: AbortSignal): Promise<void> {
  await withLimit(unloadInRounds(engine), Math.min(limitMs, UNLOAD_LIMIT_MS), less);
}

async function unloadInRounds(engine: Engine): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    // A use that has just ended may still be in the picture, and in what the server says.
    if (round > 0) await new Promise((resolve) => setTimeout(resolve, ROUND_MS));
    await engine.poll({ catalog: false });
    // What was on its way out already is waited for as well.
    const leaving = [...engine.state.slots.values()].filter((slot) => leavesOnUnload(engine.state, slot) || (slot.state === 'unloading' && !endsWithAirdock(slot)));
    const unused = leaving.filter((slot) => !inUse(engine.state, slot));
    const answers = await Promise.all(unused.map((slot) => engine.unload(slot.key, { confirm: true, by: 'Airdock', reason: 'shutdown' })));
    if (unused.length === leaving.length && answers.every((answer) => answer.ok)) return;
  }
}

/** What a server was told to keep for ever would stay for ever: nobody is left to unload it. `loads`: see `endlessLoads`. Returns what could not be told. */
export async function boundKeepAlive(engine: Engine, loads: readonly Slot[], keepMs: number, limitMs: number): Promise<Slot[]> {
  const { state } = engine;
  const ready = [...state.slots.values()].filter((slot) => slot.state === 'ready' && !slot.foreign && hasOwnExpiry(state, slot));
  const ours = new Map([...loads, ...ready].map((slot) => [slot.key, slot]));
  const untold = await Promise.all(
    [...new Set([...ours.values()].map((slot) => slot.provider))].map(async (id) => {
      const provider = engine.provider(id);
      const slots = [...ours.values()].filter((slot) => slot.provider === id);
      const left = provider ? await setFiniteKeepAlive(provider, slots.flatMap(keptModel), keepMs, limitMs) : new Set<string>();
      return slots.filter((slot) => left.has(slot.key));
    }),
  );
  return untold.flat();
}

/** How long a server keeps, unused, what Airdock no longer looks after. */
export function keepWithoutAirdockMs(config: Config): number {
  const seconds = config.models.idle_timeout_seconds;
  // Nobody is left who would see that the room is wanted.
  return (seconds === 'auto' ? AUTO_FREE_MS : seconds * 1000) + KEEP_ALIVE_GRACE_MS;
}

/** How its server was told to keep a model of ours; nothing where that is a finite time. */
export function keptModel({ key, state, armedMs }: Slot): KeptModel[] {
  return armedMs === null || armedMs === Infinity ? [{ key, told: state === 'ready' && armedMs === Infinity }] : [];
}

function hasOwnExpiry(state: CoreState, slot: Slot): boolean {
  return state.providers.get(slot.provider)?.ownExpiry === true;
}

/** What the activity list says of models that ended with Airdock, and of those whose server could not be told. */
export function lastEntries(ended: readonly Slot[], untold: readonly Slot[], at: number): Omit<Activity, 'id'>[] {
  const entry = (slot: Slot, kind: Activity['kind'], code: Activity['code'], text: string): Omit<Activity, 'id'> => ({
    at, kind, reason: 'shutdown', model: slot.modelId, name: slot.name, provider: slot.provider, forModel: null, by: null, code, ram: slot.booked.ram, tookMs: null, text,
  });
  return [
    ...ended.map((slot) => entry(slot, 'unloaded', null, `${slot.name} was unloaded because Airdock ended.`)),
    ...untold.map((slot) => entry(slot, 'failed', 'unload-failed', `${slot.name} may stay in memory until its server is restarted: the server could not be told how long to keep it without Airdock.`)),
  ];
}

/** Models that are in memory now and will not outlive Airdock. */
export function endingModels(state: CoreState): Slot[] {
  return [...state.slots.values()].filter((slot) => slot.state === 'ready' && endsWithAirdock(slot));
}
