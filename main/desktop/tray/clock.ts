import type { Language } from '../../../contract/index.ts';

const DAY_MS = 24 * 60 * 60_000;

/**
 * Says times of day, with the weekday where it is not today's or this night's. For many times that are told together: its formatters are
 * dear to make. Not for longer than that, since they keep the time zone that they were made in.
 */
export function createClock(now: number, language: Language, timeZone?: string): (at: number) => string {
  const make = (look: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { hour: '2-digit', minute: '2-digit', ...look, ...(timeZone === undefined ? {} : { timeZone }) });
  let near: Intl.DateTimeFormat | null = null;
  let far: Intl.DateTimeFormat | null = null;
  return (at) => (Math.abs(at - now) > DAY_MS * 0.75 ? (far ??= make({ weekday: 'short' })) : (near ??= make({}))).format(at);
}
