import { formatBytes, isPerson, problem, type LoadDone, type OperationHandlers } from '../../../contract/index.ts';
import { idleSlots } from '../../core/due.ts';
import { HOLD_MS } from '../../core/limits.ts';
import { endFreeze } from '../../core/sentences.ts';
import { done, no, ok, type Common } from './common.ts';

/** What somebody wants to be in memory, or to leave it. */
export function loadingOperations(common: Common): Pick<OperationHandlers, 'load' | 'cancelLoad' | 'unload' | 'unloadIdle' | 'freeMemory' | 'endRunner' | 'reloadLost'> {
  const { engine, known, inMemory, view, asked, explain } = common;

  async function unloadMany(keys: readonly { key: string; id: string; name: string; ram: number }[], by: string) {
    const unloaded = await Promise.all(
      keys.map(async (slot) => ({ slot, answer: await engine.unload(slot.key, { confirm: false, by, reason: 'idle' }) })),
    );
    return unloaded.filter((u) => u.answer.ok).map(({ slot }) => ({ id: slot.id, name: slot.name, ram: slot.ram }));
  }

  function idle(idleForMs: number | null) {
    return idleSlots(engine.state, idleForMs).map((slot) => ({ key: slot.key, id: slot.modelId, name: slot.name, ram: view(slot.key)?.ramUsed ?? slot.booked.ram }));
  }

  function frozen(by: string) {
    const why = problem('frozen', 'Models are frozen, so none was unloaded.', endFreeze);
    common.record('refused', why.message, { code: why.code, by, parts: { what: 'unload' } });
    return no(why);
  }

  return {
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
      if (engine.state.freeze) return frozen(by ?? context.caller);
      const unloaded = await unloadMany(idle(idleForSeconds === undefined ? null : idleForSeconds * 1000), by ?? context.caller);
      return ok({ unloaded });
    },

    freeMemory: async ({ on }, context) => {
      if (on && engine.state.freeze) return frozen(context.caller);
      const now = common.now();
      const before = engine.state.hold;
      engine.dispatch({ type: 'mode', mode: 'hold', value: on ? { since: now, until: now + HOLD_MS } : null });
      const words = on ? 'Memory is set free: for an hour programs load no models through Airdock.' : 'Programs can load models again.';
      if (on || before) common.record('setting', words, { by: context.caller, parts: { what: 'mode', mode: 'hold', on, over: false } });
      if (!on) return done(words);
      const unloaded = await unloadMany(idle(0), context.caller);
      const bytes = unloaded.reduce((sum, u) => sum + u.ram, 0);
      return done(unloaded.length === 0 ? 'No unused model was in memory.' : `${formatBytes(bytes)} set free.`);
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

    reloadLost: async ({ provider, dismiss }, context) => {
      const lost = engine.state.providers.get(provider)?.lost ?? [];
      engine.dispatch({ type: 'lost-handled', provider });
      if (dismiss) return done('Dismissed.');
      const answers = await Promise.all(lost.map((id) => asked({ modelId: id, force: false, tryOnce: false, contextLength: null, origin: isPerson(context.caller) ? 'person' : 'client', by: context.caller, lease: null }, null)));
      const failed = answers.flatMap((a) => (a.ok ? [] : [a.problem.message]));
      if (lost.length === 0) return done('No model was lost.');
      return failed.length === 0 ? done(`${lost.length} ${lost.length === 1 ? 'model was' : 'models were'} loaded again.`) : no(problem('load-failed', failed.join(' ')));
    },
  };
}
