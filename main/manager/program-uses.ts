import { problem, type Problem } from '../../contract/index.ts';
import type { Answer } from '../core/events.ts';
import type { CoreState } from '../core/types.ts';
import { elsewhereRefusal } from './elsewhere.ts';
import type { Engine } from './engine.ts';

export interface ProgramWish {
  /** `CatalogModel.id` */
  model: string;
  /** The context that is needed at least, tokens; null: whatever the model has. */
  contextLength: number | null;
  /** It needs that context and no other: its server would load the model anew with it. */
  exact?: boolean;
  /** Who asks, for the activity list. */
  holder: string;
  /** Only looked at where the wish cannot be answered at once. */
  signal: AbortSignal;
}

export interface ProgramUse {
  contextLength: number | null;
  waitedMs: number;
  loaded: boolean;
  release(): void;
}

export type ProgramUseOutcome = { ok: true; use: ProgramUse } | { ok: false; problem: Problem; temporary: boolean };
type Done = { ok: true } | { ok: false; problem: Problem };

/** Refusals after which the very same request may succeed without anybody's doing. */
const temporary: ReadonlySet<Problem['code']> = new Set<Problem['code']>([
  'no-room', 'over-budget', 'limit-reached', 'in-use', 'frozen', 'cooling-down', 'provider-down', 'not-letting-go', 'load-timeout', 'pressure-limit', 'cancelled',
]);

/** Programs by whom a model was used, no more of them than this. */
const MAX_HOLDERS = 50;

/** Uses by programs that cannot be asked: each waits in line for its model, and holds it until it is let go. */
export function createProgramUses(engine: Engine, now: () => number) {
  /** When whom last used a model, to know whether one program's "not needed" concerns others. */
  const lastUses = new Map<string, Map<string, number>>();

  function used(key: string, holder: string): void {
    const holders = lastUses.get(key) ?? new Map<string, number>();
    holders.set(holder, now());
    if (holders.size > MAX_HOLDERS) holders.delete([...holders].reduce((oldest, one) => (one[1] < oldest[1] ? one : oldest))[0]);
    lastUses.set(key, holders);
  }

  /** Another program has used it so lately that its idle time is not over. */
  function isWantedByOthers(state: CoreState, key: string, holder: string): boolean {
    const slot = state.slots.get(key);
    const known = slot && state.catalog.byId.get(slot.modelId);
    const timeoutMs = known ? known.idleTimeoutMs : state.config.idleTimeoutMs;
    // Uses of an earlier load ended with that.
    const loadedAt = slot?.loadedAt ?? -Infinity;
    for (const [other, at] of lastUses.get(key) ?? []) {
      if (other !== holder && at >= loadedAt && (typeof timeoutMs !== 'number' || now() - at < timeoutMs)) return true;
    }
    return false;
  }

  function held(wish: ProgramWish, key: string, lease: string, waitedMs: number, loaded: boolean): ProgramUse {
    let released = false;
    return {
      contextLength: engine.state.slots.get(key)?.contextLength ?? null,
      waitedMs,
      loaded,
      release() {
        if (released) return;
        released = true;
        used(key, wish.holder);
        engine.dispatch({ type: 'lease-released', lease });
      },
    };
  }

  /** At once, where there is nothing to wait for. */
  function acquire(wish: ProgramWish): ProgramUseOutcome | Promise<ProgramUseOutcome> {
    const asked = now();
    const known = engine.state.catalog.byId.get(wish.model);
    if (known?.elsewhere !== undefined) {
      const why = elsewhereRefusal(engine, known);
      if (why) return { ok: false, problem: why, temporary: false };
      return { ok: true, use: { contextLength: null, waitedMs: 0, loaded: false, release: () => undefined } };
    }
    const load = loadFor(wish);
    if (load.given?.ok) return { ok: true, use: held(wish, load.given.key, load.given.lease!, now() - asked, !load.given.already) };
    return waitFor(wish, load, asked);
  }

  function loadFor({ model, contextLength, exact = false, holder }: ProgramWish): ReturnType<Engine['load']> {
    return engine.load({ modelId: model, force: true, queued: true, exact, tryOnce: false, contextLength, origin: 'client', by: holder, lease: { holder, ttlMs: null } });
  }

  async function waitFor(wish: ProgramWish, first: ReturnType<Engine['load']>, asked: number): Promise<ProgramUseOutcome> {
    const { model } = wish;
    for (let load = first; ; load = loadFor(wish)) {
      const answer = load.given ?? (await unlessAborted(load, wish.signal));
      if (answer.ok) return { ok: true, use: held(wish, answer.key, answer.lease!, now() - asked, !answer.already) };
      const key = engine.state.catalog.byId.get(model)?.weights;
      // It is just being loaded for somebody who needs less context: that comes first.
      const behind = answer.problem.code === 'in-use' && key !== undefined && engine.state.jobs.has(key);
      const { signal } = wish;
      if (!behind || signal.aborted || !(await engine.until((state) => !state.jobs.has(key), Infinity, signal))) {
        return { ok: false, problem: answer.problem, temporary: temporary.has(answer.problem.code) };
      }
    }
  }

  async function unload(model: string, holder: string): Promise<Done> {
    const key = engine.state.catalog.byId.get(model)?.weights;
    if (key === undefined || (!engine.state.slots.has(key) && !engine.state.jobs.has(key))) return { ok: true };
    if (engine.state.jobs.has(key)) return { ok: false, problem: problem('in-use', `${engine.library.names.get(model) ?? model} is being loaded.`, 'Try again when that has finished.') };
    return engine.unload(key, { confirm: false, by: holder, reason: 'asked' });
  }

  return {
    acquire,
    /** Its client will not need the model any more: it is unloaded unless somebody else uses, wants or keeps it. */
    async notNeeded(model: string, holder: string): Promise<Done> {
      const key = engine.state.catalog.byId.get(model)?.weights;
      if (key === undefined || !isWantedByOthers(engine.state, key, holder)) return unload(model, holder);
      return { ok: false, problem: problem('in-use', `${engine.library.names.get(model) ?? model} stays in memory: other programs used it a moment ago.`) };
    },
    /** Unloads the model and waits until it is gone: its weights are about to be deleted or replaced. */
    unloadFirst: unload,
  };
}

/** The answer to a load; an abort gives it up. */
async function unlessAborted({ answer, leave }: ReturnType<Engine['load']>, signal: AbortSignal): Promise<Answer> {
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  const answered = await answer;
  signal.removeEventListener('abort', leave);
  return answered;
}
