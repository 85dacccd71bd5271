const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400 };

/** "45s", "30m", "1h30m", "2 d" in seconds; null where it is none, or no time at all. A bare number is none: nobody knows of what. */
export function parseDuration(text: string): number | null {
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)\s*(min|[smhd])\s*/gy)];
  if (parts.map(([whole]) => whole).join('') !== text.trim()) return null;
  const sum = parts.reduce((total, [, number, unit = '']) => total + Number(number) * (seconds[unit] ?? 0), 0);
  return sum > 0 ? sum : null;
}
