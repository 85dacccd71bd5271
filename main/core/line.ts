import type { Problem } from '../../contract/index.ts';
import { answerJob, patchJob, type Draft } from './draft.ts';
import { EXPIRY_GRACE_MS, STARVING_MS } from './limits.ts';
import { beforeMemory, type Decision, type Wish } from './plan.ts';
import { policies } from './policy.ts';
import { refuse, refuseWith } from './refusing.ts';
import { addRoom, domainOf, fitsIn, heldFootprint, reservedIn, roomSoon, slotsIn, type Room } from './room.ts';
import { blockerOf } from './standing.ts';
import type { CoreState, Job, KnownModel, Slot } from './types.ts';
import { weighed } from './uses.ts';

/** More than all unused models together can be worth. */
const IN_USE_WORTH = 1e12;

/*
 * Waiting in line: a program that cannot be asked waits for room that models in use hold at present. What is in memory is used
 * past those who wait; but whoever has waited for `STARVING_MS` is passed by nobody any more.
 */

/**
 * What could not be admitted stays in line where somebody waits for it and what stands in its way goes by itself. Whoever does
 * not wait in line is refused at once. Nobody waits for what may stay for ever: kept models, those of other programs, a limit
 * that nothing in use explains.
 */
export function waitOrRefuse(draft: Draft, job: Job, wish: Wish, decision: Decision): void {
  const queued = job.waiters.filter((w) => w.queued);
  // Who is in line already outlasts what ends at a chosen time.
  const endsSoon = job.inLine && draft.freeze !== null && draft.freeze.until !== null;
  if (queued.length === 0 || !(endsSoon || goesByItself(draft, wish, decision))) return refuseWith(draft, job, wish, decision);
  const impatient = job.waiters.filter((w) => !w.queued);
  if (impatient.length > 0) refuseWith(draft, { ...job, waiters: impatient }, wish, decision);
  // Its booking, if it had one, did not hold.
  patchJob(draft, job, { state: 'waiting', waiters: queued, inLine: true });
}

/** Whoever does not wait in line is refused; the others go on waiting. */
export function refuseImpatient(draft: Draft, job: Job, why: Problem): void {
  const queued = job.waiters.filter((w) => w.queued);
  if (queued.length === 0) return refuse(draft, job, why);
  answerJob(draft, { ...job, waiters: job.waiters.filter((w) => !w.queued) }, { ok: false, problem: why });
  patchJob(draft, job, { waiters: queued, tryOnce: false });
}

function goesByItself(state: CoreState, wish: Wish, { kind, blockers }: Decision): boolean {
  if (kind === 'too-big' || beforeMemory(state, wish.model)) return false;
  const own = blockers.find((b) => b.slot.key === wish.model.weights);
  if (own) return isPassing(state, own.slot, own.why);
  const domain = domainOf(state, wish.model.provider);
  let room = roomSoon(state, domain, wish.job);
  for (const slot of slotsIn(state, domain)) {
    if (slot.state === 'unloading') continue;
    const why = blockerOf(state, slot, wish.consent);
    if (why === null || isPassing(state, slot, why)) room = addRoom(room, heldFootprint(state, slot), 1);
  }
  for (const job of reservedIn(state, domain)) if (job.key !== wish.job) room = addRoom(room, job.need, 1);
  return fitsIn(wish.model.overcommit ? { ram: 0, vram: {} } : wish.need, room);
}

/** A model that leaves as soon as it has finished an answer is passing too. */
function isPassing(state: CoreState, slot: Slot, why: ReturnType<typeof blockerOf>): boolean {
  if (why === 'in-use' || why === 'loading' || (why === 'stuck' && slot.busy)) return true;
  // Other programs' models go at their server's own time, where it has one and keeps to it.
  return why === 'foreign' && slot.expiresAt !== null && slot.expiresAt > state.now - EXPIRY_GRACE_MS;
}

/** Whoever has waited too long gets what stands in its way kept from new uses. Call before jobs are advanced. */
export function watchLine(draft: Draft): void {
  const domains = new Set<string>();
  for (const job of [...draft.jobs.values()].sort((a, b) => a.seq - b.seq)) {
    const model = draft.catalog.byId.get(job.modelId);
    if (!model || job.state !== 'waiting' || !job.inLine) continue;
    const domain = domainOf(draft, model.provider);
    // One after the other: two that both keep everybody else out would only keep each other waiting.
    if (domains.has(domain) || draft.awake - job.sinceAwake < STARVING_MS) continue;
    domains.add(domain);
    const inItsWay = standing(draft, job, model, domain);
    if (inItsWay !== null) patchJob(draft, job, { inItsWay });
  }
}

/** The models that are to make room for `job`: as before where those still suffice. Null: not even all of them would. */
function standing(draft: Draft, job: Job, model: KnownModel, domain: string): ReadonlySet<string> | null {
  const own = draft.slots.get(job.key);
  let room = roomSoon(draft, domain, job.key);
  if (own) room = addRoom(room, heldFootprint(draft, own), 1);
  const need = model.overcommit ? { ram: 0, vram: {} } : job.need;
  const others = slotsIn(draft, domain).filter((slot) => {
    if (slot.key === job.key || slot.state !== 'ready') return false;
    const why = blockerOf(draft, slot, job.consent);
    return why === null || why === 'in-use';
  });
  const kept = job.inItsWay && others.filter((slot) => job.inItsWay!.has(slot.key));
  if (kept && fitsIn(need, kept.reduce((sum: Room, slot) => addRoom(sum, heldFootprint(draft, slot), 1), room))) return job.inItsWay;
  const candidates = others.map((slot) => ({
    key: slot.key,
    footprint: heldFootprint(draft, slot),
    // Who is being used goes after everybody who is not.
    ...(blockerOf(draft, slot, job.consent) === null ? { lastUsedAwake: slot.lastUsedAwake, worth: 0 } : { lastUsedAwake: draft.awake, worth: IN_USE_WORTH }),
  }));
  const chosen = policies[draft.config.eviction].choose(weighed(draft, candidates, job.key), room, need);
  if (chosen === null) return null;
  return new Set([...chosen.map((c) => c.key), ...(own ? [own.key] : [])]);
}

/** Whether somebody before it has waited too long in the same memory: then it takes no room. */
export function mustLetPass(draft: Draft, job: Job, model: KnownModel): boolean {
  const domain = domainOf(draft, model.provider);
  for (const other of draft.jobs.values()) {
    if (other.seq >= job.seq || other.inItsWay === null || other.state === 'loading') continue;
    const first = draft.catalog.byId.get(other.modelId);
    if (first && domainOf(draft, first.provider) === domain) return true;
  }
  return false;
}
