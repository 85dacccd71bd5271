import type { Plan } from '../../contract/index.ts';
import { AUTO_FREE_MS } from './limits.ts';
import type { CoreState, IdleTimeout, Lease, Slot, WeightsKey } from './types.ts';

export type Blocker = Plan['blockers'][number]['why'];

export function leasesOf(state: CoreState, key: string): Lease[] {
  const found: Lease[] = [];
  for (const lease of state.leases.values()) if (lease.key === key) found.push(lease);
  return found;
}

export function inUse(state: CoreState, slot: Slot): boolean {
  if (slot.busy) return true;
  for (const lease of state.leases.values()) if (lease.key === slot.key) return true;
  return false;
}

export function idleMs(state: CoreState, slot: Slot): number {
  return inUse(state, slot) ? 0 : Math.max(0, state.awake - slot.lastUsedAwake);
}

/** Its own idle timeout in ms, whether or not idle models are unloaded at present; null: it has none. */
export function idleTimeoutOf(state: CoreState, slot: Slot): number | null {
  const timeout = idleSettingOf(state, slot);
  return timeout === 'auto' ? null : timeout;
}

/** It stays while nobody wants its room, and goes without a question once somebody does. */
export function isAutoIdle(state: CoreState, slot: Slot): boolean {
  return idleSettingOf(state, slot) === 'auto';
}

function idleSettingOf(state: CoreState, slot: Slot): IdleTimeout {
  const model = state.catalog.byId.get(slot.modelId);
  return model ? model.idleTimeoutMs : state.config.idleTimeoutMs;
}

/** Ms without use after which its room is there for whoever wants it, whether or not it goes by itself then; null: only with a yes. */
export function freeToTakeAfterMs(state: CoreState, slot: Slot): number | null {
  return isAutoIdle(state, slot) ? AUTO_FREE_MS : idleTimeoutOf(state, slot);
}

export function isPinned(state: CoreState, slot: Slot): boolean {
  return state.config.pinned.has(slot.key);
}

/** Past its timeout: unloading it needs nobody's consent. */
export function isExpired(state: CoreState, slot: Slot): boolean {
  const timeout = freeToTakeAfterMs(state, slot);
  return timeout !== null && slot.state === 'ready' && !isPinned(state, slot) && mayTouch(state, slot) && idleMs(state, slot) >= timeout && !inUse(state, slot);
}

/** Models of other programs are left alone until the user has said otherwise. */
export function mayTouch(state: CoreState, slot: Slot): boolean {
  return isUnloadable(state, slot) && (!slot.foreign || state.config.unloadForeign === 'yes');
}

/** Some servers keep what they have until they end. */
export function isUnloadable(state: CoreState, slot: Slot): boolean {
  return state.providers.get(slot.provider)?.canUnload !== false;
}

/**
 * Why a model may not be unloaded to make room; null: it may. `consent`: a person has seen the plan
 * and said yes, or will be asked, which covers models of other programs too.
 */
export function blockerOf(state: CoreState, slot: Slot, consent: boolean): Blocker | null {
  if (slot.state === 'loading') return 'loading';
  if (slot.state === 'stuck') return 'stuck';
  if (slot.state === 'unloading') return null;
  if (isPinned(state, slot)) return 'pinned';
  const provider = state.providers.get(slot.provider);
  if (provider && provider.status !== 'up') return 'provider-down';
  if (inUse(state, slot)) return 'in-use';
  if (wantedByJob(state, slot)) return 'in-use';
  if (!isUnloadable(state, slot)) return 'foreign';
  if (slot.foreign && !(consent ? state.config.unloadForeign !== 'no' : mayTouch(state, slot))) return 'foreign';
  return null;
}

/** Somebody waits for it: it was loaded for them, or they have just asked. */
function wantedByJob(state: CoreState, slot: Slot): boolean {
  const job = state.jobs.get(slot.key);
  if (job === undefined || standsInTheWay(state, slot.key, job.seq)) return false;
  return sameContext(slot, job);
}

/** Somebody who came before `seq` has waited too long for the room of this model: it takes no new uses before that. */
export function standsInTheWay(state: CoreState, key: WeightsKey, seq: number): boolean {
  for (const job of state.jobs.values()) if (job.inItsWay?.has(key) && job.seq < seq) return true;
  return false;
}

/** Only an explicit wish for a context is not served by the one that is there. */
export function sameContext(slot: Pick<Slot, 'contextLength'>, wish: { contextLength: number | null; atLeast?: boolean }): boolean {
  if (wish.contextLength === null || slot.contextLength === null) return true;
  return wish.atLeast ? slot.contextLength >= wish.contextLength : slot.contextLength === wish.contextLength;
}

/** When it goes by itself if nobody uses it, and by whose clock. Wall time, ms since the epoch. */
export function unloadsAt(state: CoreState, slot: Slot): { at: number; by: 'airdock' | 'provider' } | null {
  if (slot.state !== 'ready') return null;
  const own = expiresInMs(state, slot);
  const ownAt = own === null ? null : state.now + own;
  const provider = state.providers.get(slot.provider);
  const providerAt = provider?.ownExpiry && slot.expiresAt !== null && slot.expiresAt > state.now && !inUse(state, slot) ? slot.expiresAt : null;
  if (ownAt !== null && (providerAt === null || ownAt <= providerAt)) return { at: ownAt, by: 'airdock' };
  return providerAt === null ? null : { at: providerAt, by: 'provider' };
}

/** Ms until Airdock unloads it for being idle; null: it does not. */
export function expiresInMs(state: CoreState, slot: Slot): number | null {
  if (!state.config.autoUnloadIdle || state.pause || state.freeze) return null;
  if (slot.state !== 'ready' || isPinned(state, slot) || !mayTouch(state, slot) || inUse(state, slot)) return null;
  const timeout = idleTimeoutOf(state, slot);
  return timeout === null ? null : Math.max(0, timeout - idleMs(state, slot));
}
