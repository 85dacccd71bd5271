import type { ActivityReason, InstalledModel } from '../../contract/index.ts';

/**
 * What would have spared a model its last unload: to be left in memory while there is room, to be kept at any rate, or
 * nothing of the kind, then loading it again is all there is to do. null: nothing needs a remedy.
 */
export type UnloadRemedy = 'keep-while-room' | 'keep' | 'load-again' | null;

/** Who has all unused models leave at once wanted just that: they are unused, and that is not why they went. `by` is who asked, if anybody did. */
export function asWished<T extends { readonly reason: ActivityReason }>(last: T, by: string | null): T {
  return last.reason === 'idle' && by !== null ? { ...last, reason: 'asked' } : last;
}

export function unloadRemedy(model: Pick<InstalledModel, 'lastUnload' | 'pinned' | 'problem'>): UnloadRemedy {
  if (model.lastUnload === null || model.problem !== null) return null;
  switch (model.lastUnload.reason) {
    case 'idle':
      return 'keep-while-room';
    case 'room':
      return model.pinned ? 'load-again' : 'keep';
    // A person's own wish, or a load with another context: what happened is what was wanted.
    case 'asked':
    case 'replace':
      return null;
    case 'pressure':
    case 'limit':
    case 'pinned':
    case 'foreign':
    case 'restart':
    case 'sleep':
    case 'shutdown':
    case 'other':
      return 'load-again';
  }
}
