import type { ModelManager } from '../../contract/index.ts';
import type { RecommendPort, RecommendSettings } from './ports.ts';

const ANSWER_TOKENS = 32;

/** A manager, in this process or in another, as the recommender knows it. */
export function portOf(manager: Pick<ModelManager, 'getStatus' | 'canLoadModel' | 'getLoadedModels' | 'use'>, settings: () => Promise<RecommendSettings>): RecommendPort {
  return {
    settings,
    look: async () => {
      // The status of a manager that has just started is there before its models are; a plan waits for them, whatever it is about.
      await manager.canLoadModel('?');
      const { models, state } = await manager.getStatus();
      return { models, loaded: state.loaded, at: state.at };
    },
    plan: (id, contextLength) => manager.canLoadModel(id, contextLength === null ? {} : { contextLength }),
    async ask(id, prompt) {
      const loaded = await manager.getLoadedModels();
      if (!loaded.some((one) => one.id === id && one.state === 'ready')) return null;
      return manager.use(id, (model) => model.generate(prompt, { maxTokens: ANSWER_TOKENS }));
    },
  };
}
