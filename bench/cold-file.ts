import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Takes a file out of Linux's page cache (`posix_fadvise`, by way of GNU dd). Pages that a process has mapped stay, and so do such that are not on disk yet. */
export async function makeCold(file: string): Promise<void> {
  await run('dd', [`if=${file}`, 'iflag=nocache', 'count=0', 'status=none']);
}

/** Waits until a file is on disk. */
export async function writeOut(file: string): Promise<void> {
  await run('sync', [file]);
}
