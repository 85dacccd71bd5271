import { GIB, type Fit, type InstalledModel, type LoadedModel, type MemoryView, type ProviderView } from '../../contract/index.ts';
import { freeRam, otherPrograms, ramHeld, reserveOf, slotsIn } from '../core/room.ts';
import { decide, fitOf, wishFor } from '../core/plan.ts';
import { overSentence } from '../core/sentences.ts';
import { idleMs, idleTimeoutOf, inUse, isAutoIdle, isPinned, leasesOf, unloadsAt } from '../core/standing.ts';
import { sharedSurroundings } from '../core/surroundings.ts';
import type { CoreState, Job, KnownModel, Slot } from '../core/types.ts';
import type { MemoryReading } from '../memory/memory.ts';
import type { Provider, ProviderStatus } from '../providers/provider.ts';
import type { Library } from './catalog.ts';
import type { LastUnload } from './last-unloads.ts';

/** A tenth of what is called a GB on a screen. */
const MISSING_STEP = GIB / 10;

/** The core's state as people and clients see it. Pure. */

export function loadedView(state: CoreState, library: Library): LoadedModel[] {
  const slots = [...state.slots.values()].map((slot) => slotView(state, library, slot));
  const reserved = [...state.jobs.values()].filter((job) => job.state === 'reserved' && !state.slots.has(job.key)).map((job) => reservedView(state, library, job));
  return [...slots, ...reserved].sort((a, b) => (a.loadedAt ?? a.since) - (b.loadedAt ?? b.since) || (a.id < b.id ? -1 : 1));
}

function slotView(state: CoreState, library: Library, slot: Slot): LoadedModel {
  const goes = unloadsAt(state, slot);
  const resident = state.memory?.resident.get(slot.key) ?? null;
  return {
    id: slot.modelId,
    name: slot.name,
    aliases: aliasesOf(library, slot),
    provider: slot.provider,
    weights: slot.key,
    // Who still answers somebody is leaving, not refusing to.
    state: slot.state === 'stuck' && slot.busy ? 'unloading' : slot.state,
    ramUsed: ramHeld(state, slot),
    footprint: slot.booked,
    footprintSource: slot.source,
    resident: resident ? { anon: resident.anon, file: resident.file } : null,
    device: slot.device,
    cpuSinceWake: isOnCpuSinceWake(state, slot),
    contextLength: slot.contextLength,
    loadedAt: slot.loadedAt,
    lastUsed: slot.lastUsedAt,
    lastUsedFrom: slot.lastUsedFrom,
    idleMs: slot.state === 'ready' ? idleMs(state, slot) : 0,
    unloadsAt: goes?.at ?? null,
    unloadsBy: goes?.by ?? null,
    idleTimeoutMs: idleTimeoutOf(state, slot),
    ...(isAutoIdle(state, slot) ? { autoIdle: true as const } : {}),
    inUse: inUse(state, slot),
    uses: leasesOf(state, slot.key).map((l) => ({ id: l.id, holder: l.holder, since: l.since })),
    pinned: isPinned(state, slot),
    foreign: slot.foreign,
    loadedBy: slot.loadedBy,
    progress: slot.progress,
    expectedLoadMs: library.core.byId.get(slot.modelId)?.expectedLoadMs ?? null,
    since: slot.since,
    pid: slot.pid,
    canEnd: slot.state === 'stuck' && slot.canEnd && !slot.busy,
  };
}

/** Graphics drivers are known to be lost in sleep: a model that ran there before is loaded into RAM after it, and slow. */
function isOnCpuSinceWake(state: CoreState, slot: Slot): boolean {
  if (slot.state !== 'ready' || slot.device !== 'cpu' || state.wokeAt === null || !state.ranOnGpu.has(slot.key)) return false;
  return (slot.loadedAt ?? slot.since) >= state.wokeAt;
}

function aliasesOf(library: Library, slot: Slot): string[] {
  return (library.core.byWeights.get(slot.key) ?? []).filter((m) => m.id !== slot.modelId).map((m) => m.name);
}

function reservedView(state: CoreState, library: Library, job: Job): LoadedModel {
  const model = library.core.byId.get(job.modelId);
  return {
    id: job.modelId,
    name: model?.name ?? job.modelId,
    aliases: [],
    provider: model?.provider ?? '',
    weights: job.key,
    state: 'reserved',
    ramUsed: job.need.ram,
    footprint: job.need,
    footprintSource: job.source,
    resident: null,
    device: 'unknown',
    cpuSinceWake: false,
    contextLength: job.contextLength ?? model?.contextLength ?? null,
    loadedAt: null,
    lastUsed: null,
    lastUsedFrom: 'unknown',
    idleMs: 0,
    unloadsAt: null,
    unloadsBy: null,
    idleTimeoutMs: typeof model?.idleTimeoutMs === 'number' ? model.idleTimeoutMs : null,
    inUse: false,
    uses: [],
    pinned: state.config.pinned.has(job.key),
    foreign: false,
    loadedBy: job.by,
    progress: null,
    expectedLoadMs: model?.expectedLoadMs ?? null,
    since: job.since,
    pid: null,
    canEnd: false,
  };
}

