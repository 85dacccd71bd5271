import type { Language } from '../../../contract/index.ts';

const DAY_MS = 24 * 60 * 60_000;

/** A time of day, with its weekday where it is not today's or this night's. */
export function clockTime(at: number, now: number, language: Language, timeZone?: string): string {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    hour: '2-digit',
    minute: '2-digit',
    ...(Math.abs(at - now) > DAY_MS * 0.75 ? { weekday: 'short' as const } : {}),
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(at);
}
