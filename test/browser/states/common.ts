import { catalog, live, llamaCpp, loaded, minute, ollama, snapshot } from '../fixtures.ts';

/* What several states have in common. */

export const llama = (more: Parameters<typeof loaded>[2] = {}) => loaded('llama3.2', 4.5, more);
const code = () =>
  loaded('codellama', 7, {
    loadedAt: Date.now() - 4 * minute,
    inUse: true,
    lastUsed: Date.now(),
    unloadsAt: null,
    uses: [{ id: 'l1', holder: 'notes-script', since: Date.now() - 20_000 }],
  });
export const two = () => [llama(), code()];
export const inMemory = (names: readonly string[]) =>
  catalog.map((model) => (names.includes(model.name) ? { ...model, fit: { kind: 'loaded' as const } } : model));
const absent = () => ollama({ status: 'absent', version: null, installed: 0 });
export const nothing = (more: Parameters<typeof live>[1] = {}) =>
  snapshot(live([], { providers: [absent(), { ...llamaCpp, installed: 0 }], ...more }), []);
