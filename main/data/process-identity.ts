import { execFile } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import os from 'node:os';
import { promisify } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { z } from 'zod';
import { errorCode } from './file-errors.ts';

/** What tells a process apart from every other, also from a later one with the same pid. */
export const processIdentitySchema = z.object({
  pid: z.number().int().positive(),
  platform: z.string(),
  host: z.string(),
  /** When the process started, ms since the epoch, by its own clock. */
  startedAt: z.number(),
  /** Linux: the same in clock ticks since boot (proc(5), stat field 22), exact and free of clock changes. */
  startTicks: z.string().nullable(),
  /** Linux: the kernel's boot id. */
  boot: z.string().nullable(),
  /** Linux: the pid namespace. In another one (a container) the same pid is another process. */
  pidSpace: z.string().nullable(),
});
export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

/**
 * alive, gone: certain · elsewhere: runs under this kernel in another pid namespace, so pids cannot tell ·
 * earlier-boot: written under another boot, of this machine or of another one · unknown: it cannot be told from here
 */
export type Verdict = 'alive' | 'gone' | 'elsewhere' | 'earlier-boot' | 'unknown';

export async function identifySelf(): Promise<ProcessIdentity> {
  const linux = process.platform === 'linux';
  // The time origin of a worker thread is its own; the uptime of a process does not count sleep, so it is no substitute.
  const asked = linux || isMainThread ? null : await startTimeOf(process.pid, process.platform);
  return {
    pid: process.pid,
    platform: process.platform,
    host: os.hostname(),
    startedAt: asked ?? Math.round(performance.timeOrigin),
    startTicks: linux ? (linuxStat(process.pid)?.startTicks ?? null) : null,
    boot: linux ? readOrNull('/proc/sys/kernel/random/boot_id') : null,
    pidSpace: linux ? linkOrNull('/proc/self/ns/pid') : null,
  };
}

/** Is the process that wrote `other` still running? Where in doubt, never `gone`. */
export async function judgeProcess(other: ProcessIdentity, self: ProcessIdentity): Promise<Verdict> {
  if (other.platform !== self.platform) return 'unknown';
  if (self.platform === 'linux') {
    if (other.boot === null || self.boot === null) return other.host === self.host ? judgePid(other) : 'unknown';
    if (other.boot !== self.boot) return 'earlier-boot';
    if (other.pidSpace !== self.pidSpace) return 'elsewhere';
  }
  // macOS and Windows tell no boot id without starting a program. Their data folders are local (the network name of a Mac
  // changes with the network, so it proves nothing): a pid of an earlier boot is gone or has another start time.
  return judgePid(other);
}

async function judgePid(other: ProcessIdentity): Promise<Verdict> {
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    return errorCode(error) === 'ESRCH' ? 'gone' : judgeStart(other);
  }
  return judgeStart(other);
}

/** Clocks that are set between the start of a process and its first look at the time make the two readings differ a little. */
const START_TOLERANCE_MS = 10_000;

async function judgeStart(other: ProcessIdentity): Promise<Verdict> {
  if (other.platform === 'linux') {
    const stat = linuxStat(other.pid);
    // Another user's process under hidepid: it exists, that is all there is to know.
    if (stat === null || other.startTicks === null) return 'alive';
    if (stat.startTicks !== other.startTicks) return 'gone';
    // A killed process that its parent has not collected has ended, once its last thread has.
    return (stat.state === 'Z' || stat.state === 'X') && stat.threads <= 1 ? 'gone' : 'alive';
  }
  const startedAt = await startTimeOf(other.pid, other.platform);
  return startedAt !== null && Math.abs(startedAt - other.startedAt) > START_TOLERANCE_MS ? 'gone' : 'alive';
}

/** Fields of /proc/<pid>/stat. The second, the program's name, may hold spaces and parentheses: count from the last one. */
function linuxStat(pid: number): { state: string; threads: number; startTicks: string } | null {
  const text = readOrNull(`/proc/${pid}/stat`);
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, threads, startTicks] = [fields[0], fields[17], fields[19]];
  return state && threads && startTicks ? { state, threads: Number(threads), startTicks } : null;
}

/** Start of a process in ms since the epoch by asking the OS, or null. Takes some ms on macOS, half a second on Windows. */
export async function startTimeOf(pid: number, platform: string): Promise<number | null> {
  const run = promisify(execFile);
  try {
    if (platform === 'win32') {
      const script = `([DateTimeOffset](Get-Process -Id ${pid}).StartTime).ToUnixTimeMilliseconds()`;
      const { stdout } = await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script], { timeout: 10_000, windowsHide: true });
      return numberOrNull(stdout);
    }
    const env = { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' };
    const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)], { timeout: 5000, env });
    const at = Date.parse(`${stdout.trim()} UTC`);
    return Number.isNaN(at) ? null : at;
  } catch {
    return null;
  }
}

function numberOrNull(text: string): number | null {
  const value = Number(text.trim());
  return text.trim() !== '' && Number.isFinite(value) ? value : null;
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}

function linkOrNull(file: string): string | null {
  try {
    return readlinkSync(file);
  } catch {
    return null;
  }
}
