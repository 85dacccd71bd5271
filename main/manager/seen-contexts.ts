import type { CoreState } from '../core/types.ts';

/**
 * Notices with which context size models are really used: when a server has loaded one anew with another context than it was loaded
 * with (a program asked for that, or for nothing and the server has a default of its own), the next load takes that size, so that the
 * first request does not load it a second time.
 */
export function createSeenContexts(record: (model: string, contextLength: number) => void) {
  const loadedWith = new Map<string, { op: number; contextLength: number }>();

  return {
    /** Call after each change of state. */
    see(state: CoreState): void {
      for (const key of loadedWith.keys()) if (!state.slots.has(key)) loadedWith.delete(key);
      for (const slot of state.slots.values()) {
        if (slot.state !== 'ready' || slot.contextLength === null) continue;
        const before = loadedWith.get(slot.key);
        if (before?.op === slot.op && before.contextLength !== slot.contextLength) record(slot.modelId, slot.contextLength);
        if (before?.op !== slot.op || before.contextLength !== slot.contextLength) loadedWith.set(slot.key, { op: slot.op, contextLength: slot.contextLength });
      }
    },
  };
}
