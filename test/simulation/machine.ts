import type { Catalog, CoreConfig, HostMemory, KnownModel } from '../../main/core/types.ts';
import type { Random } from './random.ts';

const GIB = 1024 ** 3;

/** What a provider really has in memory. */
export interface Runner {
  key: string;
  modelId: string;
  real: number;
  /** Share of `real` that is mapped from a file. */
  mapped: number;
  contextLength: number;
  lastUsed: number | null;
  busyUntil: number;
  expiresAt: number | null;
  byAirdock: boolean;
}

export interface SimProvider {
  id: string;
  domain: string;
  capacity: number | null;
  /** Whether its processes can be read. */
  readable: boolean;
  ownExpiry: boolean;
  parallel: number;
  up: boolean;
  incarnation: number;
  runners: Map<string, Runner>;
  loading: Map<string, { op: number; cancelled: boolean; done: boolean }>;
  /** Changes of what is in memory, to know whether a listing is still true when it arrives. */
  changes: number;
}

export interface World {
  now: number;
  total: number;
  others: number;
  /** What its OS has for pressure beside figures. */
  tells: 'stalls' | 'level' | 'nothing';
  providers: Map<string, SimProvider>;
  models: KnownModel[];
  realSize: Map<string, number>;
}

export function mappedShare(provider: SimProvider): number {
  return provider.ownExpiry ? 0 : 0.9;
}

/** What the OS of the simulated machine would give: mapped pages stay available. */
export function available(world: World): number {
  let anon = 0;
  for (const provider of world.providers.values()) {
    if (provider.domain !== 'host') continue;
    for (const runner of provider.runners.values()) anon += runner.real * (1 - runner.mapped);
  }
  return Math.max(0, world.total - world.others - anon);
}

/** What the simulated OS says beside its figures: programs wait for memory that is short, and for weights that a busy model reads anew. */
export function signsOf(world: World, random: Random): Pick<HostMemory, 'pressure' | 'level'> {
  const scarce = available(world) < world.total * 0.08;
  const busy = [...world.providers.values()].some((provider) => [...provider.runners.values()].some((runner) => runner.busyUntil > world.now));
  switch (world.tells) {
    case 'stalls': {
      const some = scarce && random.chance(0.7) ? random.between(10, 60) : busy && random.chance(0.3) ? random.between(0, 50) : random.between(0, 4);
      return { pressure: { some, full: some * random.between(0, 0.5) } };
    }
    case 'level':
      return { pressure: null, level: scarce ? random.pick(['normal', 'warning', 'critical']) : random.chance(0.02) ? 'warning' : 'normal' };
    case 'nothing':
      return { pressure: null };
  }
}

export function makeWorld(random: Random): World {
  const total = random.pick([8, 16, 24, 64]) * GIB;
  const readable = random.chance(0.7);
  const make = (id: string, part: Partial<SimProvider>): SimProvider => ({
    id,
    domain: 'host',
    capacity: null,
    readable: true,
    ownExpiry: false,
    parallel: 4,
    up: true,
    incarnation: 0,
    runners: new Map(),
    loading: new Map(),
    changes: 0,
    ...part,
  });
  const providers = [make('llama.cpp', {}), make('ollama', { readable, ownExpiry: true, parallel: 1 })];
  if (random.chance(0.4)) providers.push(make('far', { domain: 'own:far', capacity: random.chance(0.5) ? 16 * GIB : null, readable: false, ownExpiry: true, parallel: 1 }));
  const models: KnownModel[] = [];
  const realSize = new Map<string, number>();
  for (const provider of providers) {
    for (let i = 0; i < 6; i++) {
      const ram = random.pick([0.3, 1, 2, 3.3, 4.7, 6, 9, 13]) * GIB * (total / (16 * GIB)) * random.between(0.7, 1);
      const weights = `${provider.id}:w${i}`;
      models.push(makeModel(`${provider.id}/m${i}`, provider.id, weights, ram, random));
      // A second name of the same weights.
      if (i === 0) models.push({ ...makeModel(`${provider.id}/alias${i}`, provider.id, weights, ram, random), footprint: models[models.length - 1]!.footprint });
      realSize.set(weights, ram * random.between(0.6, 1.3));
    }
  }
  return { now: 1_700_000_000_000, total, others: total * random.between(0.1, 0.4), tells: random.pick(['stalls', 'level', 'nothing']), providers: new Map(providers.map((p) => [p.id, p])), models, realSize };
}

export function makeModel(id: string, provider: string, weights: string, ram: number, random: Random): KnownModel {
  return {
    id,
    name: id.slice(id.indexOf('/') + 1),
    provider,
    weights,
    footprint: { ram, vram: {} },
    source: 'estimated',
    contextLength: 4096,
    maxContextLength: 8192,
    kvBytesPerToken: 100_000,
    idleTimeoutMs: random.pick([60_000, 300_000, 'auto', null] as const),
    enabled: random.chance(0.97),
    overcommit: random.chance(0.03),
    problem: null,
    expectedLoadMs: null,
  };
}

export function catalogOf(models: readonly KnownModel[]): Catalog {
  const byWeights = new Map<string, KnownModel[]>();
  for (const model of models) byWeights.set(model.weights, [...(byWeights.get(model.weights) ?? []), model]);
  return { byId: new Map(models.map((m) => [m.id, m])), byWeights };
}

export function makeConfig(random: Random, world: World): CoreConfig {
  return {
    eviction: random.pick(['value', 'value', 'lru']),
    limit: random.pick([1, 2, 2, 2, 3, 4]),
    autoUnloadIdle: random.chance(0.8),
    idleTimeoutMs: 300_000,
    reserve: random.pick([0, 0, GIB]),
    maxUsage: random.chance(0.2) ? world.total * random.between(0.3, 0.8) : null,
    yield: random.chance(0.8),
    yieldRestore: random.chance(0.5),
    unloadForeign: random.pick(['ask', 'yes', 'no']),
    pinned: new Set(random.chance(0.3) ? [random.pick(world.models).weights] : []),
  };
}
