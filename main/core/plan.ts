import { type Footprint, type FootprintSource, type Plan, type PlanVictim, type Problem } from '../../contract/index.ts';
import { policies, type Candidate } from './policy.ts';
import { addRoom, domainOf, fitsIn, freeRam, heldFootprint, largestPossible, reservedIn, type Room } from './room.ts';
import { refusal, planSentence } from './sentences.ts';
import { blockerOf, idleMs, isAutoIdle, isExpired, sameContext } from './standing.ts';
import { surroundings, type sharedSurroundings } from './surroundings.ts';
import type { CoreState, KnownModel, Slot } from './types.ts';
import { wantedOf, weighed } from './uses.ts';

export interface Wish {
  model: KnownModel;
  contextLength: number | null;
  /** A larger context serves as well. */
  atLeast?: boolean;
  need: Footprint;
  source: FootprintSource;
  /** The job that asks, so that its own booking is not counted against it. */
  job: string | null;
  /** Whatever is unused may go for it, and nobody is asked: then the cheapest do, whether or not they are past their time. */
  anyUnused?: boolean;
  /** A person will see the plan before anything is unloaded, or has. */
  consent: boolean;
}

/** What `Plan` tells people, and the slots behind it, for the deed. */
export interface Decision {
  kind: Plan['fit']['kind'];
  /** Slots to unload: all past their timeout with `fits`, with consent needed for `evicts`. */
  victims: Slot[];
  blockers: { slot: Slot; why: Plan['blockers'][number]['why'] }[];
  problem: Problem | null;
  missing: number;
  because: Plan['because'];
}

/** The context that a load has which was asked for with `asked`; null: whatever the provider takes. */
export function contextToLoad(model: KnownModel, asked: number | null, atLeast: boolean): number | null {
  if (asked === null) return null;
  const wanted = atLeast ? Math.max(asked, model.contextLength ?? 0) : asked;
  return Math.min(wanted, model.maxContextLength ?? Infinity);
}

/** The footprint and context that a load of `model` would have. */
export function wishFor(model: KnownModel, asked: number | null, consent: boolean, atLeast = false): Wish {
  const contextLength = contextToLoad(model, asked, atLeast);
  const base = { model, consent, atLeast, job: model.weights, source: model.source };
  if (contextLength === null || model.contextLength === null || contextLength === model.contextLength || model.kvBytesPerToken === null) {
    return { ...base, contextLength: contextLength ?? model.contextLength, need: model.footprint };
  }
  const ram = model.footprint.ram + (contextLength - model.contextLength) * model.kvBytesPerToken;
  return { ...base, contextLength, need: { ...model.footprint, ram: Math.max(0, ram) }, source: 'estimated' };
}

/** Decides what loading would take. Pure, and the only place that decides it: the preview and the deed both come from here. */
export function decide(state: CoreState, wish: Wish, shared?: ReturnType<typeof sharedSurroundings>): Decision {
  const { model } = wish;
  const nothing: Decision = { kind: 'blocked', victims: [], blockers: [], problem: null, missing: 0, because: null };
  if (model.elsewhere !== undefined) {
    const refused = unusable(state, model);
    if (refused) return { ...nothing, problem: refused };
    return { ...nothing, kind: model.elsewhere === 'online' ? 'online' : 'served', problem: refusal.nothingToLoad(model.name, model.elsewhere) };
  }
  const slot = state.slots.get(model.weights);
  const replaced = slot && slot.state === 'ready' && !sameContext(slot, wish) ? slot : null;
  if (slot && !replaced) {
    if (slot.state === 'ready') return { ...nothing, kind: 'loaded' };
    if (slot.state !== 'stuck') return { ...nothing, kind: 'waits' };
  }
  const refused = beforeMemory(state, model);
  if (refused) return { ...nothing, problem: refused };
  if (replaced) {
    const why = blockerOf(state, replaced, wish.consent);
    if (why) return { ...nothing, blockers: [{ slot: replaced, why }], problem: refusal.busyReplace(replaced.name, why) };
  }

  const domain = domainOf(state, model.provider);
  const around = shared?.(domain, model.weights) ?? surroundings(state, domain, model.weights, wish.job, wish.consent);
  const own = slot ? heldFootprint(state, slot) : null;
  const plus = (room: Room) => (own ? addRoom(room, own, 1) : room);
  const now = plus(around.now);
  const soon = plus(around.soon);
  const need = model.overcommit ? { ram: 0, vram: {} } : wish.need;
  const withReplaced = (victims: Slot[]) => (replaced ? [replaced, ...victims] : victims);

  if (fitsIn(need, soon)) {
    if (replaced) return { ...nothing, kind: 'evicts', victims: [replaced], because: 'context' };
    return { ...nothing, kind: fitsIn(need, now) ? 'fits' : 'waits' };
  }

  const largest = largestPossible(state, domain);
  if (largest !== null && need.ram > largest) {
    return { ...nothing, kind: 'too-big', missing: need.ram - largest, problem: refusal.tooBig(model.name, need.ram, largest) };
  }

  // With places enough it would fit: then it is the limit alone that makes others go.
  const because = fitsIn(need, { ...soon, slots: 1 }) ? ('limit' as const) : ('memory' as const);
  const policy = policies[state.config.eviction];
  // With a timeout of its own a model past it goes anyway, and so first. One that stays until its room is needed does not.
  const past = around.expired();
  const cheapest = wish.anyUnused && past.some(({ key }) => isAutoIdle(state, state.slots.get(key)!));
  const expired = cheapest ? null : policy.choose(weighed(state, past, model.weights), soon, need);
  if (expired) {
    return { ...nothing, kind: replaced ? 'evicts' : 'fits', victims: withReplaced(toSlots(state, expired)), because };
  }
  const chosen = policy.choose(weighed(state, around.evictableCandidates(), model.weights), soon, need);
  if (chosen) return { ...nothing, kind: 'evicts', victims: withReplaced(toSlots(state, chosen)), because };

  const blockers: Decision['blockers'] = [];
  for (const s of around.others) {
    const why = blockerOf(state, s, wish.consent);
    if (why) blockers.push({ slot: s, why });
  }
  const best = around.evictable().reduce((room, s) => addRoom(room, heldFootprint(state, s), 1), soon);
  const missing = Math.max(0, best.ram === null ? 0 : need.ram - best.ram);
  const coming = reservedIn(state, domain).filter((job) => job.key !== wish.job);
  const names = [...blockers.map((b) => ({ name: b.slot.name, why: b.why })), ...coming.map((job) => ({ name: nameOf(state, job.modelId), why: 'loading' as const }))];
  const problem =
    missing > 0 || !fitsIn(need, { ...best, slots: 1 })
      ? refusal.noRoom(model.name, need.ram, missing, names, (freeRam(state, domain) ?? 0) < 0)
      : refusal.limit(model.name, state.config.limit, names);
  return { ...nothing, kind: missing > 0 ? 'short' : 'blocked', blockers, missing, problem };
}

