import type { Problem } from '../../contract/index.ts';
import { about, answerJob, answerUnload, note, patchJob, failuresToChange, type Draft } from './draft.ts';
import { satisfy } from './waiters.ts';
import { FAILURES_BEFORE_COOLDOWN, COOLDOWN_MS, COOLDOWN_MAX_MS, OOM_FACTOR, GONE_MEMORY_MS } from './limits.ts';
import { becomeReady, dropLeases } from './observe.ts';
import { blockerOf } from './standing.ts';
import type { LoadResult } from './events.ts';
import type { Job, Slot } from './types.ts';
import { startUnload } from './unloads.ts';

export function loadEnded(draft: Draft, slot: Slot, result: LoadResult): void {
  const job = draft.jobs.get(slot.key);
  draft.lastLoadEndAwake = draft.awake;
  if (result.ok) {
    failuresToChange(draft).delete(slot.key);
    const ready = becomeReady(draft, slot, result);
    // Its size was a guess until now: the next admission wants a reading that knows it.
    draft.cameSinceReading = true;
    draft.effects.push({ type: 'measure' });
    if (job && job.state === 'loading') satisfy(draft, job, ready, false);
    return;
  }
  draft.slots.delete(slot.key);
  markGone(draft, slot.key);
  if (result.kind === 'cancelled' && (!job || job.state !== 'loading')) {
    note(draft, { ...about(slot), kind: 'failed', reason: 'asked', by: slot.loadedBy, code: 'cancelled', text: `Loading ${slot.name} was cancelled.` });
    return;
  }
  if (result.kind === 'oom' && job?.state === 'loading') {
    const ram = Math.ceil(Math.max(slot.booked.ram, job.need.ram) * OOM_FACTOR);
    const need = { ...job.need, ram };
    draft.effects.push({ type: 'learn-correction', modelId: slot.modelId, contextLength: slot.contextLength, atLeast: need });
    if (job.attempt === 1 && !job.tryOnce) {
      patchJob(draft, job, { state: 'waiting', attempt: 2, need, firstProblem: result.problem, startedAt: null });
      note(draft, { ...about(slot), kind: 'failed', reason: 'asked', by: job.by, code: 'out-of-memory', text: `${slot.name} ran out of memory while loading; making more room and trying once more.` });
      return;
    }
  }
  if (result.deadlocked && job?.state === 'loading' && job.attempt === 1) {
    freeDeadlock(draft, slot, job, result.problem);
    return;
  }
  if (result.kind !== 'cancelled' && result.kind !== 'provider-down') countFailure(draft, slot.key);
  note(draft, { ...about(slot), kind: 'failed', reason: 'asked', by: job?.by ?? null, code: result.problem.code, text: `${slot.name} could not be loaded: ${result.problem.message}` });
  if (job?.state === 'loading') {
    answerJob(draft, job, { ok: false, problem: result.problem });
    draft.jobs.delete(job.key);
  }
}

/** The provider hangs until something leaves its memory: what is idle there goes, and the load is tried once more. */
function freeDeadlock(draft: Draft, slot: Slot, job: Job, why: Problem): void {
  patchJob(draft, job, { state: 'waiting', attempt: 2, firstProblem: why, startedAt: null });
  note(draft, { ...about(slot), kind: 'failed', reason: 'other', by: job.by, code: why.code, text: `${draft.providers.get(slot.provider)?.label ?? slot.provider} hung while loading ${slot.name}; what is unused there is unloaded, then it is tried once more.` });
  if (draft.freeze) return;
  for (const other of draft.slots.values()) {
    if (other.provider !== slot.provider || other.state !== 'ready' || blockerOf(draft, other, false) !== null) continue;
    startUnload(draft, other, { reason: 'other', by: job.by, forModel: job.modelId, waiters: [] });
  }
}

function countFailure(draft: Draft, key: string): void {
  const count = (draft.failures.get(key)?.count ?? 0) + 1;
  const over = count - FAILURES_BEFORE_COOLDOWN;
  const pause = over < 0 ? 0 : Math.min(COOLDOWN_MAX_MS, COOLDOWN_MS * 2 ** over);
  failuresToChange(draft).set(key, { count, untilAwake: draft.awake + pause });
}

/** Its process died by itself. */
export function crashed(draft: Draft, key: string, why: Problem): void {
  const slot = draft.slots.get(key);
  // A load or an unload in progress is ended by its own answer.
  if (!slot || slot.state === 'loading' || slot.state === 'unloading') return;
  answerUnload(draft, slot, { ok: true, text: `${slot.name} was unloaded.` });
  dropLeases(draft, slot);
  draft.slots.delete(key);
  markGone(draft, key);
  note(draft, { ...about(slot), kind: 'crashed', reason: 'other', code: why.code, ram: slot.booked.ram, text: why.message });
}

/** Remembers when a model went, so that an older listing cannot bring it back. */
export function markGone(draft: Draft, key: string): void {
  const recent = [...draft.goneAt].filter(([, at]) => draft.awake - at < GONE_MEMORY_MS);
  draft.goneAt = new Map(recent).set(key, draft.awake);
  draft.goneSinceReading = true;
}
