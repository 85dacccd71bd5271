import { note, patchSlot, type Draft } from './draft.ts';
import { KEEP_ALIVE_GRACE_MS, OVER_TOLERANCE_SHARE, OVER_TOLERANCE_BYTES } from './limits.ts';
import { policies } from './policy.ts';
import { blurred, freeRam, reserveOf, roomSoon, settling, slotsIn } from './room.ts';
import { overSentence } from './sentences.ts';
import { blockerOf, expiresInMs, leasesOf } from './standing.ts';
import { hasLoadPending, keepAliveFor } from './starting.ts';
import { candidate } from './surroundings.ts';
import type { Slot } from './types.ts';
import { startUnload } from './unloads.ts';
import { weighed } from './uses.ts';
import { yieldOver } from './yielding.ts';

/** Unloads what has been idle for its whole timeout. */
export function expireIdle(draft: Draft): void {
  for (const slot of draft.slots.values()) {
    if (draft.jobs.has(slot.key)) continue;
    if (draft.providers.get(slot.provider)?.status === 'up' && expiresInMs(draft, slot) === 0) {
      startUnload(draft, slot, { reason: 'idle', by: null, forModel: null, waiters: [] });
    }
  }
}

/** A lowered limit or budget takes idle models of our own, never busy ones, never other programs'. */
export function drain(draft: Draft): void {
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
    for (const slot of byLeastUsed(idle).slice(0, tooMany)) startUnload(draft, slot, { reason: 'limit', by: draft.loweredBy, forModel: null, waiters: [] });
    return;
  }
  if (!settling(draft)) unloadUntilFree(draft, idle);
}

function byLeastUsed(slots: readonly Slot[]): Slot[] {
  return [...slots].sort((a, b) => a.lastUsedAwake - b.lastUsedAwake || (a.key < b.key ? -1 : 1));
}

/** More is held than the machine can give: nothing more is admitted, and after a moment idle models go. */
export function watchBudget(draft: Draft): void {
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
    note(draft, { kind: 'memory', reason: 'pressure', code: 'over-budget', text: overSentence(-free, reserveOf(draft)) });
  }
  if (draft.over) yieldOver(draft);
}

function unloadUntilFree(draft: Draft, idle: readonly Slot[]): void {
  const room = { ...roomSoon(draft, 'host', null), slots: Infinity };
  const candidates = weighed(draft, idle.map((s) => candidate(draft, s)), null);
  // Where not even all of them suffice, all of them go: each byte helps.
  const chosen = policies[draft.config.eviction].choose(candidates, room, { ram: 0, vram: {} }) ?? candidates;
  for (const { key } of chosen) startUnload(draft, draft.slots.get(key)!, { reason: 'limit', by: draft.loweredBy, forModel: null, waiters: [] });
}

/** Tells providers with an expiry of their own how long to keep what is ours, once per change. */
export function rearm(draft: Draft): void {
  for (const slot of draft.slots.values()) {
    const provider = draft.providers.get(slot.provider);
    if (slot.state !== 'ready' || slot.foreign || slot.busy || provider?.status !== 'up' || !provider.ownExpiry) continue;
    // An explicit keep_alive while a load waits can hang Ollama's scheduler (ollama #17408).
    if (hasLoadPending(draft, slot.provider)) continue;
    const wanted = keepAliveFor(draft, slot);
    const endsSoon = slot.expiresAt !== null && slot.expiresAt - draft.now < KEEP_ALIVE_GRACE_MS / 2;
    if (slot.armedMs === wanted && !endsSoon) continue;
    const leased = leasesOf(draft, slot.key).length > 0;
    const runsOut = leased && endsSoon;
    if (slot.armedMs === wanted && !runsOut) continue;
    if (slot.armAgainAwake !== undefined && draft.awake < slot.armAgainAwake) continue;
    if (leased && !runsOut) continue;
    patchSlot(draft, slot, { armedMs: wanted, expiresAt: Number.isFinite(wanted) ? draft.now + wanted : null });
    draft.effects.push({ type: 'rearm', key: slot.key, provider: slot.provider, keepAliveMs: wanted });
  }
}
