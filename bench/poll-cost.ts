import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createMemoryReader } from '../main/memory/reader.ts';
import type { BenchResult } from './result.ts';

const TARGET_US = 100;
const PROCESSES = 3;
const ROUNDS = 31;
const POLLS_PER_ROUND = 200;

/** CPU time of one look at the memory with three model processes, all threads of this process counted: the median of 31 rounds. */
export async function benchPollCost(): Promise<BenchResult> {
  const children = await Promise.all(Array.from({ length: PROCESSES }, startIdleProcess));
  const reader = createMemoryReader();
  try {
    const pids = children.map(({ pid }) => pid).filter((pid) => pid !== undefined);
    await reader.refresh(pids);
    const poll = () => reader.read(pids);
    for (let i = 0; i < POLLS_PER_ROUND; i++) poll();
    const rounds = Array.from({ length: ROUNDS }, () => cpuPerCall(poll, POLLS_PER_ROUND)).sort((a, b) => a - b);
    const median = rounds[Math.floor(ROUNDS / 2)] ?? Number.NaN;
    const seen = poll().processes.size;
    const note = process.platform === 'linux' ? `${seen} of ${PROCESSES} processes read` : 'the last picture only; a refresh costs more';
    return { name: `Memory poll with ${PROCESSES} models`, figure: Math.round(median * 10) / 10, unit: 'µs CPU', target: TARGET_US, lowerIsBetter: true, note };
  } finally {
    reader.close();
    await Promise.all(children.map(stop));
  }
}

function cpuPerCall(call: () => void, times: number): number {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}

/** Resolves once the process runs the program it was started for. */
async function startIdleProcess(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("up"); process.stdin.resume().on("end", () => process.exit())'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  if (child.stdout !== null) await once(child.stdout, 'data');
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
