import { formatBytes, problem, type Problem } from '../../contract/index.ts';
import { about, answerJob, answerUnload, draftOf, finish, nextSeq, note, patchJob, patchSlot, type Draft } from './draft.ts';
import { abandon, advanceJobs, blurred, hasLoadPending, keepAliveFor, leave, satisfy, watchTryOnce } from './jobs.ts';
import {
  COOLDOWN_MAX_MS,
  COOLDOWN_MS,
  CREDIT_MAX_MS,
  FAILURES_BEFORE_COOLDOWN,
  GONE_MEMORY_MS,
  KEEP_ALIVE_GRACE_MS,
  OOM_FACTOR,
  OVER_PATIENCE_MS,
  OVER_TOLERANCE_BYTES,
  OVER_TOLERANCE_SHARE,
  OWN_LOAD_BLIND_MS,
  PRESSURE_FLOOR_SHARE,
} from './limits.ts';
import { becomeReady, dropLeases, dropModelsOfTheGone, providerSeen, reconcile } from './observe.ts';
import { lru } from './policy.ts';
import { freeRam, heldFootprint, roomSoon, settling, slotsIn } from './room.ts';
import { refusal } from './sentences.ts';
import { blockerOf, expiresInMs, idleMs, idleTimeoutOf, inUse, leasesOf, mayTouch } from './standing.ts';
import type { CoreConfig, CoreEvent, CoreState, Effect, Job, LoadResult, Slot } from './types.ts';
import { findStuck, requestUnload, startUnload, unloadEnded } from './unloads.ts';

export function initialState(config: CoreConfig, at: number): CoreState {
  return {
    now: at,
    awake: 0,
    seq: 0,
    config,
    memory: null,
    providers: new Map(),
    catalog: { byId: new Map(), byWeights: new Map() },
    slots: new Map(),
    jobs: new Map(),
    leases: new Map(),
    freeze: null,
    pause: null,
    hold: null,
    failures: new Map(),
    goneAt: new Map(),
    goneSinceReading: false,
    over: null,
    lastLoadEndAwake: -Infinity,
    draining: false,
  };
}

/** The next state and what is to be done. Deterministic: the same state and event give the same answer. */
export function step(state: CoreState, event: CoreEvent): { state: CoreState; effects: Effect[] } {
  const draft = draftOf(state);
  // A clock that is set back is no negative idleness, and a night's sleep is no night of it.
  draft.awake += Math.min(CREDIT_MAX_MS, Math.max(0, event.at - draft.now));
  draft.now = event.at;
  endModes(draft);
  handle(draft, event);
  endUnrenewedLeases(draft);
  dropModelsOfTheGone(draft);
  findStuck(draft);
  advanceJobs(draft);
  watchBudget(draft);
  drain(draft);
  expireIdle(draft);
  // What the unloads above made possible for those who wait.
  advanceJobs(draft);
  rearm(draft);
  onlyOneMeasure(draft, event.type === 'memory');
  return finish(draft);
}

function handle(draft: Draft, event: CoreEvent): void {
  switch (event.type) {
    case 'tick':
      return;
    case 'config': {
      const lowered =
        event.config.limit < draft.config.limit ||
        event.config.reserve > draft.config.reserve ||
        (event.config.maxUsage ?? Infinity) < (draft.config.maxUsage ?? Infinity);
      draft.config = event.config;
      if (lowered) draft.draining = true;
      return;
    }
    case 'catalog':
      draft.catalog = event.catalog;
      return;
    case 'memory':
      draft.memory = event.memory;
      draft.goneSinceReading = false;
      watchTryOnce(draft, event.memory.total * PRESSURE_FLOOR_SHARE);
      return;
    case 'provider':
      return providerSeen(draft, event.provider);
    case 'observed':
      return reconcile(draft, event);
    case 'load-requested':
      return request(draft, event);
    case 'waiter-left':
      return leave(draft, event.waiter);
    case 'cancel-requested':
      return cancel(draft, event.key);
    case 'load-progress': {
      const slot = draft.slots.get(event.key);
      if (slot?.state === 'loading' && slot.op === event.op) patchSlot(draft, slot, { progress: event.fraction ?? slot.progress, pid: event.pid ?? slot.pid });
      return;
    }
    case 'load-ended': {
      const slot = draft.slots.get(event.key);
      if (slot?.state === 'loading' && slot.op === event.op) loadEnded(draft, slot, event.result);
      return;
    }
    case 'unload-requested': {
      const slot = draft.slots.get(event.key);
      if (slot) return requestUnload(draft, event.waiter, slot, event);
      draft.effects.push({ type: 'answer-unload', waiter: event.waiter, answer: { ok: false, problem: problem('not-loaded', 'That model is not in memory.') } });
      return;
    }
    case 'unload-ended': {
      const slot = draft.slots.get(event.key);
      if (slot && (slot.state === 'unloading' || slot.state === 'stuck') && slot.op === event.op) {
        if (event.result.kind === 'gone') {
          markGone(draft, event.key);
          // Whoever waits for its room wants a reading without it.
          if (draft.jobs.size > 0) draft.effects.push({ type: 'measure' });
        }
        unloadEnded(draft, slot, event.result);
      }
      return;
    }
    case 'crashed':
      return crashed(draft, event.key, event.problem);
    case 'lease-renewed': {
      const lease = draft.leases.get(event.lease);
      if (lease) draft.leases.set(lease.id, { ...lease, renewedAwake: draft.awake });
      return;
    }
    case 'lease-released': {
      const lease = draft.leases.get(event.lease);
      if (lease) endLease(draft, lease.id);
      return;
    }
    case 'mode':
      draft[event.mode] = event.value;
      return;
    case 'lost-handled': {
      const provider = draft.providers.get(event.provider);
      if (provider) draft.providers.set(provider.id, { ...provider, lost: [] });
      return;
    }
    case 'resumed':
      for (const slot of draft.slots.values()) {
        if (slot.expiresAt !== null) patchSlot(draft, slot, { expiresAt: slot.expiresAt + event.sleptMs });
      }
      return;
  }
}

