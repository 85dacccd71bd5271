import { formatBytes, formatList, problem } from '../../contract/index.ts';
import { nextSeq, patchJob, patchSlot, setSlotState, type Draft } from './draft.ts';
import { KEEP_ALIVE_GRACE_MS } from './limits.ts';
import { contextToLoad } from './plan.ts';
import { idleTimeoutOf, isPinned } from './standing.ts';
import type { CoreState, Job, KnownModel, Slot } from './types.ts';

/** Whether its provider takes another load now. */
export function canStart(draft: Draft, model: KnownModel): boolean {
  const provider = draft.providers.get(model.provider);
  if (!provider || provider.status !== 'up') return false;
  let loading = 0;
  for (const slot of draft.slots.values()) {
    if (slot.state !== 'loading') continue;
    if (slot.provider === model.provider) loading += 1;
    // Somebody is trying a load that may not fit: nothing else starts beside it.
    if (slot.tryOnce) return false;
  }
  return loading < provider.parallelLoads;
}

export function startLoad(draft: Draft, job: Job, model: KnownModel, existing: Slot | null): void {
  const op = nextSeq(draft);
  const contextLength = existing ? existing.contextLength : (contextToLoad(model, job.contextLength, job.atLeast) ?? model.contextLength);
  const base: Slot = existing ?? {
    key: job.key,
    modelId: model.id,
    name: model.name,
    provider: model.provider,
    state: 'loading',
    op,
    cancelling: false,
    booked: job.need,
    source: job.source,
    pid: null,
    canEnd: false,
    contextLength,
    device: 'unknown',
    loadedAt: null,
    since: draft.now,
    sinceAwake: draft.awake,
    lastUsedAt: null,
    lastUsedAwake: draft.awake,
    lastUsedFrom: 'unknown',
    busy: false,
    foreign: false,
    loadedBy: job.by,
    expiresAt: null,
    armedMs: null,
    progress: null,
    tryOnce: job.tryOnce,
    unload: null,
  };
  if (existing) for (const waiter of existing.unload?.waiters ?? []) {
    draft.effects.push({ type: 'answer-unload', waiter, answer: { ok: false, problem: problem('in-use', `${existing.name} was asked for again while it was leaving.`) } });
  }
  const slot = setSlotState(draft, base, 'loading', { modelId: model.id, name: model.name, op, cancelling: false, progress: null, unload: null, foreign: false, loadedBy: job.by });
  const keepAliveMs = keepAliveFor(draft, slot);
  patchSlot(draft, slot, { armedMs: keepAliveMs });
  patchJob(draft, job, { state: 'loading', startedAt: draft.now });
  draft.effects.push({ type: 'load', key: job.key, op, modelId: model.id, provider: model.provider, contextLength, keepAliveMs });
}

/** How long a provider with an expiry of its own is told to keep a model of ours, ms. */
export function keepAliveFor(state: CoreState, slot: Slot): number {
  const timeout = idleTimeoutOf(state, slot);
  if (!state.config.autoUnloadIdle || timeout === null || isPinned(state, slot) || state.pause) return Infinity;
  return timeout + KEEP_ALIVE_GRACE_MS;
}

/** What a finished load is told as. */
export function loadedText(slot: Slot, job: Job | undefined, tookMs: number): string {
  const room = job && job.unloaded.length > 0 ? ` after ${formatList(job.unloaded.map((u) => u.name))} made room` : '';
  return `${slot.name} was loaded in ${(tookMs / 1000).toFixed(1)} s${room}: ${formatBytes(slot.booked.ram)}.`;
}

/** The same for a model that had gone for other programs. */
export function loadedAgainText(slot: Slot, tookMs: number): string {
  return `${slot.name} was loaded again in ${(tookMs / 1000).toFixed(1)} s, since other programs no longer need its memory: ${formatBytes(slot.booked.ram)}.`;
}

export function hasLoadPending(state: CoreState, provider: string): boolean {
  for (const slot of state.slots.values()) if (slot.provider === provider && slot.state === 'loading') return true;
  for (const job of state.jobs.values()) {
    if (job.state === 'reserved' && state.catalog.byId.get(job.modelId)?.provider === provider) return true;
  }
  return false;
}

