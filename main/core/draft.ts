import type { Activity, Problem } from '../../contract/index.ts';
import type { Answer, Effect } from './events.ts';
import type { CoreState, Job, Lease, ProviderState, Slot } from './types.ts';

type Failures = Map<string, { count: number; untilAwake: number }>;

/** A state being made into the next one: models and jobs are copies, the other maps become copies when they are changed (`leasesToChange` and the like). */
export interface Draft extends CoreState {
  slots: Map<string, Slot>;
  jobs: Map<string, Job>;
  ownLeases: Map<string, Lease> | null;
  ownProviders: Map<string, ProviderState> | null;
  ownFailures: Failures | null;
  effects: Effect[];
  /** Something has happened that can give room to those who wait for it. */
  stirred: boolean;
}

/*
 * Member by member: every event of every request comes through here, and a spread that leaves something out costs more than all that an
 * ordinary event does. The compiler tells where a member is missing.
 */

export function draftOf(state: CoreState): Draft {
  return {
    now: state.now,
    awake: state.awake,
    seq: state.seq,
    config: state.config,
    memory: state.memory,
    providers: state.providers,
    catalog: state.catalog,
    slots: new Map(state.slots),
    jobs: new Map(state.jobs),
    leases: state.leases,
    freeze: state.freeze,
    pause: state.pause,
    hold: state.hold,
    failures: state.failures,
    goneAt: state.goneAt,
    goneSinceReading: state.goneSinceReading,
    cameSinceReading: state.cameSinceReading,
    over: state.over,
    wokeAt: state.wokeAt,
    ranOnGpu: state.ranOnGpu,
    limitSince: state.limitSince,
    lastLoadEndAwake: state.lastLoadEndAwake,
    draining: state.draining,
    loweredBy: state.loweredBy,
    demand: state.demand,
    yielding: state.yielding,
    ownLeases: null,
    ownProviders: null,
    ownFailures: null,
    effects: [],
    stirred: true,
  };
}

export function leasesToChange(draft: Draft): Map<string, Lease> {
  if (draft.ownLeases === null) draft.leases = draft.ownLeases = new Map(draft.leases);
  return draft.ownLeases;
}

export function providersToChange(draft: Draft): Map<string, ProviderState> {
  if (draft.ownProviders === null) draft.providers = draft.ownProviders = new Map(draft.providers);
  return draft.ownProviders;
}

export function failuresToChange(draft: Draft): Failures {
  if (draft.ownFailures === null) draft.failures = draft.ownFailures = new Map(draft.failures);
  return draft.ownFailures;
}

export function finish(draft: Draft): { state: CoreState; effects: Effect[] } {
  const state: CoreState = {
    now: draft.now,
    awake: draft.awake,
    seq: draft.seq,
    config: draft.config,
    memory: draft.memory,
    providers: draft.providers,
    catalog: draft.catalog,
    slots: draft.slots,
    jobs: draft.jobs,
    leases: draft.leases,
    freeze: draft.freeze,
    pause: draft.pause,
    hold: draft.hold,
    failures: draft.failures,
    goneAt: draft.goneAt,
    goneSinceReading: draft.goneSinceReading,
    cameSinceReading: draft.cameSinceReading,
    over: draft.over,
    wokeAt: draft.wokeAt,
    ranOnGpu: draft.ranOnGpu,
    limitSince: draft.limitSince,
    lastLoadEndAwake: draft.lastLoadEndAwake,
    draining: draft.draining,
    loweredBy: draft.loweredBy,
    demand: draft.demand,
    yielding: draft.yielding,
  };
  return { state, effects: draft.effects };
}

export function nextSeq(draft: Draft): number {
  draft.seq += 1;
  return draft.seq;
}

export function patchSlot(draft: Draft, slot: Slot, patch: Partial<Slot>): Slot {
  const next = { ...slot, ...patch };
  draft.slots.set(slot.key, next);
  return next;
}

/** A change of a slot's state, which also restarts the clock of that state. */
export function setSlotState(draft: Draft, slot: Slot, state: Slot['state'], patch: Partial<Slot> = {}): Slot {
  return patchSlot(draft, slot, { ...patch, state, since: draft.now, sinceAwake: draft.awake });
}

export function patchJob(draft: Draft, job: Job, patch: Partial<Job>): Job {
  const next = { ...job, ...patch };
  draft.jobs.set(job.key, next);
  return next;
}

type NewActivity = Pick<Activity, 'kind' | 'reason' | 'text'> & Partial<Omit<Activity, 'id' | 'at'>>;

export function note(draft: Draft, entry: NewActivity): void {
  draft.effects.push({
    type: 'activity',
    entry: {
      at: draft.now,
      model: null,
      name: null,
      provider: null,
      forModel: null,
      by: null,
      code: null,
      ram: null,
      tookMs: null,
      ...entry,
    },
  });
}

/** The fields of an activity entry that name a slot. */
export function about(slot: Slot): Pick<Activity, 'model' | 'name' | 'provider'> {
  return { model: slot.modelId, name: slot.name, provider: slot.provider };
}

export function answerJob(draft: Draft, job: Job, answer: Answer): void {
  for (const waiter of job.waiters) draft.effects.push({ type: 'answer-load', waiter: waiter.id, answer });
}

export function answerUnload(draft: Draft, slot: Slot, answer: { ok: true; text: string } | { ok: false; problem: Problem }): void {
  for (const waiter of slot.unload?.waiters ?? []) draft.effects.push({ type: 'answer-unload', waiter, answer });
}
