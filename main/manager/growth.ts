import type { Footprint } from '../../contract/index.ts';
import { inUse } from '../core/standing.ts';
import type { CoreState, Residency, Slot } from '../core/types.ts';
import type { LearnedStore } from '../memory/memory.ts';
import type { CatalogModel } from '../providers/provider.ts';
import { learnKey } from './estimates.ts';

/** What it has grown by before that is written down: a file is not written for every page that a process touches. */
const STEP_SHARE = 0.02;
const STEP_BYTES = 32 * 1024 * 1024;

interface Stay {
  pid: number;
  anon: number;
  file: number;
  /** The RAM that was recorded last; null: nothing yet, because nobody has used it. */
  recorded: number | null;
}

export interface GrowthDeps {
  learned: Pick<LearnedStore, 'recordStay'>;
  model(id: string): CatalogModel | undefined;
  /** More was learned than before. */
  onGrown(model: CatalogModel, contextLength: number | null, taken: Footprint): void;
}

/** Follows what models take while they are in memory (prompt caches, long conversations), and remembers the most of each stay. */
export function createGrowth({ learned, model, onGrown }: GrowthDeps) {
  const stays = new Map<string, Stay>();

  function follow(state: CoreState, slot: Slot, held: Residency): void {
    const installed = model(slot.modelId);
    // What was only estimated is no floor for a measurement, nor is what the settings say.
    if (slot.pid === null || slot.source === 'estimated' || installed === undefined) return;
    const before = stays.get(slot.key);
    const stay: Stay = before?.pid === slot.pid ? before : { pid: slot.pid, anon: 0, file: 0, recorded: null };
    stays.set(slot.key, stay);
    // Each part by itself: mapped weights that the kernel has taken back are needed again. What is swapped out was no RAM beside the rest.
    stay.anon = Math.max(stay.anon, held.anon - (held.swapped ?? 0));
    stay.file = Math.max(stay.file, held.file);
    const used = inUse(state, slot) || slot.lastUsedFrom === 'lease' || slot.lastUsedFrom === 'provider';
    // A stay without a use says nothing about what it takes in use.
    if (!used) return;
    const ram = Math.max(stay.anon + stay.file, slot.source === 'configured' ? 0 : slot.booked.ram);
    if (stay.recorded !== null && ram - stay.recorded < Math.max(STEP_BYTES, stay.recorded * STEP_SHARE)) return;
    const taken = { ram, vram: slot.booked.vram };
    learned.recordStay(learnKey(installed, slot.contextLength), taken, stay.recorded !== null);
    stay.recorded = ram;
    onGrown(installed, slot.contextLength, taken);
  }

  return {
    /** After each reading: what is resident, by weights. */
    see(state: CoreState, resident: ReadonlyMap<string, Residency>): void {
      for (const [key, held] of resident) {
        const slot = state.slots.get(key);
        if (slot?.state === 'ready') follow(state, slot, held);
      }
      for (const key of stays.keys()) if (!state.slots.has(key)) stays.delete(key);
    },
  };
}
