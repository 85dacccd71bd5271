import { open, stat } from 'node:fs/promises';
import { HEAD_BYTES, problem, type Outcome } from '../../../contract/index.ts';
import type { FileSample } from './identify.ts';

/** The first bytes of a file, and its size. Nothing else of it is read. */
export async function readHead(file: string): Promise<Outcome<FileSample>> {
  try {
    // Asked before it is opened: opening a pipe waits for whoever writes into it.
    const found = await stat(file);
    if (!found.isFile()) return { ok: false, problem: problem('bad-file', `${file} is ${found.isDirectory() ? 'a folder' : 'no file'}.`) };
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      // Files that the system makes up (/proc) have no size but content.
      return { ok: true, value: { name: file, sizeBytes: size === 0 && bytesRead > 0 ? null : size, mime: null, head: buffer.subarray(0, bytesRead) } };
    } finally {
      await handle.close();
    }
  } catch (error) {
    return { ok: false, problem: problem('bad-file', `${file} ${words(error)}.`) };
  }
}

function words(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'does not exist';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read';
    default:
      return `cannot be read (${error instanceof Error ? error.message : String(error)})`;
  }
}
