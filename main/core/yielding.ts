import type { Draft } from './draft.ts';
import { OVER_PATIENCE_MS, OWN_LOAD_BLIND_MS, SIGN_LATE_MS, YIELD_UNUSED_MS } from './limits.ts';
import { comeBack } from './come-back.ts';
import { policies } from './policy.ts';
import { domainOf, roomSoon, settling, slotsIn, type Room } from './room.ts';
import { anew, findShortage, haveOthersGrown, heldByOthers, isStrong, lessOf, roomUntilEnough, stillShort } from './shortage.ts';
import { blockerOf, idleMs, isAutoIdle, mayTouch } from './standing.ts';
import { candidate } from './surroundings.ts';
import type { Slot } from './types.ts';
import { startUnload } from './unloads.ts';
import { weighed } from './uses.ts';
import type { Shortage } from './yield-state.ts';

/** Gives memory back while other programs are short of it, one model after the other with a reading between, and takes it again once they are not. */
export function watchOthers(draft: Draft): void {
  const { memory, yielding } = draft;
  // What a reading showed is judged once.
  if (!memory || memory.at === yielding.readAt) return;
  if (isBlind(draft)) {
    // What memory looks like after an own load is no other program's doing: from there on they are watched anew.
    draft.yielding = { ...yielding, readAt: memory.at, least: null, short: null, calmAwake: draft.awake };
    return;
  }
  const now = heldByOthers(draft, memory);
  const before = yielding.short;
  const found = (before && stillShort(draft, memory, before)) ?? findShortage(draft, memory, yielding.least, now);
  const short = found && { ...found, sinceAwake: before?.sinceAwake ?? draft.awake };
  draft.yielding = {
    ...yielding,
    readAt: memory.at,
    // What they hold once nothing is short is theirs: only more than that would be news.
    least: before && !short ? anew(yielding.least, now) : lessOf(yielding.least, now),
    short,
    calmAwake: short || draft.over ? draft.awake : yielding.calmAwake,
  };
  if (short && draft.awake - short.sinceAwake >= OVER_PATIENCE_MS && isStrong(draft, memory, short) && !isTooSoon(draft, short)) {
    const candidates = mayYield(draft).filter((slot) => short.sign !== 'vram' || (slot.booked.vram[short.device ?? ''] ?? 0) > 0);
    const { sign, figure, device } = short;
    yieldOne(draft, candidates, roomUntilEnough(draft, memory, short), { sign, figure, ...(device === undefined ? {} : { device }) });
  } else if (!short) comeBack(draft, memory);
}

/** More is held than there is: for a while already, and not by what an own load looks like. */
export function yieldOver(draft: Draft): void {
  const { memory, over } = draft;
  if (!memory || !over || draft.awake - over.sinceAwake < OVER_PATIENCE_MS || isBlind(draft)) return;
  const grown = haveOthersGrown(draft.yielding.least, heldByOthers(draft, memory), memory);
  yieldOne(draft, mayYield(draft), { ...roomSoon(draft, 'host', null), slots: Infinity }, grown ? { sign: 'over', figure: over.bytes } : null);
}

/** Airdock's own loads take memory as well, and what they leave behind settles only after a while. */
function isBlind(draft: Draft): boolean {
  if (draft.awake - draft.lastLoadEndAwake < OWN_LOAD_BLIND_MS) return true;
  for (const job of draft.jobs.values()) {
    if (job.state !== 'waiting' && domainOf(draft, draft.catalog.byId.get(job.modelId)?.provider ?? '') === 'host') return true;
  }
  return slotsIn(draft, 'host').some((slot) => slot.state === 'loading');
}

function isTooSoon(draft: Draft, { sign }: Shortage): boolean {
  return (sign === 'stalls' || sign === 'system') && draft.awake - draft.yielding.lastAwake < SIGN_LATE_MS;
}

/** Who may go for other programs, as far as it is nobody's at present. */
function mayYield(draft: Draft): Slot[] {
  if (draft.pause || draft.freeze) return [];
  return slotsIn(draft, 'host').filter((slot) => {
    if (slot.state !== 'ready' || !mayTouch(draft, slot) || blockerOf(draft, slot, false) !== null || idleMs(draft, slot) < YIELD_UNUSED_MS) return false;
    // Whose room is free as soon as somebody needs it goes also where nothing else does.
    return draft.config.yield || (draft.config.autoUnloadIdle && isAutoIdle(draft, slot));
  });
}

/** Of those whose going would be enough the least valuable one; where not even all are, the least valuable of all. The next reading tells whether another has to go. */
function yieldOne(draft: Draft, slots: readonly Slot[], room: Room, shortage: Shortage | null): void {
  if (settling(draft) || slotsIn(draft, 'host').some((slot) => slot.state === 'unloading')) return;
  const able = weighed(draft, slots.map((slot) => candidate(draft, slot)), null);
  const vram = Object.fromEntries(Object.keys(room.vram).map((id) => [id, 0]));
  const policy = policies[draft.config.eviction];
  const chosen = policy.choose(able, room, { ram: 0, vram }) ?? able;
  const [first] = [...chosen].sort((a, b) => (policy.weighs ? a.worth - b.worth : 0) || a.lastUsedAwake - b.lastUsedAwake || (a.key < b.key ? -1 : 1));
  const slot = first && draft.slots.get(first.key);
  if (!slot) return;
  draft.yielding = { ...draft.yielding, lastAwake: draft.awake, calmAwake: draft.awake };
  startUnload(draft, slot, { reason: 'pressure', by: null, forModel: null, shortage, waiters: [] });
}
