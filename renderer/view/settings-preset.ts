import type { Config } from '../../contract/index.ts';
import { type PresetName, presets, type PresetValues } from '../../contract/presets.ts';

/** Without one in the file, the defaults are those of "balanced". */
export const presetName = (config: Config): PresetName => config.models.preset ?? 'balanced';

export const presetValues = (name: PresetName): PresetValues => {
  const found = presets.find((preset) => preset.name === name);
  if (found === undefined) throw new Error(`No preset ${name}`);
  return found.values;
};

/** Which preset holds, and whether one of its values was changed by hand since. */
export function presetState(config: Config): { name: PresetName; changed: boolean } {
  const name = presetName(config);
  const values = Object.entries(presetValues(name));
  return { name, changed: values.some(([key, value]) => Reflect.get(config.models, key) !== value) };
}

/** The edit that makes a preset hold: what is written out wins over a preset, so it has to go. */
export function choosePreset(name: PresetName): Record<string, unknown> {
  return { 'models.preset': name, ...Object.fromEntries(Object.keys(presetValues(name)).map((key) => [`models.${key}`, null])) };
}
