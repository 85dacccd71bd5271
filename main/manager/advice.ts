import { formatList, type Activity, type Config, type LiveState } from '../../contract/index.ts';
import { domainOf, freeRam } from '../core/room.ts';
import type { CoreState } from '../core/types.ts';

type Advice = LiveState['advice'][number];

const WINDOW_MS = 10 * 60_000;
const RELOADS = 3;
const SWAPS = 4;

/** Suggestions where a default turns out badly for somebody, each with one button. Pure. */
export function adviceFrom(state: CoreState, config: Config, recent: readonly Activity[], now: number): Advice[] {
  return [...foreignQuestion(state), ...reloads(state, config, recent, now), ...swaps(state, recent, now)];
}

function foreignQuestion(state: CoreState): Advice[] {
  if (state.config.unloadForeign !== 'ask') return [];
  const names = [...state.slots.values()].filter((s) => s.foreign).map((s) => s.name);
  if (names.length === 0) return [];
  return [
    {
      id: 'unload-foreign',
      text: `${formatList(names)} ${names.length === 1 ? 'was' : 'were'} loaded by another program. May Airdock unload models of other programs when they are unused?`,
      action: { label: 'Yes, when unused', operation: 'configSet', input: { set: { 'models.unload_foreign': 'yes' } } },
    },
  ];
}

/** The same model loaded again and again after idle unloads. */
function reloads(state: CoreState, config: Config, recent: readonly Activity[], now: number): Advice[] {
  const fresh = recent.filter((a) => now - a.at < WINDOW_MS && a.model !== null);
  const models = new Set(fresh.filter((a) => a.kind === 'unloaded' && a.reason === 'idle').map((a) => a.model!));
  return [...models].flatMap((id) => {
    const times = fresh.filter((a) => a.model === id && a.kind === 'loaded').length;
    const model = state.catalog.byId.get(id);
    if (times < RELOADS || !model || model.idleTimeoutMs === null) return [];
    return [
      {
        id: `keep:${id}`,
        text: `${model.name} was loaded ${times} times in 10 minutes because it was unloaded each time it was idle. Keep it while there is room?`,
        action: { label: 'Keep it while there is room', operation: 'configSet', input: { set: { [`models.overrides.${model.id}`]: { ...config.models.overrides[model.id], idle_timeout_seconds: null } } } },
      },
    ];
  });
}

/** Two models that push each other out for the limit alone. */
function swaps(state: CoreState, recent: readonly Activity[], now: number): Advice[] {
  const forRoom = recent.filter((a) => now - a.at < WINDOW_MS && a.kind === 'unloaded' && a.reason === 'room' && a.forModel !== null);
  const pairs = new Map<string, number>();
  for (const a of forRoom) {
    const pair = [a.model!, a.forModel!].sort().join('\n');
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return [...pairs].flatMap(([pair, count]) => {
    const models = pair.split('\n').flatMap((id) => state.catalog.byId.get(id) ?? []);
    const [a, b] = models;
    if (count < SWAPS || !a || !b) return [];
    // Only where the limit, not the memory, is what makes them alternate.
    const free = freeRam(state, domainOf(state, a.provider));
    const missing = [a, b].filter((model) => !state.slots.has(model.weights)).reduce((sum, model) => sum + model.footprint.ram, 0);
    if (free !== null && free < missing) return [];
    const limit = state.config.limit + 1;
    return [
      {
        id: `limit:${limit}`,
        text: `${a.name} and ${b.name} replaced each other ${count} times in 10 minutes although there is room for both. Allow ${limit} models?`,
        action: { label: `Allow ${limit} models`, operation: 'configSet', input: { set: { 'models.max_concurrent_loaded': limit } } },
      },
    ];
  });
}
