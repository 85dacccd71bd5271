import { locale } from '../text/language.ts';

/** Making a formatter costs more than using it, and the language hardly ever changes. */
const made = new Map<string, Intl.DateTimeFormat>();

/** "14:02" in the reader's own way of writing times. */
export function clockTime(at: number): string {
  let format = made.get(locale);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
    made.set(locale, format);
  }
  return format.format(at);
}
