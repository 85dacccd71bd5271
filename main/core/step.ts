import { problem } from '../../contract/index.ts';
import { draftOf, finish, note, patchSlot, leasesToChange, providersToChange, type Draft } from './draft.ts';
import { noDemand, type Demand } from './demand.ts';
import { advanceJobs } from './jobs.ts';
import { ARM_RETRY_MS, CREDIT_MAX_MS, PRESSURE_FLOOR_SHARE } from './limits.ts';
import { dropModelsOfTheGone, providerSeen, reconcile } from './observe.ts';
import type { CoreEvent, Effect } from './events.ts';
import type { CoreConfig, CoreState } from './types.ts';
import { providerReplaced } from './replaced.ts';
import { watchTryOnce } from './try-once.ts';
import { leasesOf } from './standing.ts';
import { findStuck, requestUnload, unloadEnded } from './unloads.ts';
import { leave } from './waiters.ts';
import { request, cancel } from './requests.ts';
import { loadEnded, crashed, markGone } from './load-ended.ts';
import { forgetGivenUp } from './come-back.ts';
import { endLease, endUnrenewedLeases } from './leases.ts';
import { noYielding } from './yield-state.ts';
import { watchOthers } from './yielding.ts';
import { expireIdle, drain, watchBudget, rearm } from './upkeep.ts';

/** `demand`: what is known of earlier runs. */
export function initialState(config: CoreConfig, at: number, demand: Demand = noDemand): CoreState {
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
    cameSinceReading: false,
    over: null,
    wokeAt: null,
    ranOnGpu: new Set(),
    limitSince: at,
    lastLoadEndAwake: -Infinity,
    draining: false,
    loweredBy: null,
    demand,
    yielding: noYielding,
  };
}

/** The next state and what is to be done. Deterministic: the same state and event give the same answer. */
export function step(state: CoreState, event: CoreEvent): { state: CoreState; effects: Effect[] } {
  const draft = draftOf(state);
  // A clock that is set back is no negative idleness, and a night's sleep is no night of it.
  draft.awake += Math.min(CREDIT_MAX_MS, Math.max(0, event.at - draft.now));
  draft.now = event.at;
  endModes(draft);
  draft.stirred = stirs(state, event);
  forgetGivenUp(draft, event);
  handle(draft, event);
  endUnrenewedLeases(draft);
  dropModelsOfTheGone(draft);
  findStuck(draft);
  advanceJobs(draft);
  watchBudget(draft);
  watchOthers(draft);
  drain(draft);
  expireIdle(draft);
  // What the unloads above made possible for those who wait.
  advanceJobs(draft);
  rearm(draft);
  onlyOneMeasure(draft, event.type === 'memory');
  return finish(draft);
}

/** Whether an event can give room to those who wait. The others come by the hundred where programs are busy, and change nothing for them. */
function stirs(state: CoreState, event: CoreEvent): boolean {
  switch (event.type) {
    case 'load-requested':
    case 'waiter-left':
    case 'load-progress':
    case 'lease-renewed':
      return false;
    case 'lease-released': {
      const lease = state.leases.get(event.lease);
      // Without anybody who waits it makes no difference.
      return state.jobs.size > 0 && lease !== undefined && leasesOf(state, lease.key).length === 1;
    }
    default:
      return true;
  }
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
      if (event.config.limit !== draft.config.limit) draft.limitSince = draft.now;
      draft.config = event.config;
      if (lowered) {
        draft.draining = true;
        draft.loweredBy = event.by ?? null;
      }
      return;
    }
    case 'catalog':
      draft.catalog = event.catalog;
      return;
    case 'memory':
      draft.memory = event.memory;
      draft.goneSinceReading = false;
      draft.cameSinceReading = false;
      watchTryOnce(draft, event.memory.total * PRESSURE_FLOOR_SHARE);
      return;
    case 'provider':
      return providerSeen(draft, event.provider);
    case 'provider-replaced':
      return providerReplaced(draft, event.provider);
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
    case 'rearm-failed': {
      const slot = draft.slots.get(event.key);
      if (slot) patchSlot(draft, slot, { armedMs: null, armAgainAwake: draft.awake + ARM_RETRY_MS });
      return;
    }
    case 'crashed':
      return crashed(draft, event.key, event.problem);
    case 'lease-renewed': {
      const lease = draft.leases.get(event.lease);
      if (lease) leasesToChange(draft).set(lease.id, { ...lease, renewedAwake: draft.awake });
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
      if (provider) providersToChange(draft).set(provider.id, { ...provider, lost: [] });
      return;
    }
    case 'resumed':
      draft.wokeAt = draft.now;
      for (const slot of draft.slots.values()) {
        if (slot.expiresAt !== null) patchSlot(draft, slot, { expiresAt: slot.expiresAt + event.sleptMs });
      }
      return;
  }
}

const modeEnded = {
  freeze: 'Models are no longer frozen: the chosen time is over.',
  pause: 'Unused models are unloaded again: the chosen time is over.',
  hold: 'Programs can load models again: memory was set free an hour ago.',
} as const;

function endModes(draft: Draft): void {
  for (const mode of ['freeze', 'pause', 'hold'] as const) {
    const value = draft[mode];
    if (value?.until == null || draft.now < value.until) continue;
    draft[mode] = null;
    note(draft, { kind: 'setting', reason: 'other', text: modeEnded[mode], parts: { what: 'mode', mode, on: false, over: true } });
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
