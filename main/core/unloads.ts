import { formatBytes, formatDuration, isPerson, problem, type Activity, type Problem } from '../../contract/index.ts';
import { gaveUp } from './come-back.ts';
import { about, answerUnload, nextSeq, note, patchJob, patchSlot, setSlotState, type Draft } from './draft.ts';
import { UNLOAD_PATIENCE_MS, USE_NOTED_MS } from './limits.ts';
import { heldFootprint } from './room.ts';
import { blockerOf, idleMs, isPinned, isUnloadable, leasesOf } from './standing.ts';
import { shortageWords, unusedFor, wantedWords } from './sentences.ts';
import type { UnloadResult } from './events.ts';
import type { Slot, UnloadIntent } from './types.ts';
import { wantedOf } from './uses.ts';

/** Asks the provider to let a ready model go; its room counts as its own until that is confirmed. */
export function startUnload(draft: Draft, slot: Slot, intent: UnloadIntent): Slot {
  const op = nextSeq(draft);
  // The provider is asked once more right before: who used the model meanwhile keeps it.
  const lastUse = slot.lastUsedAt ?? slot.loadedAt ?? draft.now;
  // The end of a use of our own is no other one.
  const ifUnusedSince = intent.reason === 'asked' ? null : slot.lastUsedFrom === 'lease' ? lastUse + USE_NOTED_MS : lastUse;
  const chosen = intent.reason === 'room' || intent.reason === 'pressure';
  const next = setSlotState(draft, slot, 'unloading', { op, unload: chosen ? { ...intent, wanted: wantedOf(draft, slot) } : intent });
  draft.effects.push({ type: 'unload', key: slot.key, op, provider: slot.provider, ifUnusedSince });
  return next;
}

/** Why a person's or program's unload is refused; null: it goes ahead. */
export function unloadRefusal(draft: Draft, slot: Slot, confirm: boolean): Problem | null {
  const leases = leasesOf(draft, slot.key);
  if (!isUnloadable(draft, slot)) {
    const server = draft.providers.get(slot.provider)?.label ?? slot.provider;
    return problem('foreign', `${slot.name} stays in memory until ${server} ends: that server cannot be told to unload.`, `End ${server} to free the memory.`);
  }
  if (slot.state === 'loading') return problem('in-use', `${slot.name} is being loaded.`, 'Cancel the load instead.');
  if (draft.freeze && !confirm) return problem('frozen', `Models are frozen, so ${slot.name} stays in memory.`, 'Confirm to unload it all the same, or unfreeze.');
  if (isPinned(draft, slot) && !confirm) return problem('pinned', `${slot.name} is kept in memory.`, 'Confirm to unload it all the same, or stop keeping it.');
  if (leases.length > 0) return problem('in-use', `${slot.name} is in use by ${leases.map((l) => l.holder).join(', ')}.`, 'Try again when that has finished.');
  return null;
}

export function unloadEnded(draft: Draft, slot: Slot, result: UnloadResult): void {
  const intent = slot.unload;
  if (result.kind !== 'gone') madeNoRoom(draft, slot);
  if (result.kind === 'gone') {
    answerUnload(draft, slot, { ok: true, text: `${slot.name} was unloaded.` });
    draft.slots.delete(slot.key);
    gaveUp(draft, slot);
    note(draft, { ...about(slot), kind: 'unloaded', ...causeOf(slot), ram: heldFootprint(draft, slot).ram, tookMs: draft.now - slot.since, text: goneText(draft, slot) });
    return;
  }
  if (result.kind === 'in-use') {
    const why = problem('in-use', `${slot.name} is being used by another program.`, 'Try again when that has finished.');
    answerUnload(draft, slot, { ok: false, problem: why });
    if (intent?.reason === 'asked') noteRefused(draft, slot, intent.by, why);
    // Busy until the provider is next seen to say otherwise: a new plan must not choose it again at once.
    setSlotState(draft, slot, 'ready', { unload: null, busy: true, lastUsedAwake: draft.awake, lastUsedAt: result.lastUsed ?? draft.now, lastUsedFrom: 'provider' });
    return;
  }
  answerUnload(draft, slot, { ok: false, problem: result.problem });
  if (slot.state !== 'stuck') setSlotState(draft, slot, 'stuck', { unload: intent ? { ...intent, waiters: [] } : null });
  note(draft, { ...about(slot), kind: 'failed', ...causeOf(slot), code: result.problem.code, text: result.problem.message });
}

/** An unload that somebody asked for by name. */
function noteRefused(draft: Draft, slot: Slot, by: string | null, why: Problem): void {
  const asker = askedFor(by);
  const text = `An unload${asker}${asker && ','} was refused: ${why.message}`;
  note(draft, { ...about(slot), kind: 'refused', reason: 'asked', by, code: why.code, text, parts: { what: 'unload' } });
}

/** It stays: whoever it was to make room for is not told otherwise. */
function madeNoRoom(draft: Draft, slot: Slot): void {
  for (const job of draft.jobs.values()) {
    if (job.modelId !== slot.unload?.forModel) continue;
    patchJob(draft, job, { unloaded: job.unloaded.filter((u) => u.id !== slot.modelId) });
  }
}

