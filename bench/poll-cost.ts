import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createMemoryReader } from '../main/memory/reader.ts';
import type { BenchResult } from './result.ts';
import { cpuPerCall, rounded } from './statistics.ts';

const TARGET_US = 100;
const PROCESSES = 3;
const POLLS_PER_ROUND = 200;

/** CPU time of one look at the memory with three model processes; idle Node processes stand in for them. */
export async function benchPollCost(): Promise<BenchResult[]> {
  const children = await Promise.all(Array.from({ length: PROCESSES }, startIdleProcess));
  const reader = createMemoryReader();
  try {
    const pids = children.map(({ pid }) => pid).filter((pid) => pid !== undefined);
    await reader.refresh(pids);
    const poll = () => reader.read(pids);
    const figure = rounded(cpuPerCall(poll, { times: POLLS_PER_ROUND, rounds: 31 }));
    const seen = poll().processes.size;
    const note = process.platform === 'linux' ? `${seen} of ${PROCESSES} processes read` : 'the last picture only; a refresh costs more';
    return [{ name: `memory poll, ${PROCESSES} models`, figure, unit: 'µs CPU', target: TARGET_US, note }];
  } finally {
    reader.close();
    await Promise.all(children.map(stop));
  }
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
