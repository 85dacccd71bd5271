import { maxDuration, type Ns } from './clock.ts';

export type KeepAlive = { ok: true; value: Ns | undefined } | { ok: false; error: string };

const units: Record<string, number> = { ns: 1, us: 1e3, 'µs': 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/**
 * Reads `keep_alive` as Ollama does: a number is seconds, a string a Go duration (bare digits other than 0 are an error),
 * anything below zero means for ever, null means absent.
 */
export function parseKeepAlive(raw: unknown): KeepAlive {
  if (raw === undefined || raw === null) return { ok: true, value: undefined };
  if (typeof raw === 'number') return { ok: true, value: fromSeconds(raw) };
  if (typeof raw === 'string') return parseDuration(raw);
  const kind = typeof raw === 'boolean' ? 'bool' : Array.isArray(raw) ? '[]interface {}' : 'map[string]interface {}';
  return { ok: false, error: `Unsupported type: '${kind}'` };
}

/** Seconds beyond Go's range overflow to something negative: the model leaves as soon as it is idle. */
function fromSeconds(seconds: number): Ns {
  if (seconds < 0) return maxDuration;
  return seconds * 1e9 >= Number(maxDuration) ? -1n : BigInt(Math.round(seconds * 1e9));
}

function parseDuration(text: string): KeepAlive {
  const invalid = { ok: false as const, error: `time: invalid duration ${JSON.stringify(text)}` };
  const negative = text.startsWith('-');
  let rest = text.replace(/^[+-]/, '');
  if (rest === '0') return { ok: true, value: 0n };
  if (rest === '') return invalid;
  let total = 0;
  while (rest !== '') {
    const number = /^(\d+\.?\d*|\.\d+)/.exec(rest)?.[0];
    if (number === undefined) return invalid;
    rest = rest.slice(number.length);
    const unit = /^[^\d.]+/.exec(rest)?.[0];
    if (unit === undefined) return { ok: false, error: `time: missing unit in duration ${JSON.stringify(text)}` };
    const scale = units[unit];
    if (scale === undefined) return { ok: false, error: `time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}` };
    total += Number(number) * scale;
    rest = rest.slice(unit.length);
  }
  // "-0s" is a zero, not for ever.
  return { ok: true, value: negative && total > 0 ? maxDuration : BigInt(Math.round(total)) };
}
