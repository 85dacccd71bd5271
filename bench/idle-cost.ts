import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { apiPrefix } from '../contract/index.ts';
import { readToken } from '../main/data/token.ts';
import { startHeadless, type HeadlessProcess } from './headless-process.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { rounded } from './statistics.ts';

const TARGET_RSS_MB = 90;
const TARGET_CPU_PERCENT = 0.3;
const SETTLE_MS = 5_000;
const MIB = 1024 * 1024;
/** USER_HZ: what Linux counts CPU time in for user space, on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/**
 * CPU time and memory of the built headless process that nobody uses, over a minute that begins five seconds after its start: no
 * model in memory, the samples not made, no Ollama unless this computer runs one. Then the same with one dashboard's event
 * stream open. CPU is user and system time of all its threads, in steps of 10 ms (0.02 % of a core over a minute); memory is
 * the highest resident size of one look each second, Node's own binary included.
 */
export async function benchIdleCost({ quick }: BenchOptions): Promise<BenchResult[]> {
  if (process.platform !== 'linux') {
    console.error('idle: reads /proc, so it is measured on Linux only');
    return [];
  }
  const windowMs = quick ? 10_000 : 60_000;
  const headless = await startHeadless();
  try {
    await wait(SETTLE_MS);
    const alone = await watchProcess(headless.pid, windowMs);
    const dashboard = await openDashboard(headless);
    await wait(SETTLE_MS);
    const watched = await watchProcess(headless.pid, windowMs);
    dashboard.abort();
    const over = `over ${windowMs / 1000} s`;
    return [
      { name: 'idle memory', figure: rounded(alone.rssBytes / MIB), unit: 'MB RSS', target: TARGET_RSS_MB, note: `${rounded(alone.anonBytes / MIB)} MB of it its own, the rest files (Node)` },
      { name: 'idle CPU', figure: rounded(alone.cpuPercent), unit: '% of a core', target: TARGET_CPU_PERCENT, note: over },
      { name: 'memory with a dashboard open', figure: rounded(watched.rssBytes / MIB), unit: 'MB RSS', target: null },
      { name: 'CPU with a dashboard open', figure: rounded(watched.cpuPercent), unit: '% of a core', target: null, note: over },
    ];
  } finally {
    await headless.stop();
  }
}

async function watchProcess(pid: number, windowMs: number): Promise<{ cpuPercent: number; rssBytes: number; anonBytes: number }> {
  const begin = performance.now();
  const cpuBefore = cpuSeconds(pid);
  let rssBytes = 0;
  let anonBytes = 0;
  do {
    await wait(1000);
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    rssBytes = Math.max(rssBytes, kibibytes(status, 'VmRSS') * 1024);
    anonBytes = Math.max(anonBytes, kibibytes(status, 'RssAnon') * 1024);
  } while (performance.now() - begin < windowMs);
  const seconds = (performance.now() - begin) / 1000;
  return { cpuPercent: ((cpuSeconds(pid) - cpuBefore) / seconds) * 100, rssBytes, anonBytes };
}

/** utime and stime, fields 14 and 15 of proc_pid_stat(5); the name before them may contain spaces. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function kibibytes(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]);
}

/** Reads the events as a dashboard does, and drops them. */
async function openDashboard({ url, dataDir }: HeadlessProcess): Promise<AbortController> {
  const end = new AbortController();
  const response = await fetch(`${url}${apiPrefix}/events`, { headers: { authorization: `Bearer ${await readToken(dataDir)}` }, signal: end.signal });
  if (!response.ok || response.body === null) throw new Error(`The events could not be read: status ${response.status}.`);
  void response.body.pipeTo(new WritableStream()).catch(() => undefined);
  return end;
}
