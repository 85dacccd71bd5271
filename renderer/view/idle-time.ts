import type { Config, IdleSeconds, ModelOverride } from '../../contract/index.ts';
import { presets } from '../../contract/presets.ts';
import { editOverride } from './settings-edit.ts';

/** Seconds; null: for as long as there is room, whoever asks for it; auto: until somebody does. */
export type IdleTime = IdleSeconds | null;

type Overrides = Config['models']['overrides'];
interface Named {
  id: string;
  name: string;
  aliases: readonly string[];
}

/** Times that are offered. */
export const idleTimes = [60, 300, 1_800, 7_200, 'auto', null] as const;

/** Where a time begins that nobody has chosen yet. */
export const usualIdleSeconds = presets.find(({ name }) => name === 'balanced')!.values.idle_timeout_seconds;

/** The names under which a model's own settings may stand in the file, most exact first. */
const spellings = ({ id, name, aliases }: Named) => [id, id.slice(id.indexOf('/') + 1), name, ...aliases];

function entryOf(overrides: Overrides, model: Named): { key: string; override: ModelOverride } {
  const present = spellings(model).filter((name) => overrides[name] !== undefined);
  // The one that says how long wins: two entries for one model would be a riddle to whoever reads the file.
  const key = present.find((name) => overrides[name]?.idle_timeout_seconds !== undefined) ?? present[0] ?? model.id;
  return { key, override: overrides[key] ?? {} };
}

/** What the settings say about this model alone; undefined: nothing, what is set for all counts. */
export function ownIdleTime(overrides: Overrides, model: Named): IdleTime | undefined {
  return entryOf(overrides, model).override.idle_timeout_seconds;
}

/** The edit that gives a model its own time, or takes it away (undefined); all else that is set for it stays. */
export function idleTimeEdit(overrides: Overrides, model: Named, seconds: IdleTime | undefined): Record<string, unknown> {
  const { key, override } = entryOf(overrides, model);
  return editOverride('models.overrides.<name>.idle_timeout_seconds', key, seconds, override);
}
