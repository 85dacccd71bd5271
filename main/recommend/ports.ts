import type { InstalledModel, LoadedModel, ModelManager, Outcome, Plan } from '../../contract/index.ts';

export interface Sight {
  models: readonly InstalledModel[];
  loaded: readonly LoadedModel[];
  /** When that was so, ms since the epoch. */
  at: number;
}

export interface RecommendSettings {
  /** `models.file_types` */
  fileTypes: Readonly<Record<string, string>>;
  /** `models.recommend_with_model` */
  withModel: boolean;
  /** Ids of servers with `allow_online`: their models may be chosen although what is asked of them leaves this computer. */
  onlineServers: readonly string[];
}

/** What the recommender needs of the rest. */
export interface RecommendPort {
  settings(): Promise<RecommendSettings>;
  look(): Promise<Sight>;
  /** What loading it would do. Changes nothing. `contextLength` null: its own. */
  plan(id: string, contextLength: number | null): Promise<Outcome<Plan>>;
  /** A short answer from a model that is in memory; null: there is none, for whatever reason. Never loads anything. */
  ask?(id: string, prompt: string): Promise<string | null>;
}

/** What running a batch needs besides. */
export type RunPort = Pick<ModelManager, 'loadModel' | 'unloadModel' | 'use'>;