function request(draft: Draft, event: Extract<CoreEvent, { type: 'load-requested' }>): void {
  const waiter = { id: event.waiter, by: event.by, since: draft.now, lease: event.lease };
  const model = draft.catalog.byId.get(event.modelId);
  const refuse = (why: Problem) => draft.effects.push({ type: 'answer-load', waiter: event.waiter, answer: { ok: false, problem: why } });
  if (!model) {
    refuse(problem('unknown-model', `${event.modelId} is not installed.`));
    return;
  }
  const failure = draft.failures.get(model.weights);
  if (failure && event.origin !== 'person' && failure.untilAwake > draft.awake) {
    refuse(refusal.coolingDown(model.name, failure.untilAwake - draft.awake));
    return;
  }
  if (event.origin === 'auto' && draft.hold) {
    refuse(refusal.held(model.name));
    return;
  }
  const job = draft.jobs.get(model.weights);
  const contextLength = event.contextLength === null ? null : Math.min(event.contextLength, model.maxContextLength ?? Infinity);
  // A load without a wish of its own has the model's usual context, or that of the model that it finds in memory.
  const coming = job?.contextLength ?? draft.slots.get(model.weights)?.contextLength ?? model.contextLength;
  const sameWish = job && (contextLength === null || coming === contextLength);
  if (job && sameWish) {
    patchJob(draft, job, { waiters: [...job.waiters, waiter], force: job.force || event.force, mayUnload: bothMayUnload(job, event), tryOnce: job.tryOnce || event.tryOnce });
    return;
  }
  if (job) {
    refuse(problem('in-use', `${model.name} is being loaded with another context size.`, 'Try again when that has finished.'));
    return;
  }
  draft.jobs.set(model.weights, {
    key: model.weights,
    modelId: model.id,
    seq: nextSeq(draft),
    since: draft.now,
    sinceAwake: draft.awake,
    state: 'waiting',
    waiters: [waiter],
    force: event.force,
    mayUnload: event.mayUnload && new Set(event.mayUnload),
    tryOnce: event.tryOnce,
    origin: event.origin,
    by: event.by,
    need: model.footprint,
    source: model.source,
    contextLength,
    unloaded: [],
    attempt: 1,
    firstProblem: null,
    startedAt: null,
  });
}

/** Two wishes for the same load: together they agree to what either agreed to. */
function bothMayUnload(job: Job, event: Extract<CoreEvent, { type: 'load-requested' }>): Job['mayUnload'] {
  if (!event.force) return job.mayUnload;
  if (event.mayUnload === null || (job.force && job.mayUnload === null)) return null;
  return new Set([...(job.force ? (job.mayUnload ?? []) : []), ...event.mayUnload]);
}

/** A person's cancel: everybody's interest in the load ends. */
function cancel(draft: Draft, key: string): void {
  const job = draft.jobs.get(key);
  if (!job) return;
  answerJob(draft, job, { ok: false, problem: problem('cancelled', 'The load was cancelled.') });
  abandon(draft, { ...job, waiters: [] });
}

