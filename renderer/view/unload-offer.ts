import type { LoadedModel } from '../../contract/index.ts';

/**
 * What a click on "Unload" would do with a model in memory: unload it · `after`: another program is being answered, and its server lets
 * that answer end first · `held`: a request through Airdock is being answered, and until that has ended the engine refuses.
 */
export type UnloadOffer = 'now' | 'after' | 'held';

export function unloadOffer({ inUse, uses }: Pick<LoadedModel, 'inUse' | 'uses'>): UnloadOffer {
  if (uses.length > 0) return 'held';
  return inUse ? 'after' : 'now';
}
