import type { Language } from '../../contract/language.ts';
import { en } from './en.ts';
import { speak } from './language.ts';

/** Every text on the screen. A translation is another object of this type. */
export type Text = typeof en;

/** The texts in the language of the screen. A live binding: read it while rendering or acting, never at import time. */
export let text: Text = en;

/** Each translation is a file of its own, fetched when it is spoken. */
const translations: Record<Language, () => Promise<Text>> = {
  en: () => Promise.resolve(en),
  de: async () => (await import('./de.ts')).de,
};

let wanted: Language = 'en';

/** True once the screen's texts are in that language. False: another was asked for meanwhile, or its file did not come; the present one stays. */
export async function changeLanguage(to: Language, preferred: readonly string[]): Promise<boolean> {
  wanted = to;
  const next = await translations[to]().catch(() => null);
  if (next === null || wanted !== to) return false;
  text = next;
  speak(to, preferred);
  return true;
}