export function memoryView(state: CoreState, reading: MemoryReading | null): MemoryView | null {
  if (!state.memory || !reading) return null;
  const free = freeRam(state, 'host') ?? 0;
  const slots = slotsIn(state, 'host');
  const held = slots.reduce((sum, slot) => sum + ramHeld(state, slot), 0);
  const { cgroupLimit, total } = state.memory;
  const fromCgroup = cgroupLimit !== null && cgroupLimit < total ? cgroupLimit : null;
  const fromConfig = state.config.maxUsage;
  const limit =
    fromConfig !== null && fromConfig < (fromCgroup ?? total)
      ? { bytes: fromConfig, from: 'config' as const }
      : fromCgroup !== null
        ? { bytes: fromCgroup, from: 'cgroup' as const }
        : null;
  return {
    at: state.memory.at,
    total,
    capacity: held + free,
    free,
    models: held,
    otherPrograms: otherPrograms(state),
    reserve: reserveOf(state),
    limit,
    overBudget: state.over
      ? { bytes: state.over.bytes, since: state.over.since, sentence: `${overSentence(state.over.bytes, reserveOf(state))} Nothing more is loaded until that is over.` }
      : null,
    pressure: state.memory.pressure,
    unified: reading.unified,
    vram: reading.vram,
  };
}

export function providerView(state: CoreState, library: Library, provider: Provider, status: ProviderStatus | null, since: number): ProviderView {
  const known = state.providers.get(provider.id);
  return {
    id: provider.id,
    kind: provider.kind,
    label: provider.label,
    status: status?.status ?? 'starting',
    since,
    version: status?.version ?? null,
    url: status?.url ?? null,
    problem: status?.problem ?? null,
    memory: status?.memory ?? 'host',
    installed: library.models.filter((m) => m.provider === provider.id).length,
    advice: status?.advice ?? [],
    lost: (known?.lost ?? []).filter((id) => !stillThere(state, library, id)).map((id) => ({ id, name: library.names.get(id) ?? id })),
  };
}

function stillThere(state: CoreState, library: Library, id: string): boolean {
  const weights = library.byId.get(id)?.weights;
  return weights !== undefined && state.slots.has(weights);
}

/** What is missing, in the steps in which it is shown: exact bytes would make every list new each second. */
function inSteps(fit: Fit): Fit {
  return fit.missing === undefined ? fit : { ...fit, missing: Math.round(Math.ceil(fit.missing / MISSING_STEP) * MISSING_STEP) };
}

/** Installed models with how each would fit now, and why each last left memory. */
export function installedView(state: CoreState, library: Library, lastUnload: (modelId: string) => LastUnload | null): InstalledModel[] {
  const shared = sharedSurroundings(state, true);
  return library.models.map((model) => {
    const known = library.core.byId.get(model.id)!;
    const wish = wishFor(known, null, true);
    // Whatever context it is in memory with: nobody has asked for another.
    const learned = reportedSize(state, known);
    const fit = inSteps(fitOf(decide(state, { ...wish, contextLength: null }, shared)));
    return {
      id: model.id,
      name: known.name,
      provider: model.provider,
      weights: model.weights,
      sizeBytes: model.sizeBytes,
      ...learned,
      contextLength: model.contextLength,
      maxContextLength: model.maxContextLength,
      family: model.family,
      parameterSize: model.parameterSize,
      quantization: model.quantization,
      capabilities: model.capabilities,
      sample: model.sample,
      ...(model.elsewhere === 'online' ? { online: true as const } : {}),
      pinned: state.config.pinned.has(model.weights),
      problem: model.problem,
      fit,
      expectedLoadMs: known.expectedLoadMs,
      lastUnload: state.slots.has(model.weights) ? null : lastUnloadOf(library, model.weights, lastUnload),
    };
  });
}

/** While it is in memory, what its server reports is better than an estimate; what was measured or is configured is better still. */
function reportedSize(state: CoreState, known: KnownModel): Pick<InstalledModel, 'footprint' | 'footprintSource'> {
  const slot = state.slots.get(known.weights);
  const reported = known.source === 'estimated' && slot?.source === 'reported' && slot.state !== 'loading' && (known.contextLength === null || slot.contextLength === known.contextLength);
  return reported ? { footprint: slot.booked, footprintSource: slot.source } : { footprint: known.footprint, footprintSource: known.source };
}

/** It may have been in memory under another name. */
function lastUnloadOf(library: Library, weights: string, lastUnload: (modelId: string) => LastUnload | null): LastUnload | null {
  let newest: LastUnload | null = null;
  for (const { id } of library.core.byWeights.get(weights) ?? []) {
    const last = lastUnload(id);
    if (last && (newest === null || last.activity > newest.activity)) newest = last;
  }
  return newest;
}
