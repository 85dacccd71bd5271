import type { Config } from '../../contract/index.ts';
import { GIB } from '../../contract/format.ts';
import { presets } from '../../contract/presets.ts';
import { anyModel, settingFacts, type SettingFact, type SettingKey, type SettingKind } from '../../contract/setting-facts.ts';
import { presetName } from './settings-preset.ts';

export const factOf = (key: SettingKey): SettingFact => settingFacts[key];

/** The value in force; `model` for the settings that each model has for itself. */
export function valueAt(config: Config, key: SettingKey, model?: string): unknown {
  return factOf(key).path.reduce<unknown>((value, segment) => {
    const name = segment === anyModel ? model : segment;
    return typeof value === 'object' && value !== null && name !== undefined && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
  }, config);
}

/** The value that counts where the file does not name the key: of the three that presets are about, the preset's. */
export function defaultOf(config: Config, key: SettingKey): unknown {
  if (key === 'models.preset') return 'balanced';
  const fact = factOf(key);
  const values: Record<string, unknown> = { ...presets.find(({ name }) => name === presetName(config))?.values };
  const name = fact.path.length === 2 && fact.path[0] === 'models' ? fact.path[1] : undefined;
  return name !== undefined && name in values ? values[name] : fact.default;
}

export const differs = (value: unknown, standard: unknown): boolean => JSON.stringify(value) !== JSON.stringify(standard);

/** What keeps a value from being this setting: not a number, not whole, out of bounds; null where nothing does. */
export function faultOf(kind: SettingKind, value: unknown): 'empty' | 'number' | 'whole' | 'bounds' | null {
  if (kind.type === 'text') return kind.nullable || (typeof value === 'string' && value.trim() !== '') ? null : 'empty';
  if (kind.type !== 'number') return null;
  if (value === null) return kind.nullable ? null : 'empty';
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'number';
  if (value < kind.min || (kind.max !== null && value > kind.max)) return 'bounds';
  return kind.whole && !Number.isInteger(value) ? 'whole' : null;
}

/** Keeping so much free would leave models nothing of a computer with `total` bytes. The engine refuses it too; the config's schema cannot know. */
export const keepsAll = (key: SettingKey, value: unknown, total: number): boolean => key === 'memory.reserve_gb' && typeof value === 'number' && value * GIB >= total;

/** Whether an entry of a list can be meant: a name with or without a port; an origin, or all of a scheme that is not the web's. */
export function isEntry(key: SettingKey, entry: string): boolean {
  if (key === 'gateway.allowed_hosts') return /^(\[[0-9a-f:.]+\]|[^\s:/@[\]*]+)(:\d{1,5})?$/i.test(entry);
  if (key === 'gateway.allowed_origins') return /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@*]+\/?$/i.test(entry) || /^(?!https?:)[a-z][a-z0-9+.-]*:\/\/\*$/i.test(entry);
  return entry !== '';
}
