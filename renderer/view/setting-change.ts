import { type SettingKey, settingKeys } from '../../contract/setting-facts.ts';
import { text } from '../text/text.ts';
import { settingText, valueWords } from './settings-words.ts';

/** The engine's "A setting changed: models.max_concurrent_loaded is 3, was 2." with the names and values of the settings page. */
const whole = /^(?:A setting|Settings) changed: (.+)\.$/;
const piece = /^(\S+) is (.+), was (.+)$/;
const rest = /^and (\d+) more$/;
const ofModel = /^models\.overrides\.(.+)$/;

const isSetting = (key: string): key is SettingKey => (settingKeys as readonly string[]).includes(key);

/** A value as the engine writes it: JSON, cut off where it is long. */
function valueOf(key: SettingKey, written: string): string {
  if (written === 'not set') return valueWords(key, undefined);
  try {
    return valueWords(key, JSON.parse(written));
  } catch {
    return written;
  }
}

function pieceWords(part: string): string | null {
  const { one, ofModel: about, more } = text.activity.settings;
  const others = rest.exec(part)?.[1];
  if (others !== undefined) return more(Number(others));
  const [, key, now, before] = piece.exec(part) ?? [];
  if (key === undefined || now === undefined || before === undefined) return null;
  const model = ofModel.exec(key)?.[1];
  if (model !== undefined) return about(model);
  return isSetting(key) ? one(settingText(key).name, valueOf(key, now), valueOf(key, before)) : null;
}

/** What was changed, in the words of the screen; null where the sentence is another, or names a setting that this page does not know. */
export function settingChange(sentence: string): string | null {
  const parts = whole.exec(sentence)?.[1]?.split('; ').map(pieceWords);
  const known = parts?.filter((words) => words !== null);
  return parts === undefined || known === undefined || known.length < parts.length ? null : text.activity.settings.changed(known.join('; '));
}
