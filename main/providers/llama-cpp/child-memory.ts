import { readFileSync, writeFileSync } from 'node:fs';

/** Makes this process one of the first to die when Linux runs out of memory: a model can be loaded again, a person's work cannot. */
export function offerToOomKiller(): void {
  if (process.platform !== 'linux') return;
  try {
    // Raising is always allowed (proc_pid_oom_score_adj(5)); children inherit it.
    writeFileSync('/proc/self/oom_score_adj', '800');
  } catch {
    // Not allowed in some sandboxes; everything works without.
  }
}

/** Resident bytes of this process, split where Linux does; null elsewhere. */
export function residentParts(): { anon: number; file: number } | null {
  const status = readProc('/proc/self/status');
  const anon = kibibytes(status, 'RssAnon');
  const file = kibibytes(status, 'RssFile');
  return anon === null || file === null ? null : { anon, file };
}

/** Bytes that this process has caused to be read from storage (proc_pid_io(5)); null where that is not told. */
export function diskReadBytes(): number | null {
  const match = /^read_bytes: (\d+)$/m.exec(readProc('/proc/self/io'));
  return match ? Number(match[1]) : null;
}

function kibibytes(status: string, field: string): number | null {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status);
  return match ? Number(match[1]) * 1024 : null;
}

function readProc(file: string): string {
  if (process.platform !== 'linux') return '';
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
