import type { Config } from '../../contract/index.ts';
import type { RecommendSettings } from './ports.ts';

/** What of the settings is about recommending. */
export const settingsIn = ({ models, providers }: Pick<Config, 'models' | 'providers'>): RecommendSettings => ({
  fileTypes: models.file_types,
  withModel: models.recommend_with_model,
  onlineServers: providers.openai.flatMap(({ id, allow_online: allowed }) => (allowed ? [id] : [])),
});
