/** Resident bytes by pid from `ps -o pid=,rss=` (rss is in KiB). Lines of another form are left out. */
export function parsePsRss(text: string): Map<number, number> {
  const found = new Map<number, number>();
  for (const { pid, rss } of parsePsPrograms(text)) found.set(pid, rss);
  return found;
}

/** Processes from `ps -axo pid=,rss=,comm=`; on macOS comm is the whole path of the executable, blanks included. */
export function parsePsPrograms(text: string): { pid: number; rss: number; command: string }[] {
  const found: { pid: number; rss: number; command: string }[] = [];
  for (const line of text.split('\n')) {
    const [, pid, rss, command = ''] = /^\s*(\d+)\s+(\d+)(?:\s+(.*?))?\s*$/.exec(line) ?? [];
    if (pid !== undefined) found.push({ pid: Number(pid), rss: Number(rss) * 1024, command });
  }
  return found;
}
