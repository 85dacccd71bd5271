import {
  formatBytes,
  isPerson,
  problem,
  type Activity,
  type LoadDone,
  type LoadedModel,
  type OperationHandlers,
  type Outcome,
  type Plan,
  type Problem,
} from '../../contract/index.ts';
import { HOLD_MS } from '../core/limits.ts';
import { plan } from '../core/plan.ts';
import { idleSlots } from '../core/due.ts';
import type { Answer, KnownModel } from '../core/types.ts';
import type { MemoryReader } from '../memory/memory.ts';
import type { Engine, LoadWish } from './engine.ts';
import { helpsFor } from './helps.ts';
import { SAMPLE_EVERY_MS, type History } from './history.ts';
import { resolveName } from './names.ts';
import type { ActivityLog, ConfigStore, SampleService } from './services.ts';
import type { SnapshotStore } from './store.ts';
import { loadedView } from './view.ts';
import { whyText } from './why.ts';

export interface OperationDeps {
  engine: Engine;
  store: SnapshotStore;
  memory: MemoryReader;
  config: ConfigStore;
  log: ActivityLog;
  samples: SampleService;
  history: History;
  dismiss(id: string): void;
  /** null where no dashboard is served. */
  signInLink(): string | null;
  now(): number;
}

type Handlers = OperationHandlers;
const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });
const no = (cause: Problem, withPlan?: Plan): { ok: false; problem: Problem; plan?: Plan } => (withPlan ? { ok: false, problem: cause, plan: withPlan } : { ok: false, problem: cause });
const done = (text: string) => ok({ text });

