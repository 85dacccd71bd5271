import type { Language } from '../../contract/language.ts';

/** What is spoken right now. Live bindings: read them where words are made, never keep them. */
export let language: Language = 'en';
/** The reader's own variety of it ("en-GB", "de-AT"), for times and dates. */
export let locale = 'en';

export function speak(next: Language, preferred: readonly string[]): void {
  language = next;
  locale = preferred.find((tag) => tag.toLowerCase().split(/[-_]/)[0] === next) ?? next;
}
