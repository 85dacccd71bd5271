import {
  formatBytes,
  problem,
  type Activity,
  type LoadedModel,
  type Outcome,
  type Plan,
  type Problem,
} from '../../../contract/index.ts';
import type { Answer } from '../../core/events.ts';
import type { KnownModel } from '../../core/types.ts';
import type { MemoryReader } from '../../memory/memory.ts';
import type { Engine, LoadWish } from '../engine.ts';
import { helpsFor } from '../helps.ts';
import type { History } from '../history.ts';
import { resolveName } from '../names.ts';
import type { ActivityLog, ConfigStore, SampleService } from '../services.ts';
import type { SnapshotStore } from '../store.ts';
import { loadedView } from '../view.ts';

export interface OperationDeps {
  engine: Engine;
  store: SnapshotStore;
  memory: MemoryReader;
  config: ConfigStore;
  log: ActivityLog;
  samples: SampleService;
  history: History;
  dismiss(id: string): void;
  /** The keychain has another key for this server of `providers.openai`, or none any more. */
  keyChanged(id: string): void;
  /** null where no dashboard is served. */
  signInLink(): string | null;
  now(): number;
}

export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });
export const no = (cause: Problem, withPlan?: Plan): { ok: false; problem: Problem; plan?: Plan } => (withPlan ? { ok: false, problem: cause, plan: withPlan } : { ok: false, problem: cause });
export const done = (text: string) => ok({ text });

export type Common = ReturnType<typeof createCommon>;

/** What several operations need: models by name, loads that end with their caller, refusals that explain themselves. */
export function createCommon(deps: OperationDeps) {
  const { engine } = deps;

  async function known(name: string): Promise<Outcome<KnownModel>> {
    await engine.whenLooked();
    const resolved = resolveName(engine.library.models, name);
    if (!resolved.ok) return no(resolved.problem);
    return ok(engine.library.core.byId.get(resolved.model.id)!);
  }

  /** The weights of a model in memory, installed (any more) or not. */
  async function inMemory(name: string): Promise<Outcome<{ key: string; name: string; id: string }>> {
    await engine.whenLooked();
    const wanted = name.toLowerCase();
    for (const slot of engine.state.slots.values()) {
      if ([slot.modelId, slot.name].some((n) => n.toLowerCase() === wanted)) return ok({ key: slot.key, name: slot.name, id: slot.modelId });
    }
    const model = await known(name);
    if (!model.ok) return model;
    const slot = engine.state.slots.get(model.value.weights);
    if (!slot && !engine.state.jobs.has(model.value.weights)) return no(problem('not-loaded', `${model.value.name} is not in memory.`));
    return ok({ key: model.value.weights, name: model.value.name, id: model.value.id });
  }

  /** What does not fit is told with who holds the memory and what would help. */
  async function withHelp(outcome: Plan, contextLength: number | null): Promise<Plan> {
    if (outcome.fit.kind !== 'short' && outcome.fit.kind !== 'too-big') return outcome;
    const pids = [...engine.state.slots.values()].flatMap((s) => (s.pid === null ? [] : [s.pid]));
    const programs = await deps.memory.largestPrograms(3, pids);
    const full = { ...outcome, programs };
    return { ...full, helps: helpsFor(engine.state, engine.library, full, contextLength) };
  }

  /** A refusal for want of room names who holds it. */
  async function explain(cause: Problem, about: Plan | undefined, contextLength: number | null): Promise<{ ok: false; problem: Problem; plan?: Plan }> {
    if (!about) return no(cause);
    const full = await withHelp(about, contextLength);
    if (full.programs.length === 0 || (cause.code !== 'no-room' && cause.code !== 'too-big' && cause.code !== 'over-budget')) return no(cause, full);
    const memory = deps.store.state().memory;
    const others = memory ? `Other programs hold ${formatBytes(memory.otherPrograms)}` : 'Other programs hold memory';
    const who = full.programs.map((p) => `${p.name} ${formatBytes(p.bytes)}`).join(', ');
    return no({ ...cause, message: `${cause.message} ${others} (${who}).` }, full);
  }

  function view(key: string): LoadedModel | undefined {
    return loadedView(engine.state, engine.library).find((m) => m.weights === key);
  }

  async function asked(wish: LoadWish, signal: AbortSignal | null): Promise<Answer> {
    const { answer, leave } = engine.load(wish);
    if (!signal) return answer;
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await answer;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  function record(kind: Activity['kind'], text: string, about: Partial<Activity> = {}): void {
    deps.store.note({ at: deps.now(), kind, reason: 'asked', model: null, name: null, provider: null, forModel: null, by: null, code: null, ram: null, tookMs: null, ...about, text });
  }

  return { ...deps, known, inMemory, withHelp, explain, view, asked, record };
}
