import type { Language } from '../../contract/language.ts';
import { useDashboard } from '../store/dashboard.tsx';
import { files as de } from './de/files.ts';
import { files as en } from './en/files.ts';

const all: Record<Language, typeof en> = { en, de };

/** The words about files in the language of the screen. They are fetched with the parts that need them. */
export function useFilesText(): typeof en {
  return all[useDashboard((state) => state.language)];
}
