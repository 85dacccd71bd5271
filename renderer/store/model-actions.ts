import type { StoreApi } from 'zustand/vanilla';
import type { Activity } from '../../contract/index.ts';
import type { Transport } from '../transport.ts';
import type { DashboardState } from './state.ts';

interface Deps {
  store: StoreApi<DashboardState>;
  transport: Transport;
  showOlder(): Promise<void>;
}

/** Pages of older entries that are looked through at one click before it is given up for now. */
const pagesAtOnce = 12;

/** What the pages Models and Activity do beyond loading and unloading. */
export function createModelActions({ store, transport, showOlder }: Deps) {
  return {
    /** The last decisions about a model, newest first; null where the engine could not tell. */
    async why(id: string): Promise<{ text: string; entries: readonly Activity[] } | null> {
      const result = await transport.call('why', { model: id });
      return result.ok && result.output.ok ? result.output.value : null;
    },
    /** One entry of the log; null where it is no longer kept, or the engine does not answer. */
    async findEntry(id: number): Promise<Activity | null> {
      const result = await transport.call('activity', { before: id + 1, limit: 1 });
      const [entry] = result.ok ? result.output.entries : [];
      return entry?.id === id ? entry : null;
    },
    /** Older entries, page by page until one of them is wanted or there are no more. */
    async showOlderUntil(wanted: (entry: Activity) => boolean) {
      for (let page = 0; page < pagesAtOnce; page += 1) {
        const before = new Set(store.getState().activity.map(({ id }) => id));
        await showOlder();
        const { activity, older } = store.getState();
        if (older !== 'unknown' || activity.length === before.size || activity.some((entry) => !before.has(entry.id) && wanted(entry))) return;
      }
    },
  };
}
