import { formatBytes } from '../../contract/index.ts';
import { about, note, patchSlot, setSlotState, leasesToChange, providersToChange, type Draft } from './draft.ts';
import { usesOf } from './demand.ts';
import { ABSENT_PATIENCE_MS, RESTART_WINDOW_MS, USE_NOTED_MS } from './limits.ts';
import { rememberedOf } from './remembered.ts';
import { loadedAgainText, loadedText } from './starting.ts';
import { inUse, leasesOf } from './standing.ts';
import type { CoreEvent, Observed } from './events.ts';
import type { Slot } from './types.ts';
import { noteUse } from './uses.ts';
import { causeOf, letGoText } from './unloads.ts';

type ProviderEvent = Extract<CoreEvent, { type: 'provider' }>['provider'];

/** A provider came, went, or changed. */
export function providerSeen(draft: Draft, seen: ProviderEvent): void {
  const before = draft.providers.get(seen.id);
  const changed = before?.status !== seen.status;
  const restarted = before !== undefined && seen.status === 'up' && (changed || (before.incarnation !== null && seen.incarnation !== before.incarnation));
  providersToChange(draft).set(seen.id, {
    ...seen,
    sinceAwake: changed ? draft.awake : (before?.sinceAwake ?? draft.awake),
    startedAwake: restarted ? draft.awake : (before?.startedAwake ?? null),
    lost: before?.lost ?? [],
  });
  if (!before || !changed || seen.status === 'off') return;
  const name = seen.label ?? seen.id;
  const text = seen.status === 'up' ? `${name} is running.` : (seen.problem?.message ?? `${name} is not running.`);
  note(draft, { kind: 'provider', reason: 'other', provider: seen.id, code: seen.problem?.code ?? null, text, parts: { what: 'provider', label: name, status: seen.status } });
}

/** A provider that has been gone for a while has taken its models with it. */
export function dropModelsOfTheGone(draft: Draft): void {
  for (const provider of draft.providers.values()) {
    if (provider.status !== 'absent' || draft.awake - provider.sinceAwake < ABSENT_PATIENCE_MS) continue;
    for (const slot of draft.slots.values()) {
      if (slot.provider === provider.id && (slot.state === 'ready' || slot.state === 'stuck')) vanish(draft, slot, true);
    }
  }
}

/** What a provider lists is the truth, unless Airdock has changed it since the question was asked. */
export function reconcile(draft: Draft, event: Extract<CoreEvent, { type: 'observed' }>): void {
  const listed = new Set<string>();
  for (const seen of event.loaded) {
    listed.add(seen.key);
    const slot = draft.slots.get(seen.key);
    if (!slot) adopt(draft, event, seen);
    else if (event.asOf < slot.sinceAwake) continue;
    else if (slot.state === 'ready') update(draft, slot, seen);
    else if (slot.state !== 'loading') patchSlot(draft, slot, { pid: seen.pid, canEnd: seen.canEnd, busy: seen.busy === true });
  }
  for (const slot of [...draft.slots.values()]) {
    if (slot.provider !== event.provider || listed.has(slot.key) || event.asOf <= slot.sinceAwake) continue;
    // Loads and unloads in progress end by their own answers.
    if (slot.state === 'ready' || slot.state === 'stuck') vanish(draft, slot, wasRestart(draft, event.provider));
  }
}

function wasRestart(draft: Draft, id: string): boolean {
  const provider = draft.providers.get(id);
  return provider?.startedAwake != null && draft.awake - provider.startedAwake < RESTART_WINDOW_MS;
}

