import type { ModelOverride } from '../../contract/index.ts';
import { anyModel, settingFacts, type SettingKey } from '../../contract/setting-facts.ts';

/** The dotted path of a setting; `model` for the settings that each model has for itself. */
export const editKey = (key: SettingKey, model?: string): string => (model === undefined ? key : key.replace(anyModel, () => model));

/** The edit that gives a setting this value; undefined takes it out of the file, so that the default counts. */
export function editOf(key: SettingKey, value: unknown): Record<string, unknown> {
  return { [key]: value ?? null };
}

/**
 * The edit that gives one model a value of its own. In an edit, null takes a key away: where null itself is the value ("never"), and
 * where nothing but this one value is left, the whole of the model's settings is written.
 */
export function editOverride(key: SettingKey, model: string, value: unknown, before: ModelOverride): Record<string, unknown> {
  const name = settingFacts[key].path.at(-1) ?? '';
  const rest = Object.fromEntries(Object.entries(before).filter(([other, kept]) => other !== name && kept !== undefined));
  const whole = editKeyOfModel(model);
  if (value === undefined) return Object.keys(rest).length === 0 ? { [whole]: null } : { [editKey(key, model)]: null };
  return value === null ? { [whole]: { ...rest, [name]: null } } : { [editKey(key, model)]: value };
}

export const editKeyOfModel = (model: string): string => `models.overrides.${model}`;
