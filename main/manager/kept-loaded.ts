import { REMEMBERED_MAX_MS } from '../core/limits.ts';
import type { Remembered } from '../core/remembered.ts';
import type { CoreState, Slot } from '../core/types.ts';
import type { LoadedStore, SavedLoaded } from '../memory/loaded-store.ts';
import type { ProviderReport } from '../providers/provider.ts';

/** Uses and expiries move all the time; the file follows them in such steps. */
const STEP_MS = 60_000;
/** What has not changed is written again after this, so that its age tells when it was last there. */
const REFRESH_MS = 10 * 60_000;

export interface LoadedKeeperOptions {
  store: LoadedStore;
  now(): number;
  /** Where the provider's server listens; null: its models are processes of Airdock's own, and end with it. */
  urlOf(provider: string): string | null;
}

/** Remembers, for the Airdock after this one, what this one has in the memory of servers that go on without it. */
export function createLoadedKeeper({ store, now, urlOf }: LoadedKeeperOptions) {
  /** Of servers that have not been heard of yet since the start. */
  let untold = store.saved.filter(({ at }) => Math.abs(now() - at) <= REMEMBERED_MAX_MS);
  let written: readonly SavedLoaded[] = store.saved;
  let writtenAt = now();

  function ownIn(state: CoreState): SavedLoaded[] {
    const at = now();
    return [...state.slots.values()].flatMap((slot) => {
      const url = urlOf(slot.provider);
      return slot.foreign || slot.state === 'loading' || url === null ? [] : [saved(slot, url, at)];
    });
  }

  function write(models: readonly SavedLoaded[]): void {
    written = models;
    writtenAt = now();
    store.changed(models);
  }

  return {
    /** What the Airdock before this one had loaded there: with the first listing, and no more after it. A server that is found not to run has nothing left of it. */
    take(provider: string, { status, loaded }: ProviderReport): readonly Remembered[] {
      if (untold.length === 0 || (loaded === null && status.status !== 'absent')) return [];
      const known = untold.filter((one) => one.provider === provider);
      untold = untold.filter((one) => one.provider !== provider);
      if (loaded === null) return [];
      return known.filter(({ url }) => url === status.url).map(({ provider: _1, url: _2, weights, ...rest }) => ({ key: weights, ...rest }));
    },
    /** Has what is there now written where it has changed. */
    see(state: CoreState): void {
      const models = [...untold, ...ownIn(state)];
      const before = new Map(written.map((one) => [placeOf(one), one]));
      const isNew = models.some((one) => !before.has(placeOf(one)));
      if (!isNew && models.length === written.length && !models.some((one) => hasMoved(before.get(placeOf(one))!, one)) && (models.length === 0 || now() - writtenAt < REFRESH_MS)) return;
      write(models);
      // Whatever ends this process, a load is not forgotten.
      if (isNew) void store.flush();
    },
    /** Airdock ends, and its servers keep models for `keepMs`; `endless`: weights of those that no server could be told that for. */
    end(state: CoreState, keepMs: number, endless: ReadonlySet<string>): Promise<void> {
      const own = ownIn(state).map((one) => ({ ...one, expiresAt: endless.has(one.weights) ? null : (one.expiresAt ?? now() + keepMs) }));
      if (own.length + written.length > 0) write([...untold, ...own]);
      return store.flush();
    },
  };
}

function saved({ provider, key, contextLength, pid, loadedBy, lastUsedAt, expiresAt, armedMs }: Slot, url: string, at: number): SavedLoaded {
  // Right after a load its server has not been asked yet; what it was told is known.
  const told = armedMs === null || armedMs === Infinity || lastUsedAt === null ? null : lastUsedAt + armedMs;
  return { provider, url, weights: key, contextLength, pid, loadedBy, lastUsedAt, expiresAt: expiresAt ?? told, at };
}

/** Two records of one place are of the same load. */
function placeOf({ provider, url, weights, contextLength, pid, loadedBy }: SavedLoaded): string {
  return JSON.stringify([provider, url, weights, contextLength, pid, loadedBy]);
}

function hasMoved(before: SavedLoaded, after: SavedLoaded): boolean {
  return (['lastUsedAt', 'expiresAt'] as const).some((what) => (before[what] === null) !== (after[what] === null) || Math.abs((before[what] ?? 0) - (after[what] ?? 0)) >= STEP_MS);
}
