import { type SettingKey } from '../../contract/setting-facts.ts';
import type { SettingText } from '../text/en/settings.ts';
import { language } from '../text/language.ts';
import { text } from '../text/text.ts';
import { formatSeconds } from './settings-duration.ts';
import type { RowId } from './settings-layout.ts';
import { perModelKeys } from './settings-layout.ts';
import { factOf } from './settings-value.ts';

export const settingText = (key: SettingKey): SettingText => text.settings.rows[key];

/** A number as it is shown and typed. */
export const showNumber = (value: number): string => new Intl.NumberFormat(language, { useGrouping: false, maximumFractionDigits: 6 }).format(value);

/** A setting's value in words. */
export function valueWords(key: SettingKey, value: unknown): string {
  const { kind } = factOf(key);
  const words = settingText(key);
  const { value: say, units, preset } = text.settings;
  if (value === undefined) return words.none ?? say.notSet;
  if (value === null) return kind.type === 'number' && kind.unit === 'seconds' ? say.never : (words.none ?? say.empty);
  if (typeof value === 'boolean') return value ? say.on : say.off;
  if (typeof value === 'number') {
    const unit = kind.type === 'number' ? kind.unit : 'models';
    return unit === 'seconds' ? formatSeconds(value, language) : `${showNumber(value)} ${units[unit]}`.trim();
  }
  if (Array.isArray(value)) return value.length === 0 ? say.empty : value.map((entry: unknown) => (typeof entry === 'object' && entry !== null ? String(Reflect.get(entry, 'id')) : entry)).join(', ');
  if (typeof value === 'object') return Object.entries(value).map(([name, of]) => `${name}: ${String(of)}`).join(', ') || say.empty;
  const option = String(value);
  return words.options?.[option] ?? (key === 'models.preset' ? Reflect.get(preset.names, option) as string : option);
}

/** What may stand there, for somebody who typed something else. */
export function allowedWords(key: SettingKey): string {
  const { kind } = factOf(key);
  const { allowed } = text.settings;
  if (key === 'gateway.allowed_hosts') return allowed.hostName;
  if (key === 'gateway.allowed_origins') return allowed.origin;
  if (kind.type !== 'number') return key === 'gateway.host' ? allowed.host : allowed.text;
  if (kind.unit === 'seconds') return allowed.duration;
  const [min, max] = [showNumber(kind.min), kind.max === null ? null : showNumber(kind.max)];
  if (max === null) return kind.whole ? allowed.wholeFrom(min) : allowed.from(min);
  return kind.whole ? allowed.wholeBetween(min, max) : allowed.between(min, max);
}

/** Everything by which a row can be found. */
export function rowTexts(row: RowId): string[] {
  const { address, startAtLogin, single, files, version } = text.settings;
  switch (row) {
    case 'address':
      return [address.name, address.meaning];
    case 'key':
      return [address.key, address.keyMeaning];
    case 'pairing':
      return [address.pairing, address.pairingMeaning, 'gateway.lan'];
    case 'scriptKey':
      return [address.scriptKey, address.scriptKeyMeaning];
    case 'startAtLogin':
      return [startAtLogin.name, startAtLogin.meaning];
    case 'single':
      return [single.add, ...perModelKeys.flatMap(rowTexts)];
    case 'configFile':
      return [files.config, files.configMeaning];
    case 'logFolder':
      return [files.logs, files.logsMeaning];
    case 'version':
      return [version.name, version.licence, version.check];
    default: {
      const words = settingText(row);
      const options = row === 'models.preset' ? Object.values(text.settings.preset.names) : Object.values(words.options ?? {});
      return [words.name, words.meaning, row, ...options];
    }
  }
}
