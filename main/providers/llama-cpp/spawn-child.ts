import { fork } from 'node:child_process';
import { childEnvironment } from '../../child-environment.ts';
import type { ToChild } from './messages.ts';

/** How a child ended. */
export interface ChildExit {
  code: number | null;
  signal: string | null;
}

/** A process that holds one model, however it was started. */
export interface ChildHandle {
  /** Null where it could not be started (`onExit` follows), and while it is not yet known. */
  readonly pid: number | null;
  /** Called once, when the process is there; never before the caller has had its say, so that what it has just made can be found. */
  onSpawn(listener: (pid: number) => void): void;
  send(message: ToChild): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, after the process has ended and its memory is back. */
  onExit(listener: (exit: ChildExit) => void): void;
  /** Ends it without asking. */
  kill(): void;
  /** The last few KB that it wrote to standard error. */
  errorText(): string;
}

/** Starts a child from its built entry file. In Electron this is a utility process. */
export type ForkChild = (entry: string) => ChildHandle;

const ERROR_TEXT_LIMIT = 8 * 1024;

/** Starts a child with Node's `fork`. It ends when this process does: its channel closes. */
export function forkNodeChild(entry: string): ChildHandle {
  const child = fork(entry, [], {
    execArgv: [],
    env: childEnvironment(process.env),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'json',
  });
  let errors = '';
  let exit: ChildExit | null = null;
  const exitListeners: ((exit: ChildExit) => void)[] = [];
  const ended = (how: ChildExit) => {
    if (exit) return;
    exit = how;
    for (const listener of exitListeners) listener(how);
  };
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-ERROR_TEXT_LIMIT);
  });
  child.once('exit', (code, signal) => ended({ code, signal }));
  child.once('error', (error) => {
    errors = `${errors}${error.message}\n`;
    if (child.pid === undefined) ended({ code: null, signal: null });
  });
  return {
    pid: child.pid ?? null,
    onSpawn: (listener) => {
      const { pid } = child;
      if (pid !== undefined) queueMicrotask(() => listener(pid));
    },
    // A child that has just died is told of by `exit`; the failed send adds nothing.
    send: (message) => void child.send(message, () => undefined),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void (exit ? listener(exit) : exitListeners.push(listener)),
    kill: () => void child.kill('SIGKILL'),
    errorText: () => errors,
  };
}