/** Every operation of the contract, done by the engine and its services. */
export function createOperations(deps: OperationDeps): Handlers {
  const { engine, config, log } = deps;

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

  async function setMode(mode: 'freeze' | 'pause', on: boolean, forSeconds: number | undefined, by: string, words: [string, string]) {
    const now = deps.now();
    engine.dispatch({ type: 'mode', mode, value: on ? { since: now, until: forSeconds === undefined ? null : now + forSeconds * 1000 } : null });
    record('setting', on ? words[0] : words[1], { by });
    return done(on ? words[0] : words[1]);
  }

  function record(kind: Activity['kind'], text: string, about: Partial<Activity> = {}): void {
    deps.store.activity(log.append({ at: deps.now(), kind, reason: 'asked', model: null, name: null, provider: null, forModel: null, by: null, code: null, ram: null, tookMs: null, ...about, text }));
  }

  async function unloadMany(keys: readonly { key: string; id: string; name: string; ram: number }[], by: string) {
    const unloaded = await Promise.all(
      keys.map(async (slot) => ({ slot, answer: await engine.unload(slot.key, { confirm: false, by, reason: 'idle' }) })),
    );
    return unloaded.filter((u) => u.answer.ok).map(({ slot }) => ({ id: slot.id, name: slot.name, ram: slot.ram }));
  }

  function idle(idleForMs: number | null) {
    return idleSlots(engine.state, idleForMs).map((slot) => ({ key: slot.key, id: slot.modelId, name: slot.name, ram: view(slot.key)?.ramUsed ?? slot.booked.ram }));
  }

  return {
    snapshot: async () => {
      engine.measure();
      return deps.store.snapshot();
    },

    plan: async ({ model, contextLength }) => {
      const found = await known(model);
      if (!found.ok) return found;
      engine.measure();
      return ok(await withHelp(plan(engine.state, found.value, contextLength ?? null), contextLength ?? null));
    },

    load: async (input, context) => {
      const found = await known(input.model);
      if (!found.ok) return found;
      const by = input.by ?? context.caller;
      const answer = await asked(
        {
          modelId: found.value.id,
          force: input.force ?? false,
          mayUnload: input.mayUnload,
          tryOnce: input.tryOnce ?? false,
          contextLength: input.contextLength ?? null,
          origin: isPerson(by) ? 'person' : 'client',
          by,
          lease: null,
        },
        input.stay ? null : context.signal,
      );
      if (!answer.ok) return explain(answer.problem, answer.plan, input.contextLength ?? null);
      const model = view(answer.key);
      if (!model) return no(problem('load-failed', `${found.value.name} left memory right after it was loaded.`));
      return ok<LoadDone>({ model, already: answer.already, unloaded: [...answer.unloaded], tookMs: answer.tookMs });
    },

    cancelLoad: async ({ model }) => {
      const found = await known(model);
      if (!found.ok) return found;
      if (!engine.state.jobs.has(found.value.weights)) return no(problem('not-loaded', `${found.value.name} is not being loaded.`));
      engine.dispatch({ type: 'cancel-requested', key: found.value.weights });
      return done(`Loading ${found.value.name} was cancelled.`);
    },

    unload: async ({ model, confirm, by }, context) => {
      const found = await inMemory(model);
      if (!found.ok) return found;
      const answer = await engine.unload(found.value.key, { confirm: confirm ?? false, by: by ?? context.caller, reason: 'asked' });
      return answer.ok ? done(answer.text) : no(answer.problem);
    },

    unloadIdle: async ({ idleForSeconds, by }, context) => {
      if (engine.state.freeze) return no(frozen());
      const unloaded = await unloadMany(idle(idleForSeconds === undefined ? null : idleForSeconds * 1000), by ?? context.caller);
      return ok({ unloaded });
    },

    pin: async ({ model, pinned }, { caller }) => {
      const found = await known(model);
      if (!found.ok) return found;
      const { id, name, weights } = found.value;
      const before = config.current().config.models.pinned;
      // A pin belongs to the weights: taking it back takes back every alias'.
      const others = before.filter((entry) => {
        const resolved = resolveName(engine.library.models, entry);
        return !resolved.ok || resolved.model.weights !== weights;
      });
      const set = await config.set({ 'models.pinned': pinned ? [...others, id] : others }, caller);
      if (!set.ok) return no(set.problem);
      const text = pinned ? `${name} is kept in memory.` : `${name} is no longer kept in memory.`;
      record('setting', text, { model: id, name, by: caller });
      return done(text);
    },

    endRunner: async ({ model }) => {
      const found = await inMemory(model);
      if (!found.ok) return found;
      const slot = engine.state.slots.get(found.value.key);
      if (slot?.state !== 'stuck') return no(problem('bad-request', `${found.value.name} is not stuck: unload it instead.`));
      const ended = await engine.provider(slot.provider)?.endRunner(slot.key);
      if (!ended?.ok) return no(ended?.problem ?? problem('unload-failed', `The process of ${slot.name} could not be ended.`));
      await engine.poll({ catalog: false });
      return done(`The process of ${slot.name} was ended.`);
    },

    freeze: ({ on, forSeconds }, { caller }) => setMode('freeze', on, forSeconds, caller, ['Models are frozen: nothing is loaded or unloaded.', 'Models are no longer frozen.']),
    pause: ({ on, forSeconds }, { caller }) => setMode('pause', on, forSeconds, caller, ['Everything in memory is kept.', 'Unused models are unloaded again.']),

    freeMemory: async ({ on }, context) => {
      if (on && engine.state.freeze) return no(frozen());
      const now = deps.now();
      engine.dispatch({ type: 'mode', mode: 'hold', value: on ? { since: now, until: now + HOLD_MS } : null });
      if (!on) return done('Models are loaded by themselves again.');
      const unloaded = await unloadMany(idle(0), context.caller);
      const bytes = unloaded.reduce((sum, u) => sum + u.ram, 0);
      return done(unloaded.length === 0 ? 'No unused model was in memory.' : `${formatBytes(bytes)} set free.`);
    },

    reloadLost: async ({ provider, dismiss }, context) => {
      const lost = engine.state.providers.get(provider)?.lost ?? [];
      engine.dispatch({ type: 'lost-handled', provider });
      if (dismiss) return done('Dismissed.');
      const answers = await Promise.all(lost.map((id) => asked({ modelId: id, force: false, tryOnce: false, contextLength: null, origin: 'person', by: context.caller, lease: null }, null)));
      const failed = answers.flatMap((a) => (a.ok ? [] : [a.problem.message]));
      if (lost.length === 0) return done('No model was lost.');
      return failed.length === 0 ? done(`${lost.length} ${lost.length === 1 ? 'model was' : 'models were'} loaded again.`) : no(problem('load-failed', failed.join(' ')));
    },

    dismissAdvice: async ({ id }) => {
      deps.dismiss(id);
      return done('Dismissed.');
    },

    why: async ({ model }) => {
      const found = await inMemory(model);
      const installed = await known(model);
      const id = installed.ok ? installed.value.id : found.ok ? found.value.id : null;
      if (id === null) return installed.ok ? no(problem('not-found', 'Nothing is known of it.')) : no(installed.problem);
      const entries = log.query({ model: id, limit: 20 });
      const current = loadedView(engine.state, engine.library).find((m) => m.id === id || (installed.ok && m.weights === installed.value.weights));
      return ok({ text: whyText(installed.ok ? installed.value.name : model, current, entries, deps.now()), entries });
    },

    activity: async ({ before, limit, model }) => ({ entries: log.query({ before, limit: limit ?? 50, model }) }),

    history: async () => ({ everyMs: SAMPLE_EVERY_MS, samples: deps.history.samples() }),

    configGet: async () => {
      const { config: value, problem: wrong, warnings } = config.current();
      return { config: value, path: config.path, problem: wrong, warnings };
    },
    configSet: async ({ set }, { caller }) => config.set(set, caller),

    addFolder: async ({ path }, { caller }) => {
      const before = config.current().config.models.directories;
      if (before.includes(path)) return done(`${path} is used already.`);
      const checked = await checkFolder(path);
      if (checked) return no(checked);
      const set = await config.set({ 'models.directories': [...before, path] }, caller);
      if (!set.ok) return no(set.problem);
      await engine.poll({ catalog: true });
      return done(`${path} is used for models.`);
    },
    removeFolder: async ({ path }, { caller }) => {
      const before = config.current().config.models.directories;
      const set = await config.set({ 'models.directories': before.filter((p) => p !== path) }, caller);
      if (!set.ok) return no(set.problem);
      await engine.poll({ catalog: true });
      return done(`${path} is no longer used.`);
    },

    signInLink: async () => {
      const url = deps.signInLink();
      return url === null ? no(problem('not-running', 'The dashboard is not being served.')) : ok({ url });
    },

    makeSamples: async () => {
      const made = await deps.samples.make();
      await engine.poll({ catalog: true });
      return made;
    },
    cancelSamples: async () => {
      deps.samples.cancel();
      return done('Cancelled.');
    },

    acquire: async ({ model, force, holder, ttlMs }, context) => {
      const found = await known(model);
      if (!found.ok) return found;
      const wish: LoadWish = { modelId: found.value.id, force: force ?? false, tryOnce: false, contextLength: null, origin: 'client', by: holder, lease: { holder, ttlMs } };
      const answer = await asked(wish, context.signal);
      if (!answer.ok) return explain(answer.problem, answer.plan, null);
      // Whoever left while the answer was on its way holds nothing.
      if (context.signal.aborted) {
        engine.dispatch({ type: 'lease-released', lease: answer.lease! });
        return no(problem('cancelled', 'The load was cancelled.'));
      }
      return ok({ id: answer.lease!, model: answer.modelId, ttlMs });
    },
    renew: async ({ lease }) => {
      if (!engine.state.leases.has(lease)) return no(leaseGone());
      engine.dispatch({ type: 'lease-renewed', lease });
      return done('Renewed.');
    },
    release: async ({ lease }) => {
      if (!engine.state.leases.has(lease)) return no(leaseGone());
      engine.dispatch({ type: 'lease-released', lease });
      return done('Released.');
    },
    generate: async ({ lease, prompt, maxTokens }, context) => {
      const held = engine.state.leases.get(lease);
      const slot = held && engine.state.slots.get(held.key);
      const owner = slot && engine.provider(slot.provider);
      if (!slot || !owner) return no(leaseGone());
      const result = await owner.generate({ id: slot.modelId, prompt, maxTokens, signal: context.signal });
      return result.ok ? ok({ text: result.text, tokens: result.tokens }) : no(result.problem);
    },
  };
}

function frozen(): Problem {
  return problem('frozen', 'Models are frozen, so none was unloaded.', 'Unfreeze first.');
}

function leaseGone(): Problem {
  return problem('lease-gone', 'This use has ended: it was not renewed in time, or the model left memory.', 'Start it again.');
}

/** A folder that cannot be used is refused before it gets into the config. */
async function checkFolder(path: string): Promise<Problem | null> {
  const { isAbsolute } = await import('node:path');
  const { opendir } = await import('node:fs/promises');
  if (!isAbsolute(path)) return problem('bad-folder', `${path} is not a full path.`, 'Give the whole path, from the root or the drive on.');
  try {
    const dir = await opendir(path);
    await dir.close();
    return null;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return problem('bad-folder', `There is no folder ${path}.`, 'Check the spelling.');
    if (code === 'ENOTDIR') return problem('bad-folder', `${path} is a file, not a folder.`, 'Name the folder that it is in.');
    if (code === 'EACCES' || code === 'EPERM') return problem('bad-folder', `${path} may not be read.`, 'Give this user the right to read it.');
    return problem('bad-folder', `${path} cannot be read (${code ?? 'unknown error'}).`);
  }
}
