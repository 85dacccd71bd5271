import { formatBytes, formatList, problem, type Problem } from '../../contract/index.ts';
import { about, answerJob, nextSeq, note, patchJob, patchSlot, setSlotState, type Draft } from './draft.ts';
import { KEEP_ALIVE_GRACE_MS, PRESSURE_FLOOR_BYTES, PRESSURE_FULL_PERCENT, READING_FRESH_MS } from './limits.ts';
import { beforeMemory, decide, sameContext, toPlan, wishFor, type Decision, type Wish } from './plan.ts';
import { domainOf, fitsIn, freeRam, roomNow, roomSoon, settling, slotsIn } from './room.ts';
import { refusal } from './sentences.ts';
import { blockerOf, idleTimeoutOf, isPinned } from './standing.ts';
import { startUnload } from './unloads.ts';
import type { CoreState, Job, KnownModel, Slot, Waiter } from './types.ts';

/** Brings every wanted load as far as it can go now. Oldest first, so that nobody is overtaken for the same room. */
export function advanceJobs(draft: Draft): void {
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
  if (slot?.state === 'ready' && sameContext(slot, { contextLength: job.contextLength, model })) return satisfy(draft, job, slot, true);
  if (slot?.state === 'unloading' || slot?.state === 'loading') return;
  if (slot?.state === 'stuck') {
    if (!draft.providers.get(slot.provider)?.revivesStuck) {
      return refuse(draft, job, problem('not-letting-go', `${slot.name} is still leaving memory and does not let go.`, 'End its process, then load it again.'));
    }
    const refused = beforeMemory(draft, model);
    if (refused) return refuse(draft, job, refused);
    if (!sameContext(slot, { contextLength: job.contextLength, model })) return refuse(draft, job, refusal.busyReplace(slot.name, 'stuck'));
    // Its memory is booked already, and a new request to it takes back the unload.
    if (canStart(draft, model)) startLoad(draft, job, model, slot);
    return;
  }
  if (job.state === 'reserved') return advanceReserved(draft, job, model);
  admit(draft, job, model);
}

function wishOf(job: Job, model: KnownModel): Wish {
  const wish = wishFor(model, job.contextLength, job.force || job.origin === 'person');
  // After an out-of-memory failure the job knows better than the catalogue.
  const need = job.attempt === 2 && job.need.ram > wish.need.ram ? job.need : wish.need;
  return { ...wish, need, job: job.key };
}

/** A job that has no room yet: take it, ask for it, or say why not. */
function admit(draft: Draft, job: Job, model: KnownModel): void {
  const wish = wishOf(job, model);
  const decision = decide(draft, { ...wish, contextLength: job.contextLength });
  if (!fresh(draft, model) || (draft.goneSinceReading && decision.kind !== 'fits')) {
    draft.effects.push({ type: 'measure' });
    return;
  }
  if (decision.kind !== 'fits' && decision.kind !== 'too-big' && blurred(draft, domainOf(draft, model.provider)) && !beforeMemory(draft, model)) return;
  if (decision.kind === 'fits' || decision.kind === 'waits' || (decision.kind === 'evicts' && consented(job, decision))) {
    // What belongs to others and is only waited for is no reason to refuse, nor to book.
    const reserved = patchJob(draft, job, { state: 'reserved', need: wish.need, source: wish.source });
    const unloaded = unloadFor(draft, reserved, decision);
    const next = patchJob(draft, reserved, { unloaded: [...job.unloaded, ...unloaded] });
    advanceReserved(draft, next, model);
    return;
  }
  if (job.tryOnce && decision.problem && (decision.kind === 'short' || decision.kind === 'too-big') && wish.source === 'estimated') {
    tryOnce(draft, job, model, wish);
    return;
  }
  refuseWith(draft, job, wish, decision);
}

/** Whether whoever asked has agreed to lose these models. */
function consented(job: Job, decision: Decision): boolean {
  return job.force && decision.victims.every((victim) => job.mayUnload === null || job.mayUnload.has(victim.modelId));
}

/** Alone and watched: what an estimate refuses is given all that is free, once. */
function tryOnce(draft: Draft, job: Job, model: KnownModel, wish: Wish): void {
  const domain = domainOf(draft, model.provider);
  if (slotsIn(draft, domain).some((s) => s.state === 'loading') || !canStart(draft, model)) return;
  const free = Math.max(0, freeRam(draft, domain) ?? 0);
  const room = roomNow(draft, domain);
  if (room.slots < 1) {
    const blockers = slotsIn(draft, domain).flatMap((s) => {
      const why = blockerOf(draft, s, true);
      return why ? [{ name: s.name, why }] : [];
    });
    return refuse(draft, job, refusal.limit(model.name, draft.config.limit, blockers));
  }
  startLoad(draft, patchJob(draft, job, { need: { ...wish.need, ram: Math.min(wish.need.ram, free) }, source: 'estimated' }), model, null);
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
  if (decision.kind === 'fits' || (decision.kind === 'evicts' && consented(job, decision))) {
    const reserved = patchJob(draft, waiting, { state: 'reserved', need: wish.need });
    patchJob(draft, reserved, { unloaded: [...job.unloaded, ...unloadFor(draft, reserved, decision)] });
    return;
  }
  if (decision.kind === 'waits') return;
  refuseWith(draft, waiting, wish, decision);
}

