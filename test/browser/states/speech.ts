import { configSchema } from '../../../contract/index.ts';
import type { EngineServer } from '../engine-server.ts';

/** The page speaks German. */
export function german(engine: EngineServer): void {
  engine.config = configSchema.parse({ ...engine.config, ui: { ...engine.config.ui, language: 'de' } });
}
