import { execFile } from 'node:child_process';

/** Runs a program without a shell and resolves with what it printed; null where it is missing, fails or takes longer than `timeoutMs`. */
export type RunCommand = (file: string, args: readonly string[], timeoutMs: number) => Promise<string | null>;

export const runCommand: RunCommand = (file, args, timeoutMs) =>
  new Promise((resolve) => {
    const env = { ...process.env, LC_ALL: 'C' };
    // A tool that waits for a broken driver ignores SIGTERM.
    const options = { timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 16 * 1024 * 1024, windowsHide: true, env } as const;
    try {
      execFile(file, args, options, (error, stdout) => resolve(error === null ? stdout : null));
    } catch {
      // spawn throws where the system has no process to give (EAGAIN, ENOMEM).
      resolve(null);
    }
  });
