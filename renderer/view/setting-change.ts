import type { ActivityParts } from '../../contract/index.ts';
import { type SettingKey, settingKeys } from '../../contract/setting-facts.ts';
import { text } from '../text/text.ts';
import { settingText, valueWords } from './settings-words.ts';

type Changes = Extract<ActivityParts, { what: 'settings' }>;

const isSetting = (key: string): key is SettingKey => (settingKeys as readonly string[]).includes(key);

/** A value as the engine writes it: JSON, cut off where it is long; null: not set. */
function valueOf(key: SettingKey, written: string | null): string {
  if (written === null) return valueWords(key, undefined);
  try {
    return valueWords(key, JSON.parse(written));
  } catch {
    return written;
  }
}

function changeWords({ path, before, after }: Changes['changes'][number]): { words: string; known: boolean } {
  const [group, part, model] = path;
  if (group === 'models' && part === 'overrides' && model !== undefined) return { words: text.activity.settings.ofModel(model), known: true };
  const key = path.join('.');
  return isSetting(key) ? { words: text.activity.settings.one(settingText(key).name, valueOf(key, after), valueOf(key, before)), known: true } : { words: key, known: false };
}

/** What was changed, with the names and values of the settings page. `whole` false: that page does not know a setting, and the engine says more. */
export function settingChange({ changes, more }: Changes): { words: string; whole: boolean } {
  const told = changes.map(changeWords);
  const { changed, more: others } = text.activity.settings;
  const list = [...told.map(({ words }) => words), ...(more > 0 ? [others(more)] : [])];
  return { words: changed(list.join('; '), changes.length + more), whole: told.every(({ known }) => known) };
}