function nameOf(state: CoreState, modelId: string): string {
  return state.catalog.byId.get(modelId)?.name ?? modelId;
}

/** Refusals that no room could change. */
export function beforeMemory(state: CoreState, model: KnownModel): Problem | null {
  const refused = unusable(state, model);
  return refused ?? (state.freeze ? refusal.frozen(model.name) : null);
}

/** Why nobody can use it, in memory or not. */
function unusable(state: CoreState, model: KnownModel): Problem | null {
  if (model.problem) return model.problem;
  if (!model.enabled) return refusal.disabled(model.name);
  const provider = state.providers.get(model.provider);
  if (!provider || provider.status !== 'up') return provider?.problem ?? refusal.providerDown(model.provider);
  return null;
}

function toSlots(state: CoreState, chosen: readonly Candidate[]): Slot[] {
  return chosen.flatMap((c) => state.slots.get(c.key) ?? []);
}

/** The decision as a client sees it. `explicitContext` null: whatever is loaded, or the model's own. */
export function plan(state: CoreState, model: KnownModel, explicitContext: number | null): Plan {
  const wish = wishFor(model, explicitContext, true);
  const decision = decide(state, { ...wish, contextLength: explicitContext === null ? null : wish.contextLength });
  return toPlan(state, wish, decision);
}

/** The part of a plan that a list of models shows, without its words. */
export function fitOf({ kind, missing, victims, because, problem }: Decision): Plan['fit'] {
  const limit = (kind === 'evicts' && because === 'limit') || problem?.code === 'limit-reached';
  return {
    kind,
    ...(limit ? { because: 'limit' } : problem?.code === 'frozen' ? { because: 'frozen' } : {}),
    ...(kind === 'short' || kind === 'too-big' ? { missing } : {}),
    ...(victims.length > 0 ? { unload: victims.map((slot) => slot.modelId) } : {}),
  };
}

function wanted(state: CoreState, slot: Slot): Pick<PlanVictim, 'wanted'> {
  const found = wantedOf(state, slot);
  return found === null ? {} : { wanted: found };
}

export function toPlan(state: CoreState, wish: Wish, decision: Decision): Plan {
  const { model } = wish;
  const domain = domainOf(state, model.provider);
  const unloads: PlanVictim[] = decision.victims.map((slot) => ({
    id: slot.modelId,
    name: slot.name,
    ram: heldFootprint(state, slot).ram,
    idleMs: idleMs(state, slot),
    expired: isExpired(state, slot),
    ...wanted(state, slot),
  }));
  const short = decision.kind === 'short' || decision.kind === 'too-big';
  const free = freeRam(state, domain);
  const sentence = planSentence({ name: model.name, ram: wish.need.ram, kind: decision.kind, unloads, problem: decision.problem, because: decision.because, limit: state.config.limit, free });
  return {
    id: model.id,
    name: model.name,
    fit: fitOf(decision),
    canLoad: decision.kind === 'loaded' || decision.kind === 'fits' || decision.kind === 'waits',
    footprint: wish.need,
    footprintSource: wish.source,
    freeRam: free,
    unloads,
    because: unloads.length > 0 ? decision.because : null,
    blockers: decision.blockers.map(({ slot, why }) => ({ id: slot.modelId, name: slot.name, why })),
    programs: [],
    helps: [],
    mayTryOnce: short && wish.source === 'estimated' && !state.freeze,
    expectedLoadMs: model.expectedLoadMs,
    sentence,
    problem: decision.problem ?? (decision.kind === 'evicts' ? refusal.needsRoom(sentence) : null),
  };
}