function adopt(draft: Draft, { provider, asOf, remembered = [] }: Extract<CoreEvent, { type: 'observed' }>, seen: Observed): void {
  // A listing from before an own unload was confirmed must not bring the model back.
  const gone = draft.goneAt.get(seen.key);
  if (gone !== undefined && asOf <= gone) return;
  const own = rememberedOf(remembered, seen, draft.now);
  // A server that has just been met can only guess at uses before that.
  const lastUsed = own?.lastUsedAt != null && own.lastUsedAt <= draft.now ? Math.max(own.lastUsedAt, seen.lastUsed ?? 0) : seen.lastUsed;
  const used = usedAwake(draft, lastUsed);
  const slot: Slot = {
    key: seen.key,
    modelId: seen.modelId,
    name: seen.name,
    provider,
    state: 'ready',
    op: 0,
    cancelling: false,
    booked: seen.footprint,
    source: 'reported',
    pid: seen.pid,
    canEnd: seen.canEnd,
    contextLength: seen.contextLength,
    device: seen.device,
    loadedAt: null,
    since: draft.now,
    sinceAwake: draft.awake,
    lastUsedAt: lastUsed,
    lastUsedAwake: used ?? draft.awake,
    lastUsedFrom: used === null ? 'unknown' : 'provider',
    busy: seen.busy === true,
    foreign: own === null,
    loadedBy: own?.loadedBy ?? null,
    expiresAt: seen.expiresAt,
    armedMs: null,
    progress: null,
    tryOnce: false,
    unload: null,
  };
  draft.slots.set(seen.key, slot);
  if (seen.busy === true || (seen.lastUsed !== null && !isKnownUse(draft, seen.key, seen.lastUsed))) noteUse(draft, slot.key, seen.lastUsed ?? draft.now);
  rememberGpu(draft, slot.key, seen.device, seen.footprint);
  if (own) {
    note(draft, { ...about(slot), kind: 'notice', reason: 'restart', ram: seen.footprint.ram, text: `${seen.name} was in memory already: Airdock loaded it before it ended.`, parts: { what: 'stayed' } });
    return;
  }
  const name = draft.providers.get(provider)?.label ?? provider;
  note(draft, { ...about(slot), kind: 'appeared', reason: 'foreign', ram: seen.footprint.ram, text: `${seen.name} (${formatBytes(seen.footprint.ram)}) was loaded into ${name} by another program.` });
}

function update(draft: Draft, slot: Slot, seen: Observed): void {
  const used = usedAwake(draft, seen.lastUsed);
  // Two clocks meet here; a difference below a second is no new use.
  const newer = used !== null && used > slot.lastUsedAwake + 1000;
  const otherContext = seen.contextLength !== null && slot.contextLength !== null && seen.contextLength !== slot.contextLength;
  const reloaded = otherContext || (seen.pid !== null && slot.pid !== null && seen.pid !== slot.pid);
  // Models that answer side by side are each seen at it look after look: that is one use of each, not a new one every time.
  const goesOn = seen.busy === true && inUse(draft, slot) && draft.demand.last !== slot.key;
  if (!goesOn && (seen.busy === true || newer)) noteUse(draft, slot.key, seen.busy === true ? draft.now : (seen.lastUsed ?? draft.now));
  rememberGpu(draft, slot.key, seen.device, seen.footprint);
  patchSlot(draft, slot, {
    pid: seen.pid ?? slot.pid,
    canEnd: seen.canEnd,
    contextLength: seen.contextLength ?? slot.contextLength,
    device: seen.device === 'unknown' ? slot.device : seen.device,
    expiresAt: seen.expiresAt,
    busy: seen.busy === true,
    // A reload by another client with other settings is another footprint.
    booked: reloaded || slot.foreign ? { ...seen.footprint, ram: Math.max(seen.footprint.ram, reloaded ? 0 : slot.booked.ram) } : slot.booked,
    source: reloaded ? 'reported' : slot.source,
    ...(reloaded ? { armedMs: null } : {}),
    ...(seen.busy === true ? { lastUsedAwake: draft.awake, lastUsedAt: draft.now, lastUsedFrom: 'provider' as const } : {}),
    ...(newer ? { lastUsedAwake: used, lastUsedAt: seen.lastUsed, lastUsedFrom: 'provider' as const } : {}),
  });
}

