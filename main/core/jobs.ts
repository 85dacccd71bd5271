import { problem } from '../../contract/index.ts';
import { wouldDisplace } from './come-back.ts';
import { patchJob, type Draft } from './draft.ts';
import { READING_FRESH_MS } from './limits.ts';
import { mustLetPass, waitOrRefuse, watchLine } from './line.ts';
import { beforeMemory, decide, wishFor, type Decision, type Wish } from './plan.ts';
import { giveUp, refuse } from './refusing.ts';
import { blurred, domainOf, fitsIn, roomNow, roomSoon, settling, slotsIn } from './room.ts';
import { refusal } from './sentences.ts';
import { sameContext, standsInTheWay } from './standing.ts';
import { canStart, startLoad } from './starting.ts';
import { tryOnce } from './try-once.ts';
import { startUnload } from './unloads.ts';
import type { Job, KnownModel } from './types.ts';
import { satisfy } from './waiters.ts';

/** Brings every wanted load as far as it can go now. Oldest first, so that nobody is overtaken for the same room. */
export function advanceJobs(draft: Draft): void {
  if (draft.jobs.size === 0) return;
  if (draft.stirred) watchLine(draft);
  const order = [...draft.jobs.values()].sort((a, b) => a.seq - b.seq);
  for (const { key } of order) {
    const job = draft.jobs.get(key);
    if (job) advanceJob(draft, job);
  }
}

function advanceJob(draft: Draft, job: Job): void {
  if (job.state === 'loading') return;
  const model = draft.catalog.byId.get(job.modelId);
  const slot = draft.slots.get(job.key);
  if (!model) return refuse(draft, job, problem('unknown-model', `${job.modelId} is no longer installed.`));
  if (slot?.state === 'ready' && sameContext(slot, job)) {
    if (job.waiters.some((w) => w.lease) && standsInTheWay(draft, slot.key, job.seq)) return;
    return satisfy(draft, job, slot, true);
  }
  if (slot?.state === 'unloading' || slot?.state === 'loading') return;
  if (slot?.state === 'stuck') {
    if (!draft.providers.get(slot.provider)?.revivesStuck) {
      return refuse(draft, job, problem('not-letting-go', `${slot.name} is still leaving memory and does not let go.`, 'End its process, then load it again.'));
    }
    const refused = beforeMemory(draft, model);
    if (refused) return refuse(draft, job, refused);
    if (!sameContext(slot, job)) return refuse(draft, job, refusal.busyReplace(slot.name, 'stuck'));
    // Nor does it come back to those who may wait, past somebody whose room it is to be.
    if (standsInTheWay(draft, slot.key, job.seq) && job.waiters.every((w) => w.queued)) return;
    // Its memory is booked already, and a new request to it takes back the unload.
    if (canStart(draft, model)) startLoad(draft, job, model, slot);
    return;
  }
  if (job.state === 'reserved') return advanceReserved(draft, job, model);
  if (job.inLine && !draft.stirred) return;
  admit(draft, job, model);
}

function wishOf(job: Job, model: KnownModel): Wish {
  const wish = wishFor(model, job.contextLength, job.consent, job.atLeast);
  // After an out-of-memory failure the job knows better than the catalogue.
  const need = job.attempt === 2 && job.need.ram > wish.need.ram ? job.need : wish.need;
  return { ...wish, need, job: job.key, anyUnused: job.force && job.mayUnload === null };
}

/** A job that has no room yet: take it, ask for it, or say why not. */
function admit(draft: Draft, job: Job, model: KnownModel): void {
  if (mustLetPass(draft, job, model)) {
    const refused = beforeMemory(draft, model);
    if (refused) refuse(draft, job, refused);
    return;
  }
  const wish = wishOf(job, model);
  const decision = decide(draft, { ...wish, contextLength: job.contextLength });
  if (!fresh(draft, model) || (draft.goneSinceReading && decision.kind !== 'fits')) {
    draft.effects.push({ type: 'measure' });
    return;
  }
  if (decision.kind !== 'fits' && decision.kind !== 'too-big' && blurred(draft, domainOf(draft, model.provider)) && !beforeMemory(draft, model)) return;
  if (wouldDisplace(draft, job, decision)) return giveUp(draft, job, wish, decision);
  if (decision.kind === 'fits' || decision.kind === 'waits' || (decision.kind === 'evicts' && consented(job, decision))) {
    // What belongs to others and is only waited for is no reason to refuse, nor to book.
    const reserved = patchJob(draft, job, { state: 'reserved', inLine: false, need: wish.need, source: wish.source });
    const unloaded = unloadFor(draft, reserved, decision);
    const next = patchJob(draft, reserved, { unloaded: [...job.unloaded, ...unloaded] });
    advanceReserved(draft, next, model);
    return;
  }
  if (job.tryOnce && decision.problem && (decision.kind === 'short' || decision.kind === 'too-big') && wish.source === 'estimated') {
    tryOnce(draft, job, model, wish);
    return;
  }
  waitOrRefuse(draft, job, wish, decision);
}

