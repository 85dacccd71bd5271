import { locale } from '../text/language.ts';

/** Formatters are dear to make and the language seldom changes: one of each for the present language. */
let made: { for: string; clock: Intl.DateTimeFormat; day: Intl.DateTimeFormat; short: Intl.DateTimeFormat; full: Intl.DateTimeFormat; stamp: Intl.DateTimeFormat } | null = null;

function formatters() {
  if (made?.for !== locale) {
    made = {
      for: locale,
      clock: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }),
      day: new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' }),
      short: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }),
      full: new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }),
      stamp: new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'medium' }),
    };
  }
  return made;
}

export const clockOf = (at: number): string => formatters().clock.format(at);
export const dayOf = (at: number): string => formatters().day.format(at);
export const clockAndDay = (at: number): string => formatters().short.format(at);
export const fullTime = (at: number): string => formatters().full.format(at);
/** For a line of a copied list. */
export const timeStamp = (at: number): string => formatters().stamp.format(at);

/** How many midnights here lie between: 0 is today, 1 yesterday. */
export function daysAgo(at: number, now: number): number {
  const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0);
  // Rounded, because a day in which the clocks change has 23 or 25 hours.
  return Math.round((midnight(now) - midnight(at)) / 86_400_000);
}
