import { readFileSync } from 'node:fs';
import { ask, hangUp } from './gateway-client.ts';
import type { TokenOrder } from './gateway-backend.ts';
import type { HeadlessProcess } from './headless-process.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { median, rounded } from './statistics.ts';

const TARGET = 1.05;
const AT_A_TIME = 16;
const WARM_UP_SHARE = 0.2;
const LOOKS = 10;
const MIB = 1024 * 1024;

/**
 * Resident memory of Airdock over many short streams: the middle one of ten looks after warming up (the second tenth of all
 * requests), and of ten over the last tenth.
 */
export async function benchRequestMemory(airdock: HeadlessProcess, model: string, { quick }: BenchOptions): Promise<BenchResult[]> {
  if (process.platform !== 'linux') {
    console.error('gateway: memory is read from /proc, so it is measured on Linux only');
    return [];
  }
  const total = quick ? 10_000 : 100_000;
  const order: TokenOrder & Record<string, unknown> = { model, messages: [{ role: 'user', content: 'Why?' }], stream: true, max_tokens: 3, tokens_per_second: 0 };
  const looks = new Map<number, number>();
  const every = Math.round((total * (WARM_UP_SHARE / 2)) / LOOKS);
  let begun = 0;
  const began = performance.now();
  const one = async (): Promise<void> => {
    while (begun < total) {
      begun += 1;
      if (begun % every === 0) looks.set(begun, rssBytes(airdock.pid));
      const { status } = await ask(airdock.url, '/v1/chat/completions', order);
      if (status !== 200) throw new Error(`A request was refused with ${status}.`);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, one));
  const seconds = (performance.now() - began) / 1000;
  hangUp();
  const between = (from: number, to: number): number => median([...looks].filter(([at]) => at > total * from && at <= total * to).map(([, rss]) => rss));
  const early = between(WARM_UP_SHARE / 2, WARM_UP_SHARE);
  const late = between(1 - WARM_UP_SHARE / 2, 1);
  return [
    {
      name: `memory over ${total.toLocaleString('en')} requests, end / after warming up`,
      figure: rounded(late / early),
      unit: '×',
      target: TARGET,
      note: `${rounded(late / MIB)} / ${rounded(early / MIB)} MB resident, most ${rounded(Math.max(...looks.values()) / MIB)}; ${Math.round(total / seconds)} requests/s`,
    },
  ];
}

function rssBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}
