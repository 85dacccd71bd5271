import type { LoadedModel } from '../../contract/index.ts';

/** Nobody uses it, and nobody has said that it should stay: "Unload unused" means it. */
export function isUnused(model: LoadedModel): boolean {
  return model.state === 'ready' && !model.inUse && model.uses.length === 0 && !model.pinned;
}
