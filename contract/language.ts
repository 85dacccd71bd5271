export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

/** The language to speak: the configured one, else the first of the system's that is known ("de-AT" is German), else English. */
export function chooseLanguage(configured: Language | 'system', preferred: readonly string[]): Language {
  if (configured !== 'system') return configured;
  for (const tag of preferred) {
    const known = languages.find((language) => language === tag.toLowerCase().split(/[-_]/)[0]);
    if (known !== undefined) return known;
  }
  return 'en';
}
