import { locale } from '../text/language.ts';

/** Making a formatter costs more than using it, and the language hardly ever changes. */
const made = new Map<string, { time: Intl.DateTimeFormat; day: Intl.DateTimeFormat }>();

function formats() {
  let known = made.get(locale);
  if (known === undefined) {
    known = {
      time: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }),
      day: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' }),
    };
    made.set(locale, known);
  }
  return known;
}

/** "14:02" in the reader's own way of writing times. */
export function clockTime(at: number): string {
  return formats().time.format(at);
}

/** "12 Nov" where that is not today, else nothing. */
export function dayUnlessToday(at: number, now: number): string | null {
  return new Date(at).toDateString() === new Date(now).toDateString() ? null : formats().day.format(at);
}
