import type { Language } from '../../contract/language.ts';

type DurationUnit = 's' | 'min' | 'h';

const seconds: Record<DurationUnit, number> = { s: 1, min: 60, h: 3600 };
/** As people write them, in English and in German, whatever language the page has. */
const spellings: Record<DurationUnit, RegExp> = {
  s: /^(s|secs?|seconds?|sek|sekunden?)$/,
  min: /^(m|mins?|minutes?|minuten?)$/,
  h: /^(h|hrs?|hours?|std|stunden?)$/,
};

const units = (value: number): [DurationUnit, number][] => {
  const whole = Math.floor(value);
  return [
    ['h', Math.floor(whole / 3600)],
    ['min', Math.floor(whole / 60) % 60],
    ['s', Math.round((value - Math.floor(whole / 60) * 60) * 1000) / 1000],
  ];
};

const signs: Record<Language, Record<DurationUnit, string>> = { en: { s: 's', min: 'min', h: 'h' }, de: { s: 's', min: 'Min.', h: 'Std.' } };

/** Seconds as people say them, exactly: "5 min", "1 h 30 min", "0 s". */
export function formatSeconds(value: number, language: Language): string {
  const parts = units(value).filter(([, amount]) => amount > 0);
  if (parts.length === 0) return '0 s';
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 3, useGrouping: false });
  return parts.map(([unit, amount]) => `${number.format(amount)} ${signs[language][unit]}`).join(' ');
}

/**
 * What somebody typed as a duration, in seconds; null where it is none. A number alone has the unit of what stood there
 * before, so that "5 min" becomes ten minutes with a "10".
 */
export function parseSeconds(typed: string, before: number): number | null {
  const words = typed.trim().toLowerCase().replaceAll(',', '.');
  if (/^\d+(\.\d+)?$/.test(words)) return round(Number(words) * seconds[lastUnit(before)]);
  const parts = [...words.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)\.?/g)];
  const rest = words.replaceAll(/(\d+(?:\.\d+)?)\s*([a-z]+)\.?/g, '').trim();
  if (parts.length === 0 || rest !== '') return null;
  let total = 0;
  for (const [, amount, word = ''] of parts) {
    const unit = (Object.keys(spellings) as DurationUnit[]).find((one) => spellings[one].test(word));
    if (unit === undefined) return null;
    total += Number(amount) * seconds[unit];
  }
  return round(total);
}

const round = (value: number) => Math.round(value * 1000) / 1000;

function lastUnit(value: number): DurationUnit {
  return units(value).findLast(([, amount]) => amount > 0)?.[0] ?? 'min';
}
