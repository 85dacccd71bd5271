import type { Problem } from '../../contract/index.ts';
import type { CoreEvent, Effect } from '../../main/core/events.ts';
import type { CoreState, Job, KnownModel, Slot } from '../../main/core/types.ts';
import type { SimProvider, World } from './machine.ts';
import { createYieldInvariants } from './yield-invariants.ts';

/** Whether the model as it is in memory serves whoever waits for it. */
function wants(job: Job, slot: Slot): boolean {
  if (job.contextLength === null || slot.contextLength === null) return true;
  return job.atLeast ? slot.contextLength >= job.contextLength : slot.contextLength === job.contextLength;
}

/**
 * The promises of docs/architecture.md, checked after every event with arithmetic of its own,
 * so that a fault in the core's arithmetic does not hide itself. A broken one is told as a sentence.
 */
export function createInvariants(world: World, waiting: () => ReadonlyMap<string, 'load' | 'unload'>) {
  /** The state before the last event. */
  let previous: CoreState | null = null;
  const yields = createYieldInvariants((provider) => domain(provider).domain === 'host');

  function domain(id: string): SimProvider {
    return world.providers.get(id)!;
  }

  /** Σ of what slots hold, and of the anonymous part the reading has already lost to them. */
  function ledger(state: CoreState, slots: readonly Slot[]): { held: number; anon: number } {
    let held = 0;
    let anon = 0;
    for (const slot of slots) {
      const resident = state.memory!.resident.get(slot.key);
      held += Math.max(slot.booked.ram, resident ? resident.anon + resident.file : 0);
      if (resident) anon += resident.anon;
      else if (slot.state !== 'loading' && slot.pid === null) anon += slot.booked.ram;
    }
    return { held, anon };
  }

  function admission(before: CoreState, state: CoreState, key: string, after: ReadonlySet<string>): string | null {
    const slot = state.slots.get(key)!;
    const previous = before.slots.get(key);
    const revived = previous?.state === 'stuck' || previous?.state === 'unloading';
    const model = state.catalog.byId.get(slot.modelId)!;
    const where = domain(slot.provider).domain;
    // What the same step loads after this one is judged by itself.
    const peers = [...state.slots.values()].filter((s) => domain(s.provider).domain === where && !after.has(s.key));
    // Promise 3. What was there already takes no new place.
    if (!revived && peers.length > state.config.limit) return `promise 3: ${peers.length} models with a limit of ${state.config.limit}`;
    // Precedence: frozen means that nothing new starts.
    if (state.freeze) return 'precedence: a load began while frozen';
    if (model.problem || !model.enabled) return 'a model that is switched off was loaded';
    const provider = domain(slot.provider);
    const loading = peers.filter((s) => s.provider === slot.provider && s.state === 'loading').length;
    if (loading > provider.parallel) return `${loading} loads at once on ${slot.provider}`;
    if (revived || model.overcommit || slot.tryOnce) return null;
    if (where === 'host') {
      // Promise 1: on a reading less than a second old, and within it.
      if (!state.memory || Math.abs(state.now - state.memory.at) >= 1000) return 'promise 1: admitted on an old reading';
      const { held, anon } = ledger(state, peers);
      const most = state.memory.available + anon - state.config.reserve;
      if (held > most + 1) return `promise 1: ${held} held after admission of ${key}, ${most} to give`;
      if (state.config.maxUsage !== null && held > state.config.maxUsage + 1) return 'promise 1: more than memory.max_ram_usage_gb';
    } else if (provider.capacity !== null) {
      const held = peers.reduce((sum, s) => sum + s.booked.ram, 0);
      if (held > provider.capacity + 1) return 'promise 1: more than the other memory has';
    }
    return null;
  }

  function eviction(before: CoreState, event: CoreEvent, state: CoreState, key: string): string | null {
    const slot = state.slots.get(key)!;
    const was = before.slots.get(key);
    if (!slot.unload) return `${key} was asked to leave and is ${slot.state}`;
    const reason = slot.unload.reason;
    // Promise 2.
    for (const lease of state.leases.values()) if (lease.key === key) return `promise 2: ${key} was unloaded (${reason}) while in use`;
    if (was?.state === 'loading' && event.type !== 'load-ended') return `promise 2: ${key} was unloaded while loading`;
    const confirmed = event.type === 'unload-requested' && event.confirm;
    if (state.config.pinned.has(key) && !confirmed) return `precedence: ${key} is kept and was unloaded (${reason})`;
    if (state.freeze && !confirmed) return `precedence: ${key} was unloaded (${reason}) while frozen`;
    const job = state.jobs.get(key);
    if (job && job.inItsWay === null && wants(job, slot) && ![...state.jobs.values()].some((other) => other.seq < job.seq && other.inItsWay?.has(key)) && reason !== 'asked' && reason !== 'replace') return `promise 2: ${key} was unloaded (${reason}) while somebody waits for it`;
    if (was?.busy && reason !== 'asked' && event.type !== 'observed') return `promise 2: ${key} was unloaded (${reason}) while its provider said busy`;
    if (slot.foreign && reason !== 'asked' && reason !== 'room' && reason !== 'replace' && state.config.unloadForeign !== 'yes') return `${key} of another program was unloaded (${reason}) without leave`;
    if (reason === 'idle' && event.type !== 'unload-requested') {
      if (!state.config.autoUnloadIdle || state.pause) return `${key} expired although nothing expires`;
      const timeout = state.catalog.byId.get(slot.modelId)?.idleTimeoutMs;
      if (typeof timeout !== 'number' || state.awake - slot.lastUsedAwake < timeout) return `${key} expired after ${state.awake - slot.lastUsedAwake} ms of ${timeout}`;
    }
    return null;
  }

  /** Nobody starves: past whoever has waited too long no model in its way is used anew, and no later load begins. */
  function fairness(before: CoreState, state: CoreState, effects: readonly Effect[]): string | null {
    const where = (job: Job): string => domain(state.catalog.byId.get(job.modelId)!.provider).domain;
    for (const first of before.jobs.values()) {
      // Its own progress in this very step ends its claim.
      const now = state.jobs.get(first.key);
      if (first.inItsWay === null || now?.seq !== first.seq || now.state === 'loading') continue;
      for (const effect of effects) {
        if (effect.type === 'answer-load' && effect.answer.ok && effect.answer.lease !== null && effect.answer.key !== first.key) {
          const served = before.jobs.get(effect.answer.key);
          // Whoever it was loaded for is served first in any case.
          if (served?.state !== 'loading' && first.inItsWay.has(effect.answer.key) && now.inItsWay?.has(effect.answer.key) && (served?.seq ?? Infinity) > first.seq) return `nobody starves: ${effect.answer.key} was used past ${first.key}, which waits for its room`;
        }
        if (effect.type === 'load') {
          const later = state.jobs.get(effect.key);
          // What has not gone yet takes no new room when it is asked for again; but not past whoever is to have its room, and still is once it does not let go.
          const inItsWay = first.inItsWay.has(effect.key) && now.inItsWay?.has(effect.key) === true;
          const comesBack = before.slots.has(effect.key) && (!inItsWay || later?.waiters.some((w) => !w.queued));
          if (later && later.seq > first.seq && (before.jobs.get(effect.key)?.state ?? 'waiting') === 'waiting' && where(later) === where(first) && !comesBack) {
            return `nobody starves: ${effect.key} was loaded past ${first.key}`;
          }
        }
      }
    }
    return null;
  }

  return {
    /** Whoever waits in line is refused only for what does not pass by itself. */
    refusedInLine(state: CoreState, model: KnownModel, why: Problem): string | null {
      if (why.code !== 'limit-reached') return null;
      const here = domain(model.provider).domain;
      const lasting = [...state.slots.values()].filter((slot) => {
        if (domain(slot.provider).domain !== here) return false;
        // What has only just become so was otherwise when the decision was made.
        if (slot.sinceAwake === state.awake) return true;
        if (slot.state === 'unloading') return false;
        if (slot.state === 'loading') return false;
        if (slot.state === 'stuck') return !slot.busy;
        const provider = state.providers.get(slot.provider);
        return state.config.pinned.has(slot.key) || ((slot.foreign || previous?.slots.get(slot.key)?.foreign === true) && state.config.unloadForeign !== 'yes') || provider?.status !== 'up';
      });
      return lasting.length >= state.config.limit ? null : `in line: ${model.id} was refused for the limit of ${state.config.limit}, of which only ${lasting.length} stay`;
    },

    check(before: CoreState, event: CoreEvent, state: CoreState, effects: readonly Effect[]): string | null {
      previous = before;
      if (state.awake - before.awake > 10_000) return 'more than two ticks of idleness were credited';
      if (state.awake < before.awake) return 'credited time ran backwards';
      const begun = effects.flatMap((effect) => (effect.type === 'load' ? [effect.key] : []));
      for (const effect of effects) {
        const later = new Set(effect.type === 'load' ? begun.slice(begun.indexOf(effect.key) + 1) : []);
        const broken = effect.type === 'load' ? admission(before, state, effect.key, later) : effect.type === 'unload' ? eviction(before, event, state, effect.key) : null;
        if (broken) return broken;
      }
      const given = yields.check(before, event, state, effects);
      if (given) return given;
      const unfair = fairness(before, state, effects);
      if (unfair) return unfair;
      for (const job of state.jobs.values()) {
        if (job.waiters.length === 0) return `nobody waits for ${job.key}`;
        for (const waiter of job.waiters) if (!waiting().has(waiter.id)) return `promise 4: ${waiter.id} waits although answered or gone`;
        if (job.state === 'loading' && state.slots.get(job.key)?.state !== 'loading') return `the job of ${job.key} has lost its load`;
      }
      for (const lease of state.leases.values()) {
        const slot = state.slots.get(lease.key);
        if (!slot) return `a lease on ${lease.key}, which is not in memory`;
      }
      for (const slot of state.slots.values()) {
        if (slot.state === 'unloading' && !slot.unload) return `${slot.key} leaves for no reason`;
        if (!Number.isFinite(slot.booked.ram)) return `${slot.key} has no size`;
      }
      return null;
    },

    /** Promises 5 and 6: right after a listing that is still true, the picture is the truth. */
    picture(state: CoreState, provider: SimProvider): string | null {
      for (const key of provider.runners.keys()) {
        // A listing from the moment of an unload is not believed; the next one is.
        const gone = state.goneAt.get(key);
        if (gone !== undefined && state.awake - gone < 12_000) continue;
        if (!state.slots.has(key) && !provider.loading.has(key)) return `promise 6: ${key} is in memory and not in the picture`;
      }
      for (const slot of state.slots.values()) {
        if (slot.provider !== provider.id || provider.runners.has(slot.key)) continue;
        if (slot.state === 'ready' && slot.sinceAwake < state.awake - 12_000) return `promise 6: ${slot.key} is in the picture and not in memory`;
      }
      return null;
    },
  };
}
