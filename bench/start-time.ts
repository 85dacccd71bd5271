import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startHeadless } from './headless-process.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { median, rounded } from './statistics.ts';

const TARGET_MS = 500;
const ROUNDS = 7;

/**
 * Wall time from starting the built headless process, on a fresh data directory, until its address is printed: it listens from
 * then on. A Node process that does nothing is started in turns with it, to tell a slow machine from a slow Airdock.
 */
export async function benchStartTime({ quick }: BenchOptions): Promise<BenchResult[]> {
  const airdock: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < (quick ? 3 : ROUNDS); round++) {
    bare.push(await startNode());
    const headless = await startHeadless();
    airdock.push(headless.startMs);
    await headless.stop();
  }
  const note = `fastest ${rounded(Math.min(...airdock))} ms; Node alone ${rounded(median(bare))} ms, fastest ${rounded(Math.min(...bare))} ms; medians of ${airdock.length}`;
  return [{ name: 'start to listening', figure: rounded(median(airdock)), unit: 'ms', target: TARGET_MS, note }];
}

async function startNode(): Promise<number> {
  const begin = performance.now();
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("up")'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  const took = performance.now() - begin;
  await exited;
  return took;
}
