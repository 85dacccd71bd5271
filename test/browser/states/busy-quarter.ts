import type { Activity, MemorySample } from '../../../contract/index.ts';
import { gb, minute } from '../fixtures.ts';

const total = gb(15.5);

/** What models held, from so many minutes ago on. */
const held: readonly [ago: number, models: number][] = [[15, 0], [13.2, 4.5], [11, 11.5], [8.6, 4.5], [6.1, 0.4], [4.9, 7.4], [3.9, 7], [1.1, 11.5]];
/** The computer slept from here to there, in minutes ago. */
const slept = [8.2, 6.6] as const;

/** Samples of the last 15 minutes, every five seconds. */
export function busyHistory(): MemorySample[] {
  const now = Date.now();
  return Array.from({ length: 181 }, (_, index) => 15 - index / 12)
    .filter((ago) => ago > slept[0] || ago < slept[1])
    .map((ago) => {
      const models = gb(held.findLast(([from]) => ago <= from)?.[1] ?? 0);
      const otherPrograms = gb(3.2 + Math.sin(ago * 1.3) * 0.25 + (ago < 5 && ago > 4 ? 1.4 : 0));
      return { at: Math.round(now - ago * minute), free: total - models - otherPrograms, models, otherPrograms };
    });
}

export function busyActivity(): Activity[] {
  const now = Date.now();
  const entry = (ago: number, kind: Activity['kind'], reason: Activity['reason'], name: string, text: string, more: Partial<Activity> = {}) => ({ ago, kind, reason, name, text, more });
  const entries = [
    entry(13.2, 'loaded', 'asked', 'llama3.2', 'llama3.2 was loaded in 6.1 s: 4.5 GB.', { ram: gb(4.5), tookMs: 6_100 }),
    entry(11, 'loaded', 'asked', 'codellama', 'codellama was loaded in 9.0 s: 7.0 GB.', { ram: gb(7), tookMs: 9_000, by: 'Open WebUI' }),
    entry(8.6, 'unloaded', 'room', 'codellama', 'codellama (7.0 GB, unused for 2 min) was unloaded to make room for qwen3:14b.', { ram: gb(7), forModel: 'ollama/qwen3:14b:latest' }),
    entry(8.55, 'failed', 'asked', 'qwen3:14b', 'qwen3:14b could not be loaded: Ollama ran out of memory.', { code: 'load-failed' }),
    entry(6.1, 'unloaded', 'pressure', 'llama3.2', 'llama3.2 (4.5 GB, unused for 5 min) was unloaded because the computer ran short of memory.', { ram: gb(4.5) }),
    entry(6.1, 'loaded', 'asked', 'nomic-embed-text', 'nomic-embed-text was loaded in 0.4 s: 0.4 GB.', { ram: gb(0.4), tookMs: 400 }),
    entry(4.9, 'loaded', 'asked', 'codellama', 'codellama was loaded in 8.2 s: 7.0 GB.', { ram: gb(7), tookMs: 8_200, by: 'dashboard' }),
    entry(3.9, 'unloaded', 'idle', 'nomic-embed-text', 'nomic-embed-text (0.4 GB) was unloaded after 2 min without use.', { ram: gb(0.4) }),
    entry(1.1, 'loaded', 'asked', 'llama3.2', 'llama3.2 was loaded in 5.9 s: 4.5 GB.', { ram: gb(4.5), tookMs: 5_900, by: 'dashboard' }),
  ];
  return entries
    .map(({ ago, kind, reason, name, text, more }, index) => ({
      id: 200 + index,
      at: Math.round(now - ago * minute),
      kind,
      reason,
      model: `ollama/${name}:latest`,
      name,
      provider: 'ollama',
      forModel: null,
      by: null,
      code: null,
      text,
      ram: null,
      tookMs: null,
      ...more,
    }))
    .toReversed();
}
