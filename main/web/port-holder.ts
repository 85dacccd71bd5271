import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';

const LISTENING = '0A';

/** The process that listens on a port, as far as this user may know: Linux tells it of the user's own processes. null: not known. */
export async function portHolder(port: number, procRoot = '/proc'): Promise<{ pid: number; name: string } | null> {
  const inodes = new Set((await Promise.all(['tcp', 'tcp6'].map((table) => listening(path.join(procRoot, 'net', table), port)))).flat());
  if (inodes.size === 0) return null;
  for (const pid of (await readdir(procRoot).catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    const folder = path.join(procRoot, pid, 'fd');
    for (const fd of await readdir(folder).catch(() => [])) {
      const inode = /^socket:\[(\d+)\]$/.exec(await readlink(path.join(folder, fd)).catch(() => ''))?.[1];
      if (inode === undefined || !inodes.has(inode)) continue;
      const name = (await readFile(path.join(procRoot, pid, 'comm'), 'utf8').catch(() => '')).trim();
      return { pid: Number(pid), name: name || 'unknown' };
    }
  }
  return null;
}

/** Inodes of the sockets that listen on the port: "sl local_address rem_address st … inode", addresses and states in hex. */
async function listening(table: string, port: number): Promise<string[]> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = (await readFile(table, 'utf8').catch(() => '')).split('\n').slice(1);
  return lines.map((line) => line.trim().split(/\s+/)).flatMap((columns) => (columns[1]?.endsWith(wanted) && columns[3] === LISTENING ? [columns[9] ?? ''] : []));
}
