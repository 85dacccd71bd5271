import type { InstalledModel, ServerEvent, Snapshot } from '../contract/index.ts';

/** What an engine has told within a measurement. */
export interface Pushed {
  seconds: number;
  states: number;
  lists: number;
  /** Installed models whose fit was another than before, over all lists. */
  fits: number;
  /** By how much the free memory went up or down between pushes, bytes altogether. */
  moved: number;
}

/** Counts what is pushed, so that a figure per push can say what the pushes were. */
export function countPushes(first: Snapshot, seconds: number): { pushed: Pushed; take(event: ServerEvent): void; reset(): void } {
  const fitsOf = (models: readonly InstalledModel[]) => new Map(models.map(({ id, fit }) => [id, JSON.stringify(fit)]));
  let fits = fitsOf(first.models);
  let free = first.state.memory?.free ?? 0;
  const pushed: Pushed = { seconds, states: 0, lists: 0, fits: 0, moved: 0 };
  return {
    pushed,
    take(event) {
      if (event.type === 'state') {
        pushed.states += 1;
        const now = event.state.memory?.free ?? free;
        pushed.moved += Math.abs(now - free);
        free = now;
      } else if (event.type === 'models') {
        pushed.lists += 1;
        const next = fitsOf(event.models);
        for (const [id, fit] of next) if (fits.get(id) !== fit) pushed.fits += 1;
        fits = next;
      }
    },
    reset: () => void Object.assign(pushed, { states: 0, lists: 0, fits: 0, moved: 0 }),
  };
}
