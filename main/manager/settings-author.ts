import type { ConfigStore } from './services.ts';

/** Who changes the settings while nobody does it through Airdock. */
export const CONFIG_FILE = 'config file';

/** The settings with who is changing them right now: what goes because of a change tells who wanted that. */
export function withAuthor(store: ConfigStore): ConfigStore & { author(): string } {
  let author: string | null = null;
  return {
    path: store.path,
    current: () => store.current(),
    author: () => author ?? CONFIG_FILE,
    async set(changes, by) {
      author = by ?? null;
      try {
        return await store.set(changes);
      } finally {
        author = null;
      }
    },
  };
}
