import { nextSeq, patchJob, patchSlot, leasesToChange, type Draft } from './draft.ts';
import { noteUse } from './uses.ts';
import type { Job, Slot, Waiter } from './types.ts';

/** Everyone who waits gets the one answer; who asked for a lease holds it from this very moment. */
export function satisfy(draft: Draft, job: Job, slot: Slot, already: boolean): void {
  draft.jobs.delete(job.key);
  for (const waiter of job.waiters) answerReady(draft, waiter, slot, { already: already && job.startedAt === null, unloaded: job.unloaded });
  if (job.origin === 'auto') return;
  lookAfter(draft, slot, job.by);
  noteUse(draft, slot.key);
}

/** One answer of success. */
export function answerReady(draft: Draft, waiter: Waiter, slot: Slot, { already, unloaded }: { already: boolean; unloaded: Job['unloaded'] }): void {
  const lease = waiter.lease ? grant(draft, slot, waiter) : null;
  draft.effects.push({ type: 'answer-load', waiter: waiter.id, answer: { ok: true, key: slot.key, modelId: slot.modelId, already, lease, unloaded, tookMs: draft.now - waiter.since } });
}

/** Whoever asks Airdock for a model, wants Airdock to look after it. */
export function lookAfter(draft: Draft, slot: Slot, by: string): void {
  const current = draft.slots.get(slot.key) ?? slot;
  if (current.foreign) patchSlot(draft, current, { foreign: false, loadedBy: by });
}

function grant(draft: Draft, slot: Slot, waiter: Waiter): string {
  const id = `lease-${nextSeq(draft)}`;
  leasesToChange(draft).set(id, { id, key: slot.key, holder: waiter.lease!.holder, since: draft.now, ttlMs: waiter.lease!.ttlMs, renewedAwake: draft.awake });
  return id;
}

/** Removes a waiter; the load is cancelled when nobody is left. */
export function leave(draft: Draft, waiterId: string): void {
  for (const job of draft.jobs.values()) {
    if (!job.waiters.some((w) => w.id === waiterId)) continue;
    const rest = job.waiters.filter((w) => w.id !== waiterId);
    if (rest.length > 0) patchJob(draft, job, { waiters: rest });
    else abandon(draft, job);
    return;
  }
}

/** Nobody wants it any more. */
export function abandon(draft: Draft, job: Job): void {
  draft.jobs.delete(job.key);
  const slot = draft.slots.get(job.key);
  if (slot?.state === 'loading' && !slot.cancelling) {
    patchSlot(draft, slot, { cancelling: true });
    draft.effects.push({ type: 'cancel-load', key: slot.key, op: slot.op });
  }
}

