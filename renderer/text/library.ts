import type { Language } from '../../contract/language.ts';
import { useDashboard } from '../store/dashboard.tsx';
import { library as de } from './de/library.ts';
import { library as en } from './en/library.ts';

const all: Record<Language, typeof en> = { en, de };

/** The words of the library in the language of the screen. They stand apart from the others, so that the first picture need not wait for them. */
export function useLibraryText(): typeof en {
  return all[useDashboard((state) => state.language)];
}
