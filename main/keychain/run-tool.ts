import { execFile } from 'node:child_process';

export type ToolRun =
  | { kind: 'ended'; code: number; stdout: string; stderr: string }
  /** There is no such program. */
  | { kind: 'missing' }
  | { kind: 'late'; afterMs: number };

/** Runs a program without a shell. What is secret goes in by `input`: arguments and the environment can be read by others on the computer. */
export type RunTool = (program: string, args: readonly string[], options?: { input?: string; env?: Readonly<Record<string, string>>; signal?: AbortSignal | undefined }) => Promise<ToolRun>;

/** A locked keychain asks its owner first, who may have to look for the window. */
const WAIT_MS = 60_000;

export function createRunTool(env: Readonly<Record<string, string | undefined>>, waitMs = WAIT_MS): RunTool {
  return (program, args, { input = '', env: more = {}, signal } = {}) =>
    new Promise((resolve) => {
      try {
        const child = execFile(program, args, { env: { ...env, LC_ALL: 'C', ...more }, timeout: waitMs, killSignal: 'SIGKILL', windowsHide: true, ...(signal ? { signal } : {}) }, (error, stdout, stderr) => {
          if (error === null) return resolve({ kind: 'ended', code: 0, stdout, stderr });
          if (error.code === 'ENOENT') return resolve({ kind: 'missing' });
          if (error.killed) return resolve({ kind: 'late', afterMs: waitMs });
          resolve({ kind: 'ended', code: typeof error.code === 'number' ? error.code : -1, stdout, stderr });
        });
        // One that has ended before it read everything says why by its exit code.
        child.stdin?.on('error', () => undefined);
        child.stdin?.end(input);
      } catch {
        // spawn throws where the system has no process to give (EAGAIN, ENOMEM).
        resolve({ kind: 'ended', code: -1, stdout: '', stderr: '' });
      }
    });
}