function loadEnded(draft: Draft, slot: Slot, result: LoadResult): void {
  const job = draft.jobs.get(slot.key);
  draft.lastLoadEndAwake = draft.awake;
  if (result.ok) {
    draft.failures.delete(slot.key);
    const ready = becomeReady(draft, slot, result);
    // Its size was a guess until now: the next admission wants a reading that knows it.
    draft.effects.push({ type: 'measure' });
    if (job && job.state === 'loading') satisfy(draft, job, ready, false);
    return;
  }
  draft.slots.delete(slot.key);
  markGone(draft, slot.key);
  if (result.kind === 'cancelled' && (!job || job.state !== 'loading')) {
    note(draft, { ...about(slot), kind: 'failed', reason: 'asked', code: 'cancelled', text: `Loading ${slot.name} was cancelled.` });
    return;
  }
  if (result.kind === 'oom' && job?.state === 'loading') {
    const ram = Math.ceil(Math.max(slot.booked.ram, job.need.ram) * OOM_FACTOR);
    const need = { ...job.need, ram };
    draft.effects.push({ type: 'learn-correction', modelId: slot.modelId, contextLength: slot.contextLength, atLeast: need });
    if (job.attempt === 1 && !job.tryOnce) {
      patchJob(draft, job, { state: 'waiting', attempt: 2, need, firstProblem: result.problem, startedAt: null });
      note(draft, { ...about(slot), kind: 'failed', reason: 'asked', code: 'out-of-memory', text: `${slot.name} ran out of memory while loading; making more room and trying once more.` });
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
  note(draft, { ...about(slot), kind: 'failed', reason: 'other', code: why.code, text: `${draft.providers.get(slot.provider)?.label ?? slot.provider} hung while loading ${slot.name}; what is unused there is unloaded, then it is tried once more.` });
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
  draft.failures.set(key, { count, untilAwake: draft.awake + pause });
}

/** Its process died by itself. */
function crashed(draft: Draft, key: string, why: Problem): void {
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
function markGone(draft: Draft, key: string): void {
  const recent = [...draft.goneAt].filter(([, at]) => draft.awake - at < GONE_MEMORY_MS);
  draft.goneAt = new Map(recent).set(key, draft.awake);
  draft.goneSinceReading = true;
}

function endLease(draft: Draft, id: string): void {
  const lease = draft.leases.get(id);
  draft.leases.delete(id);
  const slot = lease && draft.slots.get(lease.key);
  if (slot) patchSlot(draft, slot, { lastUsedAt: draft.now, lastUsedAwake: draft.awake, lastUsedFrom: 'lease' });
}

function endUnrenewedLeases(draft: Draft): void {
  for (const lease of [...draft.leases.values()]) {
    if (lease.ttlMs === null || draft.awake - lease.renewedAwake < lease.ttlMs) continue;
    endLease(draft, lease.id);
    draft.effects.push({ type: 'lease-ended', lease: lease.id, why: 'not-renewed' });
  }
}

function endModes(draft: Draft): void {
  for (const mode of ['freeze', 'pause', 'hold'] as const) {
    const value = draft[mode];
    if (value?.until != null && draft.now >= value.until) draft[mode] = null;
  }
}

/** Unloads what has been idle for its whole timeout. */
function expireIdle(draft: Draft): void {
  for (const slot of draft.slots.values()) {
    if (draft.jobs.has(slot.key)) continue;
    if (draft.providers.get(slot.provider)?.status === 'up' && expiresInMs(draft, slot) === 0) {
      startUnload(draft, slot, { reason: 'idle', by: null, forModel: null, waiters: [] });
    }
  }
}

/** A lowered limit or budget takes idle models of our own, never busy ones, never other programs'. */
function drain(draft: Draft): void {
  if (!draft.draining || draft.freeze) return;
  const slots = slotsIn(draft, 'host');
  const staying = slots.filter((s) => s.state !== 'unloading');
  const room = roomSoon(draft, 'host', null);
  const tooMany = staying.length - draft.config.limit;
  if (tooMany <= 0 && (room.ram ?? 0) >= 0) {
    draft.draining = false;
    return;
  }
  const idle = staying.filter((s) => !s.foreign && blockerOf(draft, s, false) === null);
  if (tooMany > 0) {
    for (const slot of byLeastUsed(idle).slice(0, tooMany)) startUnload(draft, slot, { reason: 'limit', by: null, forModel: null, waiters: [] });
    return;
  }
  if (!settling(draft)) unloadUntilFree(draft, idle, 'limit');
}

function byLeastUsed(slots: readonly Slot[]): Slot[] {
  return [...slots].sort((a, b) => a.lastUsedAwake - b.lastUsedAwake || (a.key < b.key ? -1 : 1));
}

/** More is held than the machine can give: nothing more is admitted, and after a moment idle models go. */
function watchBudget(draft: Draft): void {
  if (!draft.memory) return;
  const free = freeRam(draft, 'host') ?? 0;
  const tolerance = Math.max(OVER_TOLERANCE_BYTES, draft.memory.total * OVER_TOLERANCE_SHARE);
  if (draft.over && free >= 0) {
    draft.over = null;
    note(draft, { kind: 'memory', reason: 'pressure', text: 'Models fit the memory again.' });
  } else if (draft.over) {
    draft.over = { ...draft.over, bytes: Math.max(0, -free) };
  } else if (free < -tolerance && draft.slots.size > 0 && !blurred(draft, 'host')) {
    draft.over = { sinceAwake: draft.awake, since: draft.now, bytes: -free };
    note(draft, { kind: 'memory', reason: 'pressure', code: 'over-budget', text: `Models and other programs hold ${formatBytes(-free)} more than this computer has.` });
  }
  if (!draft.over || !draft.config.yield || draft.pause || draft.freeze) return;
  if (draft.awake - draft.over.sinceAwake < OVER_PATIENCE_MS || draft.awake - draft.lastLoadEndAwake < OWN_LOAD_BLIND_MS) return;
  const slots = slotsIn(draft, 'host');
  if (settling(draft) || slots.some((s) => s.state === 'loading' || s.state === 'unloading')) return;
  unloadUntilFree(draft, slots.filter((s) => s.state === 'ready' && mayTouch(draft, s) && blockerOf(draft, s, false) === null), 'pressure');
}

function unloadUntilFree(draft: Draft, idle: readonly Slot[], reason: 'pressure' | 'limit'): void {
  const room = { ...roomSoon(draft, 'host', null), slots: Infinity };
  const nothing = { ram: 0, vram: {} };
  const candidates = idle.map((s) => ({ key: s.key, footprint: heldFootprint(draft, s), lastUsedAwake: s.lastUsedAwake }));
  // Where not even all of them suffice, all of them go: each byte helps.
  const chosen = lru.choose(candidates, room, nothing) ?? candidates;
  for (const { key } of chosen) startUnload(draft, draft.slots.get(key)!, { reason, by: null, forModel: null, waiters: [] });
}

/** Tells providers with an expiry of their own how long to keep what is ours, once per change. */
function rearm(draft: Draft): void {
  for (const slot of draft.slots.values()) {
    const provider = draft.providers.get(slot.provider);
    if (slot.state !== 'ready' || slot.foreign || slot.busy || provider?.status !== 'up' || !provider.ownExpiry) continue;
    // An explicit keep_alive while a load waits can hang Ollama's scheduler (ollama #17408).
    if (hasLoadPending(draft, slot.provider)) continue;
    const wanted = keepAliveFor(draft, slot);
    const leased = leasesOf(draft, slot.key).length > 0;
    const runsOut = leased && slot.expiresAt !== null && slot.expiresAt - draft.now < KEEP_ALIVE_GRACE_MS / 2;
    if (slot.armedMs === wanted && !runsOut) continue;
    if (leased && !runsOut) continue;
    patchSlot(draft, slot, { armedMs: wanted, expiresAt: Number.isFinite(wanted) ? draft.now + wanted : null });
    draft.effects.push({ type: 'rearm', key: slot.key, provider: slot.provider, keepAliveMs: wanted });
  }
}

/** A reading that is old already when it arrives asks for no other: that would go on for ever. */
function onlyOneMeasure(draft: Draft, hasJustMeasured: boolean): void {
  let seen = hasJustMeasured;
  draft.effects = draft.effects.filter((effect) => {
    if (effect.type !== 'measure') return true;
    const first = !seen;
    seen = true;
    return first;
  });
}

/** Models that nobody uses: unused for `idleForMs`, or (null) each past its own timeout. */
export function idleSlots(state: CoreState, idleForMs: number | null): Slot[] {
  return [...state.slots.values()].filter((slot) => {
    if (slot.state !== 'ready' || inUse(state, slot) || blockerOf(state, slot, false) !== null) return false;
    const limit = idleForMs ?? idleTimeoutOf(state, slot);
    return limit !== null && idleMs(state, slot) >= limit;
  });
}

/** Ms until something happens by itself, for the manager's timer; null: nothing is due. */
export function nextWakeMs(state: CoreState): number | null {
  const due: number[] = [];
  for (const slot of state.slots.values()) {
    // What cannot go now (nobody is there to unload it) is no reason to wake for.
    const expires = state.providers.get(slot.provider)?.status === 'up' && !state.jobs.has(slot.key) ? expiresInMs(state, slot) : null;
    if (expires !== null) due.push(expires);
  }
  for (const lease of state.leases.values()) if (lease.ttlMs !== null) due.push(lease.ttlMs - (state.awake - lease.renewedAwake));
  for (const mode of [state.freeze, state.pause, state.hold]) if (mode?.until != null) due.push(mode.until - state.now);
  return due.length === 0 ? null : Math.max(0, Math.min(...due));
}
