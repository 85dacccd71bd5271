import type { Activity } from '../contract/index.ts';
import { inUse } from './core/standing.ts';
import type { CoreState, Slot } from './core/types.ts';
import { endsWithAirdock, staysBehind, usedThroughAirdock } from './leaving.ts';
import type { Engine } from './manager/engine.ts';

/** A server that does not let go must not keep Airdock from ending; what it still holds ends by the time it is told. */
const UNLOAD_LIMIT_MS = 5_000;
/** How often it is tried, and after which pause: what is still used then stays. */
const ROUNDS = 3;
const ROUND_MS = 500;
/** How long a server is asked again that could not be told (it was busy just then). */
const TELL_LIMIT_MS = 2_000;
const TELL_AGAIN_MS = 200;

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

/** Unloads what servers would keep and nobody uses, kept and frozen models too: whoever ends Airdock has chosen so. */
export async function unloadWhatStays(engine: Engine): Promise<void> {
  await withLimit(unloadInRounds(engine), UNLOAD_LIMIT_MS);
}

async function unloadInRounds(engine: Engine): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    // A use that has just ended may still be in the picture, and in what the server says.
    if (round > 0) await new Promise((resolve) => setTimeout(resolve, ROUND_MS));
    await engine.poll({ catalog: false });
    const staying = [...engine.state.slots.values()].filter((slot) => slot.state === 'ready' && staysBehind(engine.state, slot));
    const unused = staying.filter((slot) => !inUse(engine.state, slot));
    const answers = await Promise.all(unused.map((slot) => engine.unload(slot.key, { confirm: true, by: 'Airdock', reason: 'shutdown' })));
    if (unused.length === staying.length && answers.every((answer) => answer.ok)) return;
  }
}

/** What a server was told to keep for ever would stay for ever: nobody is left to unload it. Returns what could not be told. */
export async function boundKeepAlive(engine: Engine, keepMs: number): Promise<Slot[]> {
  const deadline = performance.now() + TELL_LIMIT_MS;
  const untold = new Set([...engine.state.slots.values()].filter((slot) => slot.state === 'ready' && slot.armedMs === Infinity));
  const tell = async (slot: Slot): Promise<void> => {
    for (;;) {
      const told = await engine.provider(slot.provider)?.rearm(slot.key, keepMs);
      if (told?.ok) return void untold.delete(slot);
      if (performance.now() + TELL_AGAIN_MS > deadline) return;
      await new Promise((resolve) => setTimeout(resolve, TELL_AGAIN_MS));
    }
  };
  await withLimit(Promise.allSettled([...untold].map(tell)), TELL_LIMIT_MS);
  return [...untold];
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

export async function withLimit(work: Promise<unknown>, ms: number): Promise<void> {
  let limit: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((resolve) => (limit = setTimeout(resolve, ms)))]);
  clearTimeout(limit);
}
