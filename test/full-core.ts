import { createCore, knownModel, type Core, type CoreOptions, gb } from './core-fixture.ts';
import { OVER_PATIENCE_MS, OWN_LOAD_BLIND_MS, YIELD_UNUSED_MS } from '../main/core/limits.ts';

/** Models of 5 GB that nothing but need unloads. */
export const models = ['a', 'b', 'c'].map((name) => knownModel(`p/${name}`, 5, { idleTimeoutMs: null }));

/** Three models of 5 GB in room for 16 GB on a computer of 20, of which others hold 4; the last own load long ago. */
export function full(change: Partial<CoreOptions> = {}, loaded = change.models ?? models): Core {
  const core = createCore({ models, ...change, config: { limit: 9, ...change.config } });
  for (const { id } of loaded) {
    core.load(id);
    core.pass(1_000);
  }
  core.pass(OWN_LOAD_BLIND_MS + YIELD_UNUSED_MS);
  core.all.length = 0;
  return core;
}

/** Others take this much of the 1 GB that is left. */
export function squeeze(core: Core, gigabytes: number): void {
  core.machine.others = gb(gigabytes);
  core.pass(OVER_PATIENCE_MS + 1_000);
}

/** Lets whoever leaves go, and time pass as long as readings need. */
export function letGo(core: Core): string[] {
  const gone = [...core.state.slots.values()].filter((slot) => slot.state === 'unloading').map((slot) => slot.key);
  for (const key of gone) core.endUnload(key);
  core.pass(5_000);
  return gone;
}
