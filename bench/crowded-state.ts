import { defaultConfig, GIB, type Config } from '../contract/index.ts';
import { followersOf, MAX_FOLLOWERS, MAX_KNOWN, MAX_PAIRS, MAX_TIMES, type Demand, type Followers, type Uses } from '../main/core/demand.ts';
import { RATE_KINDS, START_WEIGHTS } from '../main/core/predict.ts';
import { MAX_LATEST, noRecency } from '../main/core/recency.ts';
import { initialState, step } from '../main/core/step.ts';
import type { CoreEvent } from '../main/core/events.ts';
import type { CoreState, KnownModel } from '../main/core/types.ts';
import { buildLibrary, coreConfig, type Library } from '../main/manager/catalog.ts';
import type { LearnedStore } from '../main/memory/memory.ts';
import type { CatalogModel } from '../main/providers/provider.ts';

const AT = 1_700_000_000_000;
const PROVIDER = 'llama.cpp';

export interface CrowdedState {
  state: CoreState;
  library: Library;
  /** Models that are not in memory, one of each kind of answer. */
  newcomers: { oneGoes: KnownModel; manyGo: KnownModel; tooBig: KnownModel };
}

/** The core with `loaded` models in memory, none of it free, at the limit, and `installed` to choose from: what a plan may cost at most. */
export function crowdedState({ loaded, installed }: { loaded: number; installed: number }): CrowdedState {
  const total = 64 * GIB;
  const each = total / loaded;
  // Behind the loaded ones sizes go round: smaller than a loaded one, as large as most of them, larger than the machine.
  const sizes = [each / 2, each * (loaded - 1), total * 2];
  const models = Array.from({ length: installed }, (_, i) => catalogModel(i, i < loaded ? each : sizes[(i - loaded) % sizes.length]!));
  const config: Config = { ...defaultConfig, models: { ...defaultConfig.models, max_concurrent_loaded: loaded } };
  const library = buildLibrary(models, config, nothingLearned);
  const seen = models.slice(0, loaded).map((model, i) => ({
    key: model.weights,
    modelId: model.id,
    name: library.names.get(model.id) ?? model.id,
    footprint: model.estimate,
    contextLength: model.contextLength,
    device: 'cpu' as const,
    pid: 1000 + i,
    canEnd: true,
    expiresAt: null,
    lastUsed: AT - i * 1000,
    busy: false,
  }));
  const resident = new Map(seen.map((slot) => [slot.key, { anon: slot.footprint.ram / 8, file: (slot.footprint.ram / 8) * 7 }]));
  const anon = [...resident.values()].reduce((sum, held) => sum + held.anon, 0);
  const at = AT;
  const events: CoreEvent[] = [
    { at, type: 'config', config: { ...coreConfig(config, models), unloadForeign: 'yes' } },
    { at, type: 'catalog', catalog: library.core },
    { at, type: 'memory', memory: { at, total, available: total - anon, cgroupLimit: null, pressure: { some: 0, full: 0 }, vram: [], resident } },
    { at, type: 'provider', provider: { id: PROVIDER, status: 'up', problem: null, domain: 'host', ownCapacity: null, parallelLoads: 2, revivesStuck: false, ownExpiry: false, incarnation: null } },
    { at, type: 'observed', provider: PROVIDER, asOf: 0, loaded: seen },
  ];
  const known = demandFor(models.map(({ weights }) => weights));
  const state = { ...events.reduce((before, event) => step(before, event).state, initialState(coreConfig(config, models), at)), demand: known };
  const newcomer = (kind: number): KnownModel => library.core.byId.get(models[loaded + kind]!.id)!;
  return { state, library, newcomers: { oneGoes: newcomer(0), manyGo: newcomer(1), tooBig: newcomer(2) } };
}

/** As much as is ever kept: each model with all the followers, pairs and times there can be. */
function demandFor(weights: readonly string[]): Demand {
  const kept = weights.slice(0, MAX_KNOWN);
  const counts = RATE_KINDS.map((_, i) => 1 + i);
  const followers = (i: number): Followers => followersOf(Array.from({ length: MAX_FOLLOWERS }, (_, j) => [(i * 7 + j * 13 + 1) % kept.length, 1 + j] as const));
  const known = kept.map((key, i): Uses => ({
    key,
    at: AT - i * 1000,
    use: kept.length - i,
    counts,
    followers: followers(i),
    pairs: Array.from({ length: MAX_PAIRS }, (_, j) => [j, followers(i + j)] as const),
    times: Array.from({ length: MAX_TIMES }, (_, j) => AT - (i + 1) * 1000 - (MAX_TIMES - j) * 60_000),
  }));
  const all = { at: AT, use: kept.length, counts: counts.map((count) => count * kept.length) };
  return { ids: new Map(kept.map((key, i) => [key, i])), known, all, last: kept[0] ?? null, previous: kept[1] ?? null, recency: { ...noRecency, latest: kept.slice(0, MAX_LATEST).map((_, i) => i) }, weights: START_WEIGHTS };
}

function catalogModel(i: number, ram: number): CatalogModel {
  const providerName = `family-${i % 40}-${i}`;
  return {
    id: `${PROVIDER}/${providerName}`,
    provider: PROVIDER,
    providerName,
    weights: `/models/${providerName}.gguf`,
    sizeBytes: ram * 0.9,
    estimate: { ram, vram: {} },
    contextLength: 4096,
    kvBytesPerToken: 131_072,
    maxContextLength: 131_072,
    family: 'llama',
    parameterSize: '8B',
    quantization: 'Q4_K_M',
    capabilities: ['completion'],
    sample: false,
    settings: 'cpu',
    problem: null,
  };
}

const nothingLearned: LearnedStore = {
  footprint: () => null,
  recordFootprint: () => undefined, recordStay: () => undefined, tellOnce: () => false,
  recordCorrection: () => undefined,
  loadMs: () => null,
  recordLoad: () => undefined,
  context: () => null,
  recordContext: () => undefined,
  flush: async () => undefined,
};
