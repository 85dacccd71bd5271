import os from 'node:os';
import { largest } from './largest.ts';
import type { MemoryReader, MemoryReading, Resident } from './memory.ts';
import { parsePsPrograms, parsePsRss } from './parse-ps.ts';
import { parsePressureLevel, pressureLevelArgs } from './parse-pressure-level.ts';
import { parseVmStat } from './parse-vm-stat.ts';
import { darwinProgramName } from './program-names.ts';
import type { RunCommand } from './run-command.ts';
import type { VramReader } from './vram.ts';

const TIMEOUT_MS = 3_000;

/**
 * macOS: `vm_stat`, one `sysctl` and one `ps` for all pids, on `refresh` only, because there is no file to read. `read` hands out the last
 * picture with the time it was taken; before the first refresh that is time 0 with nothing available.
 */
export function createDarwinReader({ now, run, vram }: { now: () => number; run: RunCommand; vram: VramReader }): MemoryReader {
  const total = os.totalmem();
  let refreshes = 0;
  let pictured = 0;
  let picture: { at: number; available: number; level?: MemoryReading['level']; processes: ReadonlyMap<number, Resident> } = { at: 0, available: 0, processes: new Map() };

  return {
    read(pids): MemoryReading {
      const { vram: devices, unified } = vram.last();
      const processes = new Map<number, Resident>();
      for (const pid of pids) {
        const resident = picture.processes.get(pid);
        if (resident !== undefined) processes.set(pid, resident);
      }
      const { at, available, level } = picture;
      return { at, total, available, cgroupLimit: null, pressure: null, ...(level && { level }), processes, vram: devices, unified };
    },
    async refresh(pids) {
      const at = now();
      const turn = ++refreshes;
      const [pages, word, rss] = await Promise.all([run('/usr/bin/vm_stat', [], TIMEOUT_MS), run('/usr/sbin/sysctl', pressureLevelArgs, TIMEOUT_MS), readRss(run, pids), vram.refresh(pids)]);
      // By their order, not by a clock that may be set back meanwhile.
      if (turn < pictured) return;
      pictured = turn;
      // Where vm_stat cannot run, the free pages alone are a lower bound.
      const available = (pages === null ? null : parseVmStat(pages, total)) ?? os.freemem();
      const level = parsePressureLevel(word ?? '');
      picture = { at, available, ...(level && { level }), processes: residents(rss, vram.last().unified) };
    },
    async largestPrograms(count, except) {
      const text = await run('/bin/ps', ['-axo', 'pid=,rss=,comm='], TIMEOUT_MS);
      const skipped = new Set(except);
      const others = parsePsPrograms(text ?? '').filter(({ pid }) => !skipped.has(pid));
      return largest(others.map(({ rss, command }) => ({ name: darwinProgramName(command), own: rss, shared: 0 })), count);
    },
    close: () => undefined,
  };
}

async function readRss(run: RunCommand, pids: readonly number[]): Promise<Map<number, number>> {
  if (pids.length === 0) return new Map();
  // ps fails when none of the pids exists; that is an answer too.
  return parsePsRss((await run('/bin/ps', ['-o', 'pid=,rss=', '-p', pids.join(',')], TIMEOUT_MS)) ?? '');
}

/**
 * `ps` does not tell anonymous from mapped memory. With Metal on Apple silicon weights are wired while a model is loaded and
 * count as used, mapped or not: all of it is given back by an unload. On Intel Macs models run on the CPU from mapped files,
 * which never counted as used.
 */
function residents(rss: ReadonlyMap<number, number>, unified: boolean): Map<number, Resident> {
  return new Map([...rss].map(([pid, bytes]) => [pid, unified ? { anon: bytes, file: 0 } : { anon: 0, file: bytes }]));
}
