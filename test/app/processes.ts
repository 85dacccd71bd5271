import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A program that a test has started, and what it wrote. */
export interface Started {
  readonly pid: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly ended: Promise<Ended>;
  /** Resolves with the match as soon as standard output has it; rejects when the program ends without, or after 20 s. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  write(text: string): void;
  /** Nothing more is written to it. */
  endInput(): void;
  kill(signal: NodeJS.Signals): void;
  /** Sends a signal to it and all its children, as the Ctrl+C of a terminal does. Only for programs started with `ownGroup`. */
  killGroup(signal: NodeJS.Signals): void;
}

export interface StartOptions {
  env: NodeJS.ProcessEnv;
  cwd?: string;
  ownGroup?: boolean;
  /** Another user, where the tests run as root. */
  uid?: number;
}

/** Starts `node` with these arguments. */
export function startNode(args: readonly string[], { env, cwd, ownGroup = false, uid }: StartOptions): Started {
  const child = spawn(process.execPath, args, { env, cwd, detached: ownGroup, stdio: ['pipe', 'pipe', 'pipe'], ...(uid === undefined ? {} : { uid, gid: uid }) });
  const { pid } = child;
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const listener of listeners) listener();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // Writing to a program that has just ended is no fault of the test.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    // Not `exit`: what it wrote last may still be on its way.
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  if (pid === undefined) throw new Error(`node ${args.join(' ')} could not be started`);
  return {
    pid,
    ended,
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(stdout);
          if (match) settle(() => resolve(match));
        };
        const fail = (why: string): void => settle(() => reject(new Error(`${why} without saying ${String(pattern)}:\n${stdout}\n${stderr}`)));
        const limit = setTimeout(() => fail('20 s went by'), 20_000);
        const settle = (how: () => void): void => {
          clearTimeout(limit);
          listeners.delete(look);
          how();
        };
        listeners.add(look);
        void ended.then(({ code }) => fail(`It ended (${code})`));
        look();
      }),
    write: (text) => void child.stdin.write(text),
    endInput: () => void child.stdin.end(),
    kill: (signal) => void child.kill(signal),
    killGroup: (signal) => void process.kill(-pid, signal),
  };
}

/** Whether a process runs; one that has ended and was not yet waited for does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return process.platform !== 'linux' || !/^State:\s+[ZX]/m.test(read(`/proc/${pid}/status`));
}

/** Every process with this value of HOME: each test has a home of its own, so these are its own, whoever their parent is by now. Linux only. */
export function processesOfHome(home: string): number[] {
  if (process.platform !== 'linux') return [];
  const wanted = `\0HOME=${home}\0`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => `\0${read(`/proc/${pid}/environ`)}\0`.includes(wanted) && isAlive(pid));
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
