import { formatList, type Activity, type Config, type Footprint, type LiveState } from '../../contract/index.ts';
import { ollamaModelsPerCard, ollamaStandardLimit } from '../../contract/ollama-limit.ts';
import { domainOf, fitsIn, roomSoon } from '../core/room.ts';
import type { CoreState, KnownModel } from '../core/types.ts';

type Advice = LiveState['advice'][number];

const WINDOW_MS = 10 * 60_000;
const RELOADS = 3;
const SWAPS = 4;

/** Suggestions where a default turns out badly for somebody, each with one button. Pure. */
export function adviceFrom(state: CoreState, config: Config, recent: readonly Activity[], now: number): Advice[] {
  return [...foreignQuestion(state), ...reloads(state, config, recent, now), ...higherLimit(state, recent, now)];
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
  if (!state.config.autoUnloadIdle) return [];
  const fresh = recent.filter((a) => now - a.at < WINDOW_MS && a.model !== null);
  // What somebody asked to be unloaded was not unloaded by a setting.
  const models = new Set(fresh.filter((a) => a.kind === 'unloaded' && a.reason === 'idle' && a.by === null).map((a) => a.model!));
  return [...models].flatMap((id) => {
    const times = fresh.filter((a) => a.model === id && a.kind === 'loaded').length;
    const model = state.catalog.byId.get(id);
    if (times < RELOADS || !model || typeof model.idleTimeoutMs !== 'number' || state.config.pinned.has(model.weights)) return [];
    return [
      {
        id: `keep:${id}`,
        text: `${model.name} was loaded ${times} times in 10 minutes because it was unloaded each time it was idle. Keep it while there is room?`,
        action: { label: 'Keep it while there is room', operation: 'configSet', input: { set: { [`models.overrides.${model.id}`]: { ...config.models.overrides[model.id], idle_timeout_seconds: null } } } },
      },
    ];
  });
}

/** The limit alone stands in the way although there is room: models push each other out, one makes room, or one is refused. One suggestion, the gravest. */
function higherLimit(state: CoreState, recent: readonly Activity[], now: number): Advice[] {
  // What happened under another limit says nothing about this one.
  const fresh = recent.filter((a) => now - a.at < WINDOW_MS && a.at >= state.limitSince);
  const found = swap(state, fresh) ?? forcedOut(state, fresh) ?? refused(state, fresh);
  if (!found) return [];
  const limit = state.config.limit + 1;
  const ollama = found.models.some((model) => state.providers.get(model.provider)?.ownExpiry) ? ollamasOwnLimit(state, limit) : '';
  return [
    {
      id: `limit:${limit}`,
      text: `${found.text} Allow ${limit} models?${ollama}`,
      action: { label: `Allow ${limit} models`, operation: 'configSet', input: { set: { 'models.max_concurrent_loaded': limit } } },
    },
  ];
}

interface Found {
  text: string;
  models: KnownModel[];
}

function swap(state: CoreState, fresh: readonly Activity[]): Found | null {
  const pairs = new Map<string, number>();
  for (const a of fresh.filter(madeRoom)) {
    const pair = [a.model!, a.forModel!].sort().join('\n');
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  for (const [pair, count] of [...pairs].sort((one, other) => other[1] - one[1])) {
    const [a, b] = known(state, pair.split('\n'));
    if (count >= SWAPS && a && b && wouldFit(state, [a, b])) return { text: `${a.name} and ${b.name} replaced each other ${count} times in 10 minutes.`, models: [a, b] };
  }
  return null;
}

/** The core has noted that places enough would have let it stay. */
function forcedOut(state: CoreState, fresh: readonly Activity[]): Found | null {
  for (const a of fresh.filter((entry) => madeRoom(entry) && entry.code === 'limit-reached')) {
    const [gone, newcomer] = known(state, [a.model!, a.forModel!]);
    if (gone && newcomer && wouldFit(state, [gone, newcomer])) return { text: `${gone.name} had to go for ${newcomer.name} although there is room for both.`, models: [gone, newcomer] };
  }
  return null;
}

function refused(state: CoreState, fresh: readonly Activity[]): Found | null {
  for (const a of fresh.filter((entry) => entry.kind === 'refused' && entry.code === 'limit-reached' && entry.model !== null)) {
    const [model] = known(state, [a.model!]);
    if (model && wouldFit(state, [model])) return { text: `${model.name} was not loaded because of the limit of ${state.config.limit}, although there is room for it.`, models: [model] };
  }
  return null;
}

function madeRoom(entry: Activity): boolean {
  return entry.kind === 'unloaded' && entry.reason === 'room' && entry.model !== null && entry.forModel !== null;
}

/** All of them, in that order, or none where one is no longer installed. */
function known(state: CoreState, ids: readonly string[]): KnownModel[] {
  const models = ids.flatMap((id) => state.catalog.byId.get(id) ?? []);
  return models.length === ids.length ? models : [];
}

/** Some are missing from memory, all places there are taken, and those that are missing would find room beside the others. */
function wouldFit(state: CoreState, models: readonly KnownModel[]): boolean {
  const missing = models.filter((model) => !state.slots.has(model.weights));
  const first = missing[0];
  if (!first) return false;
  const room = roomSoon(state, domainOf(state, first.provider), null);
  if (room.slots > 0) return false;
  const need = missing.reduce((sum, model) => addNeed(sum, model.footprint), nothing);
  return fitsIn(need, { ...room, slots: 1 });
}

const nothing: Footprint = { ram: 0, vram: {} };

function addNeed(one: Footprint, other: Footprint): Footprint {
  const vram = { ...one.vram };
  for (const [device, bytes] of Object.entries(other.vram)) vram[device] = (vram[device] ?? 0) + bytes;
  return { ram: one.ram + other.ram, vram };
}

/** It cannot be asked for: what Ollama does where nobody has set it, once more models are offered than that. */
function ollamasOwnLimit(state: CoreState, wanted: number): string {
  const cards = state.memory?.vram.length ?? 0;
  const own = ollamaStandardLimit(cards);
  if (wanted <= own) return '';
  const each = cards > 0 ? ` (${ollamaModelsPerCard} for each graphics card)` : '';
  return ` Ollama has a limit of its own: ${own} models${each} unless OLLAMA_MAX_LOADED_MODELS says otherwise and may have to be raised too.`;
}
