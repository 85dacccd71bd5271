import type { InstalledModel, LiveState, LoadedModel } from '../../contract/index.ts';
import { text } from '../text/text.ts';
import { unloadOffer } from './unload-offer.ts';

/** Where an installed model stands: in memory in some way, out of it, or not to be had at all. In use: by a request of ours · busy: by another program. */
export type InstalledStatus = 'none' | 'broken' | 'absent' | 'unavailable' | 'off' | 'reserved' | 'loading' | 'ready' | 'in-use' | 'busy' | 'unloading' | 'stuck';

const readyStatus = { now: 'ready', after: 'busy', held: 'in-use' } as const;

function loadedStatus(model: LoadedModel): InstalledStatus {
  return model.state === 'ready' ? readyStatus[unloadOffer(model)] : model.state;
}

/**
 * The status of what is in memory by weights, and of every source by its id, as one short text: it is the same for as long
 * as nothing of it changes, however many events come.
 */
export function standing(live: LiveState | null): string {
  if (live === null) return '{}';
  const loaded = Object.fromEntries(live.loaded.map((model) => [model.weights, loadedStatus(model)]));
  const sources = Object.fromEntries(live.providers.map((provider) => [provider.id, [text.sources.name(provider), provider.status]]));
  return JSON.stringify({ loaded, sources });
}

export interface Standing {
  loaded?: Readonly<Record<string, InstalledStatus>>;
  sources?: Readonly<Record<string, readonly [label: string, status: LiveState['providers'][number]['status']]>>;
}

export function installedStatus(model: InstalledModel, { loaded = {}, sources = {} }: Standing): InstalledStatus {
  const inMemory = loaded[model.weights];
  if (inMemory !== undefined) return inMemory;
  const source = sources[model.provider]?.[1];
  if (source === 'absent') return 'absent';
  if (source === 'down') return 'unavailable';
  if (source === 'off') return 'off';
  return model.problem === null ? 'none' : 'broken';
}