/** The fields of an activity entry that tell why a model was to go, and on whose account. */
export function causeOf({ unload }: Slot): Pick<Activity, 'reason' | 'by' | 'forModel' | 'code' | 'parts'> {
  const { shortage, wanted } = unload ?? {};
  return { reason: unload?.reason ?? 'other', by: unload?.by ?? null, forModel: unload?.forModel ?? null, code: unload?.byLimit ? 'limit-reached' : null,
    ...(shortage ? { parts: { what: 'yield' as const, sign: shortage.sign, figure: shortage.figure } } : wanted ? { parts: { what: 'wanted' as const, ...wanted } } : {}),
  };
}

/** A model that was not letting go has gone after all. */
export function letGoText(slot: Slot): string {
  return `${slot.name} has let go of its memory.`;
}

function goneText(draft: Draft, slot: Slot): string {
  // Whether its provider's answer or its list tells first is chance; the words are the same.
  if (slot.state === 'stuck') return letGoText(slot);
  const size = formatBytes(heldFootprint(draft, slot).ram);
  const intent = slot.unload;
  const newcomer = intent?.forModel ? (draft.catalog.byId.get(intent.forModel)?.name ?? intent.forModel) : null;
  const ms = idleMs(draft, slot);
  const idle = `${unusedFor(ms)}${intent?.wanted ? `: ${wantedWords(intent.wanted)}` : ''}`;
  if (intent?.reason === 'room' && newcomer) return `${slot.name} (${size}, ${idle}) was unloaded to make room for ${newcomer}${askedFor(intent.by)}.`;
  if (intent?.reason === 'other' && newcomer) return `${slot.name} (${size}, ${idle}) was unloaded because loading ${newcomer} hung behind it.`;
  if (intent?.reason === 'replace') return `${slot.name} (${size}) was unloaded to load it with another context size.`;
  if (intent?.reason === 'sleep') return `${slot.name} (${size}, ${idle}) was unloaded before the computer went to sleep.`;
  if (intent?.reason === 'shutdown') return `${slot.name} (${size}, ${idle}) was unloaded because Airdock ended.`;
  if (intent?.reason === 'idle' && intent.by === null) return `${slot.name} (${size}) was unloaded after ${formatDuration(ms)} without use.`;
  if (intent?.reason === 'pressure' && intent.shortage) return `${shortageWords(intent.shortage)}: ${slot.name} (${size}, ${idle}) was unloaded.`;
  if (intent?.reason === 'pressure') return `${slot.name} (${size}, ${idle}) was unloaded because the computer ran short of memory.`;
  if (intent?.reason === 'limit') return `${slot.name} (${size}, ${idle}) was unloaded because the limit was lowered.`;
  return `${slot.name} (${size}) was unloaded${askedFor(intent?.by ?? null)}.`;
}

/** People know what they have asked for; what a program asked for is news to them. */
function askedFor(by: string | null): string {
  return by === null || isPerson(by) ? '' : `, asked for by ${by}`;
}

/** Models that were asked to go and have not gone in time: their memory stays booked, plans are made without it. */
export function findStuck(draft: Draft): void {
  for (const slot of draft.slots.values()) {
    if (slot.state !== 'unloading' || draft.awake - slot.sinceAwake < UNLOAD_PATIENCE_MS) continue;
    if (slot.busy) {
      finishesFirst(draft, slot);
      continue;
    }
    const text = `${slot.name} was asked to leave memory ${formatDuration(draft.awake - slot.sinceAwake)} ago and is not letting go.`;
    madeNoRoom(draft, slot);
    answerUnload(draft, slot, { ok: false, problem: problem('not-letting-go', text, slot.canEnd ? 'Its process can be ended.' : 'Restarting the program that runs it frees the memory.') });
    setSlotState(draft, slot, 'stuck', { unload: slot.unload ? { ...slot.unload, waiters: [] } : null });
    note(draft, { ...about(slot), kind: 'failed', ...causeOf(slot), code: 'not-letting-go', text });
  }
}

/** It is still answering somebody, which is no fault: its memory is planned without all the same, however long that takes. */
function finishesFirst(draft: Draft, slot: Slot): void {
  const text = `${slot.name} is still answering another program and leaves memory when that has finished.`;
  answerUnload(draft, slot, { ok: false, problem: problem('in-use', text) });
  setSlotState(draft, slot, 'stuck', { unload: slot.unload ? { ...slot.unload, waiters: [] } : null });
  note(draft, { ...about(slot), kind: 'notice', ...causeOf(slot), code: 'in-use', text });
}

/** An unload that somebody asked for by name. */
export function requestUnload(draft: Draft, waiter: string, slot: Slot, request: { confirm: boolean; by: string; reason: UnloadIntent['reason'] }): void {
  if (slot.state === 'unloading' && slot.unload) {
    patchSlot(draft, slot, { unload: { ...slot.unload, waiters: [...slot.unload.waiters, waiter] } });
    return;
  }
  const refused = unloadRefusal(draft, slot, request.confirm) ?? ((request.reason === 'idle' || request.reason === 'sleep') && blockerOf(draft, slot, false) !== null ? problem('in-use', `${slot.name} is wanted or is not Airdock's to unload.`) : null);
  if (refused) {
    draft.effects.push({ type: 'answer-unload', waiter, answer: { ok: false, problem: refused } });
    // To a person, what a yes would do all the same is a question.
    const asks = isPerson(request.by) && (refused.code === 'frozen' || refused.code === 'pinned');
    if (request.reason === 'asked' && !asks) noteRefused(draft, slot, request.by, refused);
    return;
  }
  startUnload(draft, slot, { reason: request.reason, by: request.by, forModel: null, waiters: [waiter] });
}
