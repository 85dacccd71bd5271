import { problem } from '../../contract/index.ts';
import { about, answerJob, note, patchJob, patchSlot, type Draft } from './draft.ts';
import { PRESSURE_FLOOR_BYTES, PRESSURE_FULL_PERCENT } from './limits.ts';
import type { Wish } from './plan.ts';
import { refuseImpatient } from './line.ts';
import { domainOf, freeRam, roomNow, slotsIn } from './room.ts';
import { refusal } from './sentences.ts';
import { blockerOf } from './standing.ts';
import { canStart, startLoad } from './starting.ts';
import type { Job, KnownModel } from './types.ts';

/** Alone and watched: what an estimate refuses is given all that is free, once. */
export function tryOnce(draft: Draft, job: Job, model: KnownModel, wish: Wish): void {
  const domain = domainOf(draft, model.provider);
  if (slotsIn(draft, domain).some((s) => s.state === 'loading') || !canStart(draft, model)) return;
  const free = Math.max(0, freeRam(draft, domain) ?? 0);
  const room = roomNow(draft, domain);
  if (room.slots < 1) {
    const blockers = slotsIn(draft, domain).flatMap((s) => {
      const why = blockerOf(draft, s, true);
      return why ? [{ name: s.name, why }] : [];
    });
    return refuseImpatient(draft, job, refusal.limit(model.name, draft.config.limit, blockers));
  }
  startLoad(draft, patchJob(draft, job, { need: { ...wish.need, ram: Math.min(wish.need.ram, free) }, source: 'estimated' }), model, null);
}

/** Stops a load that was tried against its estimate when the rest of the computer runs short: mapped weights show as pressure only. */
export function watchTryOnce(draft: Draft, floor: number): void {
  const memory = draft.memory;
  if (!memory) return;
  for (const slot of draft.slots.values()) {
    if (!slot.tryOnce || slot.state !== 'loading' || slot.cancelling) continue;
    if (memory.available >= Math.max(floor, PRESSURE_FLOOR_BYTES) && (memory.pressure?.full ?? 0) < PRESSURE_FULL_PERCENT) continue;
    const job = draft.jobs.get(slot.key);
    const why = problem('pressure-limit', `${slot.name} was stopped while loading: the rest of the computer was running out of memory.`, 'It does not fit beside what is running now.');
    if (job) {
      answerJob(draft, job, { ok: false, problem: why });
      draft.jobs.delete(job.key);
    }
    patchSlot(draft, slot, { cancelling: true });
    draft.effects.push({ type: 'cancel-load', key: slot.key, op: slot.op });
    note(draft, { ...about(slot), kind: 'failed', reason: 'pressure', by: slot.loadedBy, code: 'pressure-limit', text: why.message });
  }
}

