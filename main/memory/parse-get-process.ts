import type { Resident } from './memory.ts';

/** Asks PowerShell for `pid private-bytes working-set` of each process, a line each; processes that ended are left out. */
export function getProcessLine(pids: readonly number[]): string {
  const ids = pids.filter((pid) => Number.isSafeInteger(pid) && pid > 0).join(',');
  return `Get-Process -Id ${ids} -ErrorAction SilentlyContinue | ForEach-Object { "$($_.Id) $($_.PrivateMemorySize64) $($_.WorkingSet64)" }`;
}

/**
 * Private bytes also count what was never touched or is paged out; what is resident of them is at most the working set, and
 * the rest of the working set is mapped files and shared libraries.
 */
export function parseGetProcess(text: string): Map<number, Resident> {
  const found = new Map<number, Resident>();
  for (const line of text.split(/\r?\n/)) {
    const [, pid, privateBytes, workingSet] = /^\s*(\d+) (\d+) (\d+)\s*$/.exec(line) ?? [];
    if (pid === undefined) continue;
    const anon = Math.min(Number(privateBytes), Number(workingSet));
    found.set(Number(pid), { anon, file: Number(workingSet) - anon });
  }
  return found;
}
