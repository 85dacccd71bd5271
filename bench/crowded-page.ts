import type { InstalledModel, LoadedModel, Snapshot } from '../contract/index.ts';
import { gb, installed, live, llamaCpp, loaded, memory, minute, ollama, snapshot } from '../test/browser/fixtures.ts';

/** What a dashboard is shown on a machine where much is going on, and what has changed a second later. */
export function crowdedPage({ inMemory, models }: { inMemory: number; models: number }): { first: Snapshot; later(second: number): Snapshot } {
  const began = Date.now();
  const providers = [ollama(), llamaCpp];
  const names = Array.from({ length: models }, (_, index) => `family-${index % 40}-model-${index}:${(index % 9) + 1}b`);
  const catalog: InstalledModel[] = names.map((name, index) =>
    installed(name, 0.5 + (index % 30), { fit: index < inMemory ? { kind: 'loaded' } : index % 3 === 0 ? { kind: 'fits' } : { kind: 'short', missing: gb(index % 7) + 1 } }),
  );

  function rows(now: number): LoadedModel[] {
    const idleMs = now - began + 2 * minute;
    return names.slice(0, inMemory).map((name, index) => {
      const times = { loadedAt: began - (30 - index) * minute, since: began - (30 - index) * minute, lastUsed: began - 2 * minute };
      // Every fourth is in use, one is loading: what a busy machine shows.
      if (index === 1) return loaded(name, 2, { ...times, state: 'loading', loadedAt: null, unloadsAt: null, progress: Math.min(0.99, (now - began) / 60_000) });
      if (index % 4 === 0) return loaded(name, 2, { ...times, idleMs: 0, unloadsAt: null, inUse: true, uses: [{ id: String(index), holder: 'notes-script', since: began }] });
      return loaded(name, 2, { ...times, idleMs, unloadsAt: began + 30 * minute, idleTimeoutMs: 32 * minute });
    });
  }

  /** What is missing changes with every reading, what fits now and then. */
  function fitOf(model: InstalledModel, index: number, second: number): InstalledModel['fit'] {
    if (model.fit.kind !== 'short') return model.fit;
    if (index === inMemory + 100 + Math.floor(second / 10)) return { kind: 'fits' };
    return { kind: 'short', missing: (model.fit.missing ?? 0) + second * 7 * 1024 * 1024 };
  }

  function at(second: number): Snapshot {
    const now = began + second * 1_000;
    const shown = rows(now);
    // Other programs breathe, and with them what is free.
    const otherPrograms = gb(20) + second * 7 * 1024 * 1024;
    const state = live(shown, { at: now, limit: inMemory, providers, memory: memory(shown, { at: now, total: gb(64), otherPrograms, free: gb(64) - otherPrograms - gb(2 * inMemory) }) });
    const list = catalog.map((model, index) => ({ ...model, fit: fitOf(model, index, second) }));
    return { ...snapshot(state, list), activity: [] };
  }
  return { first: at(0), later: at };
}
