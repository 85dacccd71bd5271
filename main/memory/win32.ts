import os from 'node:os';
import { largest } from './largest.ts';
import type { MemoryReader, Resident } from './memory.ts';
import { getProcessLine, parseGetProcess } from './parse-get-process.ts';
import { createPowerShell, type PowerShell } from './powershell.ts';
import { windowsProgramName } from './program-names.ts';
import type { VramReader } from './vram.ts';

const TIMEOUT_MS = 5_000;
/** An open PowerShell holds some 60 MB: worth it while models are loaded, not afterwards. */
const KEEP_SHELL_MS = 60_000;
/** Where PowerShell is blocked by a policy, asking at every refresh would only cost. */
const ASK_AGAIN_MS = 60_000;

/**
 * Windows: `os.freemem()` is what GlobalMemoryStatusEx calls available (free, zeroed and standby pages) and costs nothing.
 * Processes are asked for on `refresh`, through one PowerShell that stays open while there are any. A reading that names
 * processes carries the time of the older part.
 */
export function createWin32Reader({ now, vram, shell = createPowerShell() }: { now: () => number; vram: VramReader; shell?: PowerShell }): MemoryReader {
  let refreshes = 0;
  let pictured = 0;
  let picture: { at: number; processes: ReadonlyMap<number, Resident> } = { at: 0, processes: new Map() };
  let idle: NodeJS.Timeout | null = null;
  let blockedAt = Number.NEGATIVE_INFINITY;

  const refreshProcesses = async (pids: readonly number[]) => {
    if (pids.length === 0) return;
    if (Math.abs(now() - blockedAt) < ASK_AGAIN_MS) {
      picture = { at: now(), processes: new Map() };
      return;
    }
    if (idle !== null) clearTimeout(idle);
    idle = setTimeout(() => shell.close(), KEEP_SHELL_MS).unref();
    const at = now();
    const turn = ++refreshes;
    const answer = await shell.ask(getProcessLine(pids), TIMEOUT_MS);
    // No answer is a true picture too: none of them can be read.
    if (answer === null) blockedAt = now();
    // By their order, not by a clock that may be set back meanwhile.
    if (turn < pictured) return;
    pictured = turn;
    picture = { at, processes: parseGetProcess(answer ?? '') };
  };

  return {
    read(pids) {
      const processes = new Map<number, Resident>();
      for (const pid of pids) {
        const resident = picture.processes.get(pid);
        if (resident !== undefined) processes.set(pid, resident);
      }
      const at = pids.length === 0 ? now() : picture.at;
      return { at, total: os.totalmem(), available: os.freemem(), cgroupLimit: null, pressure: null, processes, ...vram.last() };
    },
    async refresh(pids) {
      await Promise.all([refreshProcesses(pids), vram.refresh(pids)]);
    },
    async largestPrograms(count, except) {
      const skipped = new Set(except);
      try {
        // Loaded on a refusal only: the library takes longer to load than everything else here together.
        const { processes } = await import('systeminformation');
        const { list } = await processes();
        const others = list.filter(({ pid }) => !skipped.has(pid));
        return largest(others.map(({ name, memRss }) => ({ name: windowsProgramName(name), own: memRss * 1024, shared: 0 })), count);
      } catch {
        return [];
      }
    },
    close() {
      if (idle !== null) clearTimeout(idle);
      shell.close();
    },
  };
}
