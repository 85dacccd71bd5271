import type { Config } from '../contract/index.ts';
import { idleSlots } from './core/due.ts';
import { withLimit } from './limit.ts';
import type { Engine } from './manager/engine.ts';

/** Systems wait about so long for programs that want to do something before sleep. */
const BEFORE_SLEEP_MS = 5_000;

/** Unloads what nobody uses where the settings want that before sleep. What is kept, frozen or paused stays. */
export async function unloadBeforeSleep(engine: Engine, settings: Config): Promise<void> {
  const { state } = engine;
  if (!settings.models.unload_before_sleep || state.freeze || state.pause) return;
  const going = idleSlots(state, 0).map((slot) => engine.unload(slot.key, { confirm: false, by: 'Airdock', reason: 'sleep' }));
  await withLimit(Promise.all(going), BEFORE_SLEEP_MS);
}
