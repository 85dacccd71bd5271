import { isPerson } from '../../contract/index.ts';
import { patchSlot, type Draft } from './draft.ts';
import { COME_BACK_CALM_MS, COME_BACK_WITHIN_MS, READING_FRESH_MS } from './limits.ts';
import { decide, wishFor, type Decision } from './plan.ts';
import { freeRam, roomNow, settling } from './room.ts';
import { enoughOf, enoughVram } from './shortage.ts';
import type { GivenUp } from './yield-state.ts';
import type { CoreEvent } from './events.ts';
import type { HostMemory, Job, KnownModel, Slot } from './types.ts';

/** It went for other programs: remembered, where it may come back. Where memory is short again soon after something came back, nothing does: else they would come and go in turns. */
export function gaveUp(draft: Draft, slot: Slot): void {
  if (!draft.config.yieldRestore || !slot.unload?.shortage || slot.unload.staysAway || slot.foreign) return;
  const { givenUp, cameBackAwake } = draft.yielding;
  if (draft.awake - cameBackAwake < COME_BACK_WITHIN_MS) return;
  const rest = givenUp.filter(({ key }) => key !== slot.key);
  draft.yielding = { ...draft.yielding, givenUp: [...rest, { key: slot.key, modelId: slot.modelId, sinceAwake: draft.awake, usedAwake: slot.lastUsedAwake }] };
}

/** Somebody who says what is to be in memory has a picture of their own: nothing is added to that. */
export function forgetGivenUp(draft: Draft, event: CoreEvent): void {
  const { givenUp } = draft.yielding;
  // It came back otherwise.
  if (event.type === 'load-ended' && event.result.ok && givenUp.length > 0) draft.yielding = { ...draft.yielding, givenUp: givenUp.filter(({ key }) => key !== event.key) };
  const decided =
    (event.type === 'load-requested' && event.origin === 'person') || (event.type === 'unload-requested' && isPerson(event.by)) || (event.type === 'mode' && event.mode !== 'pause' && event.value !== null);
  if (!decided) return;
  if (givenUp.length > 0) draft.yielding = { ...draft.yielding, givenUp: [] };
  // Nor is what is on its way out just now.
  for (const slot of draft.slots.values()) if (slot.unload?.shortage) patchSlot(draft, slot, { unload: { ...slot.unload, staysAway: true } });
}

/** Nothing has been short for a while: what went comes back, the most valuable first, where it fits without anybody's going and leaves enough. */
export function comeBack(draft: Draft, memory: HostMemory): void {
  // It was refused after all, or its load failed.
  if (draft.yielding.coming !== null && !draft.jobs.has(draft.yielding.coming)) draft.yielding = { ...draft.yielding, coming: null };
  const { yielding } = draft;
  if (yielding.givenUp.length === 0) return;
  const givenUp = draft.config.yieldRestore
    ? yielding.givenUp.filter((one) => draft.awake - one.sinceAwake < COME_BACK_WITHIN_MS && !draft.slots.has(one.key) && !draft.jobs.has(one.key) && !wouldHaveGone(draft, one))
    : [];
  if (givenUp.length < yielding.givenUp.length) draft.yielding = { ...yielding, givenUp };
  if (!isCalm(draft)) return;
  for (const { key, modelId } of givenUp.toReversed()) {
    const model = draft.catalog.byId.get(modelId);
    if (!model || !fitsWell(draft, memory, model)) continue;
    draft.yielding = { ...draft.yielding, givenUp: givenUp.filter((one) => one.key !== key), cameBackAwake: draft.awake, coming: key };
    draft.effects.push({ type: 'load-again', modelId });
    return;
  }
}

/** Its idle timeout would be over: back in memory it would be in nobody's use, and go again. */
function wouldHaveGone(draft: Draft, { key, modelId, usedAwake }: GivenUp): boolean {
  const timeout = draft.catalog.byId.get(modelId)?.idleTimeoutMs;
  return draft.config.autoUnloadIdle && !draft.config.pinned.has(key) && typeof timeout === 'number' && draft.awake - usedAwake >= timeout;
}

function isCalm(draft: Draft): boolean {
  if (draft.freeze || draft.hold || draft.over || draft.jobs.size > 0 || settling(draft)) return false;
  if (draft.awake - draft.yielding.calmAwake < COME_BACK_CALM_MS) return false;
  return ![...draft.slots.values()].some((slot) => slot.state === 'unloading' || slot.state === 'loading');
}

/** Between its being found to fit and its load, somebody has come whose model would have to go for it. */
export function wouldDisplace(draft: Draft, job: Job, { victims }: Decision): boolean {
  return job.origin === 'auto' && draft.yielding.coming === job.key && victims.length > 0;
}

/** As a load that nobody asked for: no model goes for it, and other programs keep what they had when nothing was short. */
function fitsWell(draft: Draft, memory: HostMemory, model: KnownModel): boolean {
  if (Math.abs(draft.now - memory.at) >= READING_FRESH_MS || draft.goneSinceReading || draft.cameSinceReading) return false;
  const wish = wishFor(model, null, false);
  const decision = decide(draft, { ...wish, contextLength: null });
  if (decision.kind !== 'fits' || decision.victims.length > 0) return false;
  if (Math.min(freeRam(draft, 'host') ?? 0, memory.available) - wish.need.ram < enoughOf(memory)) return false;
  const { vram } = roomNow(draft, 'host');
  return memory.vram.every(({ id, total }) => (wish.need.vram[id] ?? 0) === 0 || (vram[id] ?? 0) - (wish.need.vram[id] ?? 0) >= enoughVram(total));
}
