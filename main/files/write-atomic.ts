import { randomBytes } from 'node:crypto';
import { open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const STALE_MS = 60_000;
const RENAME_RETRY_MS = [10, 30, 90, 270];

/**
 * Replaces a file in one step: whoever reads it, also after a crash or a power cut in mid-write, finds the old content or
 * the new one, never a part. A symlink stays a symlink; its target is replaced.
 *
 * `mode` is set exactly (whatever the umask). Without it an existing file keeps its own, and a new one gets 0644 less the umask.
 *
 * Rejects with the system's error and its `code` (ENOSPC, EACCES, ENOENT for a missing folder, …); the old file is then
 * untouched and no temporary file is left behind. Temporary files of a writer that was killed go with the next write.
 * Two writes to the same file at the same time are both whole; which one stays is not defined.
 */
export async function writeFileAtomic(file: string, data: string | Uint8Array, options: { mode?: number } = {}): Promise<void> {
  const target = await resolveLink(file);
  const mode = options.mode ?? (await modeOf(target));
  const folder = path.dirname(target);
  const prefix = `.${path.basename(target)}.`;
  const temp = path.join(folder, `${prefix}${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(temp, 'wx', mode ?? 0o644);
    try {
      if (mode !== undefined) await handle.chmod(mode);
      await handle.writeFile(data);
      // Without this, a power cut after the rename can leave an empty file under the final name (ext4, XFS).
      await handle.sync();
    } finally {
      await handle.close();
    }
    await renameOver(temp, target);
  } catch (error) {
    await rm(temp, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(folder);
  await removeStale(folder, prefix);
}

async function resolveLink(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return path.resolve(file);
    throw error;
  }
}

async function modeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).mode & 0o7777;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** On Windows a virus scanner or an indexer that has the target open makes a rename fail for some milliseconds. */
async function renameOver(from: string, to: string): Promise<void> {
  for (const wait of process.platform === 'win32' ? RENAME_RETRY_MS : []) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      if (!['EPERM', 'EACCES', 'EBUSY'].includes(codeOf(error) ?? '')) throw error;
      await delay(wait);
    }
  }
  await rename(from, to);
}

/** Makes the rename itself durable. Windows cannot open a folder, some network file systems cannot sync one: the write stands either way. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    return;
  }
}

async function removeStale(folder: string, prefix: string): Promise<void> {
  try {
    const names = (await readdir(folder)).filter((name) => name.startsWith(prefix) && name.endsWith('.tmp'));
    for (const name of names) {
      const file = path.join(folder, name);
      // By age, not by the writer's pid: a folder may be shared with a container that numbers its processes differently.
      if (Date.now() - (await stat(file)).mtimeMs > STALE_MS) await rm(file, { force: true });
    }
  } catch {
    return;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
