import { language, locale } from '../text/language.ts';
import { text } from '../text/text.ts';

const steps = [
  ['day', 24 * 60 * 60_000],
  ['hour', 60 * 60_000],
  ['minute', 60_000],
] as const;

/** Dear to make, and asked for by every row of a list: one for the present language. */
let made: { for: string; words: Intl.RelativeTimeFormat } | null = null;

/** English units have no full stop, here as everywhere on the page; German ones do. */
const plain = (words: string) => (language === 'en' ? words.replaceAll('.', '') : words);

/** "12 min ago", "yesterday", in the reader's language; what is younger than a minute is just now. */
export function ago(at: number, now: number): string {
  if (made?.for !== locale) made = { for: locale, words: new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' }) };
  const { words } = made;
  const past = Math.max(0, now - at);
  for (const [unit, ms] of steps) if (past >= ms) return plain(words.format(-Math.floor(past / ms), unit));
  return text.activity.justNow;
}
