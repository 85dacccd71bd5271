import type { OperationHandlers } from '../../../contract/index.ts';
import { plan } from '../../core/plan.ts';
import { createRecommender } from '../../recommend/recommender.ts';
import { settingsIn } from '../../recommend/settings-in.ts';
import { ok, type Common } from './common.ts';

const JUDGE = 'recommender';
/** A number in a little JSON. */
const ANSWER_TOKENS = 32;
/** Longer than any answer is waited for. */
const ASKING_MS = 60_000;

/** Which model for files or a task. */
export function recommendingOperations(common: Common, uses: Pick<OperationHandlers, 'acquire' | 'release' | 'generate'>): Pick<OperationHandlers, 'recommend'> {
  const { engine, store, config, known } = common;
  const context = { signal: new AbortController().signal, caller: JUDGE };

  /** Only of a model that is in memory: a question is no reason to load one. */
  async function ask(id: string, prompt: string): Promise<string | null> {
    const model = engine.library.core.byId.get(id);
    if (!model || engine.state.slots.get(model.weights)?.state !== 'ready') return null;
    const acquired = await uses.acquire({ model: id, holder: JUDGE, ttlMs: ASKING_MS }, context);
    if (!acquired.ok) return null;
    const lease = acquired.value.id;
    try {
      const answer = await uses.generate({ lease, prompt, maxTokens: ANSWER_TOKENS }, context);
      return answer.ok ? answer.value.text : null;
    } finally {
      await uses.release({ lease }, context);
    }
  }

  const recommender = createRecommender({
    provider: {
      settings: async () => settingsIn(config.current().config),
      look: async () => {
        await engine.whenLooked();
        engine.measure();
        const { models, state } = store.snapshot();
        return { models, loaded: state.loaded, at: state.at };
      },
      plan: async (id, contextLength) => {
        const found = await known(id);
        return found.ok ? ok(plan(engine.state, found.value, contextLength)) : found;
      },
      ask,
    },
  });

  return {
    recommend: ({ files = [], task, allowOnline }) =>
      recommender.recommend(
        files.map(({ name, sizeBytes, mime, head }) => ({ name: name ?? null, sizeBytes: sizeBytes ?? null, mime: mime ?? null, head: head === undefined ? null : Buffer.from(head, 'base64') })),
        { task, allowOnline },
      ),
  };
}
