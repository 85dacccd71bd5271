import type { StoreApi } from 'zustand/vanilla';
import { chooseLanguage, type Language } from '../../contract/language.ts';
import { changeLanguage } from '../text/text.ts';
import type { DashboardState } from './state.ts';

/** Speaks the configured language, or the first of the reader's own that is known. Resolves when that is done or cannot be done. */
export function createSpeech({ store, preferred }: { store: StoreApi<DashboardState>; preferred: () => readonly string[] }) {
  return async function speak(configured: Language | 'system'): Promise<void> {
    const tags = preferred();
    const language = chooseLanguage(configured, tags);
    if (await changeLanguage(language, tags)) store.setState({ language });
  };
}
