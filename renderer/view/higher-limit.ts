import type { InstalledModel, LiveState, Plan, Problem } from '../../contract/index.ts';
import { ollamaStandardLimit } from '../../contract/ollama-limit.ts';
import { factOf } from './settings-value.ts';

export interface HigherLimit {
  /** As many models as would have to be allowed. */
  models: number;
  /** As many as Ollama keeps by itself, where that is fewer; null: no matter here. */
  ollama: number | null;
}

/** True where the limit alone unloads others, or refuses the load. */
export const limitAlone = (plan: Plan | null, problem: Problem | null): boolean =>
  problem?.code === 'limit-reached' || plan?.because === 'limit';

/** The limit that would let a model stay beside those that share its memory; null where none may be set. */
export function higherLimit(live: LiveState | null, model: InstalledModel | undefined): HigherLimit | null {
  if (live === null || model === undefined) return null;
  const provider = (id: string) => live.providers.find((one) => one.id === id);
  // Each memory has a limit's worth of places; those that are not this computer's are one for each source.
  const memoryOf = (id: string) => (provider(id)?.memory === 'own' ? id : 'host');
  const beside = live.loaded.filter((other) => other.weights !== model.weights && memoryOf(other.provider) === memoryOf(model.provider));
  const models = Math.max(live.limit, beside.length) + 1;
  const { kind } = factOf('models.max_concurrent_loaded');
  if (kind.type === 'number' && kind.max !== null && models > kind.max) return null;
  const own = ollamaStandardLimit(live.memory?.vram.length ?? 0);
  const withOllama = [model, ...beside].some((one) => provider(one.provider)?.kind === 'ollama');
  return { models, ollama: withOllama && models > own ? own : null };
}
