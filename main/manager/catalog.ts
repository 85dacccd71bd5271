import { GIB, type Config, type Footprint, type IdleSeconds, type ModelOverride } from '../../contract/index.ts';
import type { Catalog, CoreConfig, IdleTimeout, KnownModel } from '../core/types.ts';
import type { LearnedStore } from '../memory/memory.ts';
import type { CatalogModel } from '../providers/provider.ts';
import { resolveName, shortNames } from './names.ts';

/** What providers list, with names resolved and the user's settings and measurements applied. */
export interface Library {
  models: readonly CatalogModel[];
  names: ReadonlyMap<string, string>;
  core: Catalog;
  byId: ReadonlyMap<string, CatalogModel>;
}

export function buildLibrary(models: readonly CatalogModel[], config: Config, learned: LearnedStore): Library {
  const names = shortNames(models);
  const overrides = overridesById(models, config.models.overrides);
  const byId = new Map<string, KnownModel>();
  const byWeights = new Map<string, KnownModel[]>();
  for (const model of models) {
    const known = know(model, names.get(model.id) ?? model.id, overrides.get(model.id) ?? {}, config, learned);
    byId.set(model.id, known);
    byWeights.set(model.weights, [...(byWeights.get(model.weights) ?? []), known]);
  }
  return { models, names, core: { byId, byWeights }, byId: new Map(models.map((m) => [m.id, m])) };
}

function overridesById(models: readonly CatalogModel[], overrides: Config['models']['overrides']): Map<string, ModelOverride> {
  const found = new Map<string, ModelOverride>();
  for (const [name, override] of Object.entries(overrides)) {
    const resolved = resolveName(models, name);
    // The same model can be meant by several spellings of its name.
    if (resolved.ok) found.set(resolved.model.id, { ...found.get(resolved.model.id), ...override });
  }
  return found;
}

function know(model: CatalogModel, name: string, override: ModelOverride, config: Config, learned: LearnedStore): KnownModel {
  const known = learned.footprint({ weights: model.weights, contextLength: model.contextLength, settings: model.settings });
  const raised = raise(known && known.source !== 'estimated' ? known : atLeast(model.estimate, known), override);
  return {
    id: model.id,
    name,
    provider: model.provider,
    weights: model.weights,
    footprint: raised.footprint,
    source: raised.raised ? 'configured' : (known?.source ?? 'estimated'),
    contextLength: model.contextLength,
    kvBytesPerToken: model.kvBytesPerToken ?? null,
    maxContextLength: model.maxContextLength,
    idleTimeoutMs: idleTimeout(override.idle_timeout_seconds === undefined ? config.models.idle_timeout_seconds : override.idle_timeout_seconds),
    enabled: override.enabled ?? true,
    overcommit: override.overcommit ?? false,
    problem: model.problem,
    expectedLoadMs: learned.loadMs(model.weights),
    ...(model.elsewhere === undefined ? {} : { elsewhere: model.elsewhere }),
  };
}

function idleTimeout(seconds: IdleSeconds | null): IdleTimeout {
  return typeof seconds === 'number' ? seconds * 1000 : seconds;
}

/** What ran out of memory with less takes at least that, and what its header tells. */
function atLeast(estimate: Footprint, correction: Footprint | null): Footprint {
  if (!correction) return estimate;
  const vram = { ...estimate.vram };
  for (const [device, bytes] of Object.entries(correction.vram)) vram[device] = Math.max(vram[device] ?? 0, bytes);
  return { ram: Math.max(estimate.ram, correction.ram), vram };
}

/** A configured size raises a footprint, never lowers it. */
function raise(footprint: Footprint, override: ModelOverride): { footprint: Footprint; raised: boolean } {
  const configured = (override.ram_gb ?? 0) * GIB;
  if (configured <= footprint.ram) return { footprint: { ram: footprint.ram, vram: footprint.vram }, raised: false };
  return { footprint: { ram: configured, vram: footprint.vram }, raised: true };
}

export function coreConfig(config: Config, models: readonly CatalogModel[]): CoreConfig {
  const pinned = new Set<string>();
  for (const name of config.models.pinned) {
    const resolved = resolveName(models, name);
    if (resolved.ok) pinned.add(resolved.model.weights);
  }
  return {
    eviction: config.models.eviction,
    limit: config.models.max_concurrent_loaded,
    autoUnloadIdle: config.models.auto_unload_idle,
    idleTimeoutMs: idleTimeout(config.models.idle_timeout_seconds),
    reserve: config.memory.reserve_gb * GIB,
    maxUsage: config.memory.max_ram_usage_gb === null ? null : config.memory.max_ram_usage_gb * GIB,
    yield: config.memory.yield,
    yieldRestore: config.memory.yield_restore,
    unloadForeign: config.models.unload_foreign,
    pinned,
  };
}