function refuseWith(draft: Draft, job: Job, wish: Wish, decision: Decision): void {
  const plan = toPlan(draft, wish, decision);
  const why = plan.problem ?? problem('no-room', plan.sentence);
  // The second attempt after running out of memory fails with the provider's words: they say more than a plan.
  const told = job.firstProblem ?? withUnloaded(why, job);
  answerJob(draft, job, { ok: false, problem: told, plan });
  draft.jobs.delete(job.key);
  if (why.code !== 'needs-room') noteRefused(draft, job, told);
}

/** A refusal says whether it cost anything. */
function withUnloaded(why: Problem, job: Job): Problem {
  if (job.unloaded.length > 0) return { ...why, message: `${why.message} ${formatList(job.unloaded.map((u) => u.name))} had been unloaded for it.` };
  return why.code === 'no-room' || why.code === 'over-budget' ? { ...why, message: `${why.message} Nothing was unloaded.` } : why;
}

function refuse(draft: Draft, job: Job, why: Problem): void {
  answerJob(draft, job, { ok: false, problem: why });
  draft.jobs.delete(job.key);
  noteRefused(draft, job, why);
}

function noteRefused(draft: Draft, job: Job, why: Problem): void {
  const model = draft.catalog.byId.get(job.modelId);
  note(draft, {
    kind: job.firstProblem ? 'failed' : 'refused',
    reason: 'asked',
    model: job.modelId,
    name: model?.name ?? job.modelId,
    provider: model?.provider ?? null,
    by: job.by,
    code: why.code,
    text: why.message,
  });
}

function unloadFor(draft: Draft, job: Job, { victims, because }: Decision): { id: string; name: string }[] {
  return victims.map((victim) => {
    const replaced = victim.key === job.key;
    startUnload(draft, victim, { reason: replaced ? 'replace' : 'room', by: job.agreedBy ?? job.by, forModel: job.modelId, byLimit: because === 'limit' && !replaced, waiters: [] });
    return { id: victim.modelId, name: victim.name };
  });
}

function fresh(draft: Draft, model: KnownModel): boolean {
  if (domainOf(draft, model.provider) !== 'host') return true;
  return draft.memory !== null && Math.abs(draft.now - draft.memory.at) < READING_FRESH_MS;
}

/**
 * A load whose process cannot be read is counted twice while it grows (booked, and missing in what is
 * available): nobody is refused or unloaded on such a picture, only made to wait for its end.
 */
export function blurred(draft: Draft, domain: string): boolean {
  if (domain !== 'host') return false;
  return slotsIn(draft, domain).some((s) => s.state === 'loading' && !draft.memory?.resident.has(s.key));
}

/** Whether its provider takes another load now. */
function canStart(draft: Draft, model: KnownModel): boolean {
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

function startLoad(draft: Draft, job: Job, model: KnownModel, existing: Slot | null): void {
  const op = nextSeq(draft);
  const contextLength = existing ? existing.contextLength : (job.contextLength ?? model.contextLength);
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

/** Everyone who waits gets the one answer; who asked for a lease holds it from this very moment. */
export function satisfy(draft: Draft, job: Job, slot: Slot, already: boolean): void {
  draft.jobs.delete(job.key);
  for (const waiter of job.waiters) {
    const lease = waiter.lease ? grant(draft, slot, waiter) : null;
    draft.effects.push({
      type: 'answer-load',
      waiter: waiter.id,
      answer: { ok: true, key: slot.key, modelId: slot.modelId, already: already && job.startedAt === null, lease, unloaded: job.unloaded, tookMs: draft.now - waiter.since },
    });
  }
  const current = draft.slots.get(slot.key) ?? slot;
  // Whoever asks Airdock for it, wants Airdock to look after it.
  if (current.foreign && job.origin !== 'auto') patchSlot(draft, current, { foreign: false, loadedBy: job.by });
}

function grant(draft: Draft, slot: Slot, waiter: Waiter): string {
  const id = `lease-${nextSeq(draft)}`;
  draft.leases.set(id, { id, key: slot.key, holder: waiter.lease!.holder, since: draft.now, ttlMs: waiter.lease!.ttlMs, renewedAwake: draft.awake });
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

/** What a finished load is told as. */
export function loadedText(slot: Slot, job: Job | undefined, tookMs: number): string {
  const room = job && job.unloaded.length > 0 ? ` after ${formatList(job.unloaded.map((u) => u.name))} made room` : '';
  return `${slot.name} was loaded in ${(tookMs / 1000).toFixed(1)} s${room}: ${formatBytes(slot.booked.ram)}.`;
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

export function hasLoadPending(state: CoreState, provider: string): boolean {
  for (const slot of state.slots.values()) if (slot.provider === provider && slot.state === 'loading') return true;
  for (const job of state.jobs.values()) {
    if (job.state === 'reserved' && state.catalog.byId.get(job.modelId)?.provider === provider) return true;
  }
  return false;
}

