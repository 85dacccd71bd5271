import type { Language } from './language.ts';

const KIB = 1024;
const MIB = KIB * KIB;
export const GIB = MIB * KIB;

const decimalPoint: Record<Language, string> = { en: '.', de: ',' };
const minutes: Record<Language, string> = { en: 'min', de: 'Min.' };
const hours: Record<Language, string> = { en: 'h', de: 'Std.' };
const days: Record<Language, string> = { en: 'days', de: 'Tage' };
const underASecond: Record<Language, string> = { en: 'under 1 s', de: 'weniger als 1 s' };
const and: Record<Language, string> = { en: 'and', de: 'und' };

/** Bytes for people: GB is 1024³ with one decimal; below 0.1 GB whole MB. The one formatter of the project. */
export function formatBytes(bytes: number, language: Language = 'en'): string {
  if (bytes < 0) return `−${formatBytes(-bytes, language)}`;
  if (bytes >= 0.0999 * GIB) return `${(bytes / GIB).toFixed(1).replace('.', decimalPoint[language])} GB`;
  return `${Math.round(bytes / MIB)} MB`;
}

/** A duration for people, in its largest unit: "40 s", "4 min", "2 h", "3 days"; what is shorter than a second, but not nothing, is "under 1 s". */
export function formatDuration(ms: number, language: Language = 'en'): string {
  if (ms > 0 && ms < 1000) return underASecond[language];
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const wholeMinutes = Math.floor(seconds / 60);
  if (wholeMinutes < 60) return `${wholeMinutes} ${minutes[language]}`;
  const wholeHours = Math.floor(wholeMinutes / 60);
  if (wholeHours < 48) return `${wholeHours} ${hours[language]}`;
  return `${Math.floor(wholeHours / 24)} ${days[language]}`;
}

/** A countdown: "4:59", "1:02:03". The same in every language. */
export function formatCountdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const s = String(seconds % 60).padStart(2, '0');
  const m = Math.floor(seconds / 60) % 60;
  const h = Math.floor(seconds / 3600);
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`;
}

/** "a", "a and b", "a, b and c". */
export function formatList(items: readonly string[], language: Language = 'en'): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} ${and[language]} ${items[items.length - 1]}`;
}
