import type { CoreEvent, Effect } from '../../main/core/events.ts';
import type { CoreState } from '../../main/core/types.ts';

const GIB = 1024 ** 3;

/** What one reading tells of other programs, by this file's own arithmetic. */
interface Look {
  /** What they hold. */
  others: number;
  /** Signs of need, as weak as they may be while a model still goes for them. */
  signs: boolean;
  over: boolean;
}

/**
 * The promises about memory that is given back to other programs: only for them, not for what own loads make, one model at a time, and what
 * comes back does so once. Told apart from the core's own arithmetic, so that a fault there does not hide itself.
 */
export function createYieldInvariants(isHost: (provider: string) => boolean) {
  let loadEnded = -Infinity;
  let least: number | null = null;
  let grown = 0;
  let lastYield = -Infinity;
  const yields = new Map<string, number>();
  const returns = new Map<string, { count: number; at: number }>();

  function look(state: CoreState): Look {
    const memory = state.memory!;
    let anon = 0;
    let held = 0;
    for (const slot of state.slots.values()) {
      if (!isHost(slot.provider)) continue;
      const resident = memory.resident.get(slot.key);
      const own = resident ? resident.anon : slot.state !== 'loading' && slot.pid === null ? slot.booked.ram : 0;
      anon += own;
      held += Math.max(slot.booked.ram, resident ? resident.anon + resident.file : 0);
    }
    const few = Math.min(GIB, Math.max(GIB / 4, memory.total * 0.03)) * 2;
    const stalled = memory.pressure !== null && (memory.pressure.some >= 10 || memory.pressure.full >= 2.5);
    return {
      others: Math.max(0, memory.total - memory.available - anon),
      signs: memory.available < few || stalled || (memory.level ?? 'normal') !== 'normal',
      over: held > memory.available + anon - state.config.reserve || held > (state.config.maxUsage ?? Infinity),
    };
  }

  function isBlind(state: CoreState): boolean {
    return state.awake - loadEnded < 10_000 || [...state.slots.values()].some((slot) => slot.state === 'loading' && isHost(slot.provider));
  }

  function unloaded(state: CoreState, key: string): string | null {
    const slot = state.slots.get(key)!;
    if (slot.unload?.reason !== 'pressure') return null;
    const auto = state.catalog.byId.get(slot.modelId)?.idleTimeoutMs === 'auto' && state.config.autoUnloadIdle;
    if (state.pause || (!state.config.yield && !auto)) return `yield: ${key} went although that is switched off`;
    if (isBlind(state)) return `yield: ${key} went for what an own load made`;
    if (state.awake - slot.lastUsedAwake < 10_000) return `yield: ${key} went although it was used just now`;
    const now = look(state);
    if (!now.over && !now.signs) return `yield: ${key} went although nothing is short`;
    if (!now.over && grown < state.memory!.total * 0.01) return `yield: ${key} went although no other program has grown`;
    if ([...state.slots.values()].some((other) => other.key !== key && other.state === 'unloading' && other.unload?.reason === 'pressure' && other.sinceAwake === state.awake)) return 'yield: two went at once';
    lastYield = state.awake;
    yields.set(key, (yields.get(key) ?? 0) + 1);
    return null;
  }

  function returned(state: CoreState, modelId: string): string | null {
    const key = state.catalog.byId.get(modelId)!.weights;
    const before = returns.get(key);
    const count = (before?.count ?? 0) + 1;
    if (!state.config.yieldRestore) return `yield: ${key} comes back although that is switched off`;
    if (state.freeze || state.hold || state.jobs.size > 0) return `yield: ${key} comes back past what people want`;
    if (count > (yields.get(key) ?? 0)) return `yield: ${key} comes back more often than it went`;
    if (before && state.awake - before.at < 3_600_000) return `yield: ${key} comes back again and again`;
    if (state.awake - lastYield < 60_000) return `yield: ${key} comes back although memory was short just now`;
    if (state.slots.has(key)) return `yield: ${key} comes back although it is there`;
    returns.set(key, { count, at: state.awake });
    return null;
  }

  return {
    check(before: CoreState, event: CoreEvent, state: CoreState, effects: readonly Effect[]): string | null {
      if (event.type === 'load-ended' && before.slots.get(event.key)?.state === 'loading' && before.slots.get(event.key)?.op === event.op) loadEnded = state.awake;
      if (isBlind(state)) {
        least = null;
        grown = 0;
      } else if (event.type === 'memory') {
        const { others } = look(before.memory === null ? state : { ...before, memory: event.memory });
        least = Math.min(least ?? others, others);
        grown = Math.max(grown, others - least);
      }
      for (const effect of effects) {
        const broken = effect.type === 'unload' ? unloaded(state, effect.key) : effect.type === 'load-again' ? returned(state, effect.modelId) : null;
        if (broken) return broken;
        if (effect.type === 'unload') {
          const newcomer = state.slots.get(effect.key)?.unload?.forModel;
          const job = newcomer ? [...state.jobs.values()].find((one) => one.modelId === newcomer) : undefined;
          if (job?.by === 'Airdock' && !job.force) {
            const slot = state.slots.get(effect.key)!;
            const model = state.catalog.byId.get(slot.modelId);
            const free = model?.idleTimeoutMs === 'auto' ? 300_000 : (model?.idleTimeoutMs ?? Infinity);
            if (state.awake - slot.lastUsedAwake < free) return `yield: ${effect.key} makes room for ${job.key}, which nobody asked for`;
          }
        }
      }
      return null;
    },
  };
}