/** It was counted before: by an Airdock that has ended since, or before its server was away for a while. Two clocks meet here. */
function isKnownUse(draft: Draft, key: string, lastUsed: number): boolean {
  const known = usesOf(draft.demand, key);
  return known !== undefined && lastUsed <= known.at + USE_NOTED_MS;
}

/** A provider's wall-clock instant in credited time; null where it is unknown. */
function usedAwake(draft: Draft, lastUsed: number | null): number | null {
  return lastUsed === null ? null : draft.awake - Math.max(0, draft.now - lastUsed);
}

/** A model that left memory without Airdock's doing. */
export function vanish(draft: Draft, slot: Slot, restart: boolean): void {
  for (const waiter of slot.unload?.waiters ?? []) draft.effects.push({ type: 'answer-unload', waiter, answer: { ok: true, text: `${slot.name} was unloaded.` } });
  dropLeases(draft, slot);
  draft.slots.delete(slot.key);
  if (slot.state === 'stuck') {
    note(draft, { ...about(slot), kind: 'unloaded', ...causeOf(slot), ram: slot.booked.ram, text: letGoText(slot) });
    return;
  }
  const provider = draft.providers.get(slot.provider);
  if (restart && provider) {
    providersToChange(draft).set(provider.id, { ...provider, lost: [...new Set([...provider.lost, slot.modelId])] });
    note(draft, { ...about(slot), kind: 'disappeared', reason: 'restart', text: `${slot.name} was in memory before ${provider.label ?? provider.id} stopped.` });
    return;
  }
  note(draft, { ...about(slot), kind: 'disappeared', reason: 'foreign', ram: slot.booked.ram, text: `${slot.name} left memory: ${provider?.label ?? slot.provider} or another program unloaded it.` });
}

export function dropLeases(draft: Draft, slot: Slot): void {
  for (const lease of leasesOf(draft, slot.key)) {
    leasesToChange(draft).delete(lease.id);
    draft.effects.push({ type: 'lease-ended', lease: lease.id, why: 'model-gone' });
  }
}

export function becomeReady(draft: Draft, slot: Slot, result: { footprint: Slot['booked']; source: Slot['source']; pid: number | null; contextLength: number | null; device: Slot['device'] }): Slot {
  const job = draft.jobs.get(slot.key);
  // What was booked is what earlier loads took, also those before Airdock's own start.
  rememberGpu(draft, slot.key, result.device, slot.booked);
  // What the user has set raises what is measured, never the other way round.
  const raised = slot.source === 'configured' && slot.booked.ram > result.footprint.ram;
  const next = setSlotState(draft, slot, 'ready', {
    booked: raised ? { ...result.footprint, ram: slot.booked.ram } : result.footprint,
    source: raised ? 'configured' : result.source,
    pid: result.pid,
    contextLength: result.contextLength,
    device: result.device,
    loadedAt: draft.now,
    lastUsedAt: draft.now,
    lastUsedAwake: draft.awake,
    lastUsedFrom: 'load',
    progress: null,
    cancelling: false,
    tryOnce: false,
    expiresAt: null,
  });
  const isBack = job?.origin === 'auto' && draft.yielding.coming === slot.key;
  const tookMs = draft.now - (job?.startedAt ?? slot.since);
  note(draft, { ...about(next), kind: 'loaded', reason: isBack ? 'pressure' : job?.origin === 'auto' ? 'pinned' : 'asked', by: job?.by ?? null, ram: next.booked.ram, tookMs, text: isBack ? loadedAgainText(next, tookMs) : loadedText(next, job, tookMs) });
  if (isBack) draft.yielding = { ...draft.yielding, coming: null };
  return next;
}

/** That it could run on a graphics card, so that a load without one after a sleep is noticed. */
function rememberGpu(draft: Draft, key: string, device: Slot['device'], footprint: Slot['booked']): void {
  if (draft.ranOnGpu.has(key)) return;
  if (device !== 'gpu' && device !== 'split' && !Object.values(footprint.vram).some((bytes) => bytes > 0)) return;
  draft.ranOnGpu = new Set(draft.ranOnGpu).add(key);
}