/** Whether whoever asked has agreed to lose these models. */
function consented(job: Job, decision: Decision): boolean {
  return job.force && decision.victims.every((victim) => job.mayUnload === null || job.mayUnload.has(victim.modelId));
}

/** A job whose room is booked: start when what leaves has left, plan anew where that did not free what it should. */
function advanceReserved(draft: Draft, job: Job, model: KnownModel): void {
  const domain = domainOf(draft, model.provider);
  const there = draft.slots.get(job.key);
  // It was used and stayed, or another program has loaded it meanwhile: with another context size than this one wants.
  if (there?.state === 'ready') return admitAgain(draft, job, model);
  // What it replaces has to be gone first, however much room there is.
  if (there) return;
  if (draft.freeze) return refuse(draft, job, refusal.frozen(model.name));
  const provider = draft.providers.get(model.provider);
  if (!provider || provider.status !== 'up') return refuse(draft, job, provider?.problem ?? refusal.providerDown(model.provider));
  if (!fresh(draft, model)) {
    draft.effects.push({ type: 'measure' });
    return;
  }
  const need = model.overcommit ? { ram: 0, vram: {} } : job.need;
  // Room that others have booked before it is not taken, even where it is free at this moment.
  if (fitsIn(need, roomNow(draft, domain)) && fitsIn(need, roomSoon(draft, domain, job.key))) {
    if (canStart(draft, model)) startLoad(draft, job, model, null);
    return;
  }
  const leaving = slotsIn(draft, domain).some((s) => s.state === 'unloading');
  const queued = [...draft.jobs.values()].some((other) => other.key !== job.key && other.state !== 'waiting' && other.seq < job.seq);
  if (leaving || queued) return;
  // No `measure` here: an effect that answers at once would ask for itself for ever. The next tick looks again.
  if (settling(draft)) return;
  admitAgain(draft, job, model);
}

/** The booking did not hold (a victim was used, another program grew): plan anew, from nothing. */
function admitAgain(draft: Draft, job: Job, model: KnownModel): void {
  const waiting = patchJob(draft, job, { state: 'waiting' });
  const wish = wishOf(waiting, model);
  const decision = decide(draft, { ...wish, contextLength: job.contextLength });
  if (decision.kind === 'fits' && decision.victims.length === 0) return;
  if (wouldDisplace(draft, job, decision)) return giveUp(draft, waiting, wish, decision);
  if (decision.kind === 'fits' || (decision.kind === 'evicts' && consented(job, decision))) {
    const reserved = patchJob(draft, waiting, { state: 'reserved', need: wish.need });
    patchJob(draft, reserved, { unloaded: [...job.unloaded, ...unloadFor(draft, reserved, decision)] });
    return;
  }
  if (decision.kind === 'waits') return;
  waitOrRefuse(draft, waiting, wish, decision);
}

function unloadFor(draft: Draft, job: Job, { victims, because }: Decision): { id: string; name: string }[] {
  return victims.map((victim) => {
    const replaced = victim.key === job.key;
    startUnload(draft, victim, { reason: replaced ? 'replace' : 'room', by: job.agreedBy ?? job.by, forModel: job.modelId, byLimit: because === 'limit' && !replaced, waiters: [] });
    return { id: victim.modelId, name: victim.name };
  });
}

/** Whether the last reading can carry an admission. */
function fresh(draft: Draft, model: KnownModel): boolean {
  if (domainOf(draft, model.provider) !== 'host') return true;
  return draft.memory !== null && !draft.cameSinceReading && Math.abs(draft.now - draft.memory.at) < READING_FRESH_MS;
}
