import { createDarwinReader } from './darwin.ts';
import { createLinuxReader } from './linux.ts';
import type { MemoryReader } from './memory.ts';
import { type RunCommand, runCommand } from './run-command.ts';
import { createVramReader } from './vram.ts';
import { createWin32Reader } from './win32.ts';

export interface MemoryReaderOptions {
  /** Default: this computer's. */
  platform?: NodeJS.Platform;
  arch?: string;
  /** What stands for `/` when /proc and /sys are read. */
  root?: string;
  /** Ms since the epoch. */
  now?: () => number;
  run?: RunCommand;
}

/**
 * The reader for this operating system. Nothing in it throws or rejects: what cannot be read is absent, and a figure that
 * could not be brought up to date keeps the time of its last look. On a system other than Linux, macOS and Windows only
 * `os.freemem()` is known. Where each figure comes from: docs/memory.md.
 */
export function createMemoryReader(options: MemoryReaderOptions = {}): MemoryReader {
  const { platform = process.platform, arch = process.arch, root = '/', now = Date.now, run = runCommand } = options;
  const vram = createVramReader({ platform, arch, root, now, run });
  if (platform === 'linux') return createLinuxReader({ root, now, vram });
  if (platform === 'darwin') return createDarwinReader({ now, run, vram });
  return createWin32Reader({ now, vram });
}
