import { locale } from '../text/language.ts';
import { text } from '../text/text.ts';

const steps = [
  ['day', 24 * 60 * 60_000],
  ['hour', 60 * 60_000],
  ['minute', 60_000],
] as const;

/** "12 min. ago", "yesterday", in the reader's language; what is younger than a minute is just now. */
export function ago(at: number, now: number): string {
  // Made anew because the language can change; it is asked for once a minute.
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  const past = Math.max(0, now - at);
  for (const [unit, ms] of steps) if (past >= ms) return words.format(-Math.floor(past / ms), unit);
  return text.activity.justNow;
}
