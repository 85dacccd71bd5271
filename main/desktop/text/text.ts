import type { Language } from '../../../contract/index.ts';
import { de } from './de.ts';
import { en, type DesktopText } from './en.ts';

export type { DesktopText } from './en.ts';

const texts: Readonly<Record<Language, DesktopText>> = { en, de };

export function desktopText(language: Language): DesktopText {
  return texts[language];
}
