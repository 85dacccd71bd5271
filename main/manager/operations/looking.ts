import { problem, type OperationHandlers } from '../../../contract/index.ts';
import { plan } from '../../core/plan.ts';
import type { CoreState } from '../../core/types.ts';
import { SAMPLE_EVERY_MS } from '../history.ts';
import { loadedView } from '../view.ts';
import { whyText } from '../why.ts';
import { no, ok, type Common } from './common.ts';

/** What changes nothing. */
export function lookingOperations(common: Common): Pick<OperationHandlers, 'snapshot' | 'plan' | 'why' | 'activity' | 'history'> {
  const { engine, log, known, inMemory, withHelp } = common;

  return {
    snapshot: async () => {
      engine.measure();
      return common.store.snapshot();
    },

    plan: async ({ model, contextLength }) => {
      const found = await known(model);
      if (!found.ok) return found;
      engine.measure();
      return ok(await withHelp(plan(engine.state, found.value, contextLength ?? null), contextLength ?? null));
    },

    why: async ({ model }) => {
      const found = await inMemory(model);
      const installed = await known(model);
      const id = installed.ok ? installed.value.id : found.ok ? found.value.id : null;
      if (id === null) return installed.ok ? no(problem('not-found', 'Nothing is known of it.')) : no(installed.problem);
      const entries = log.query({ model: id, limit: 20 });
      const current = loadedView(engine.state, engine.library).find((m) => m.id === id || (installed.ok && m.weights === installed.value.weights));
      return ok({ text: whyText(installed.ok ? installed.value.name : model, current, entries, common.now(), installed.ok ? waitersOf(engine.state, installed.value.weights) : []), entries });
    },

    activity: async ({ before, limit, model }) => ({ entries: log.query({ before, limit: limit ?? 50, model }) }),

    history: async () => ({ everyMs: SAMPLE_EVERY_MS, samples: common.history.samples() }),
  };
}

/** Who waits for a model that has no room yet, each once. */
function waitersOf(state: CoreState, key: string): string[] {
  const job = state.jobs.get(key);
  return job?.state === 'waiting' ? [...new Set(job.waiters.map((w) => w.by))] : [];
}
