import os from 'node:os';
import type { ChildExit, ChildHandle, ForkChild } from '../airdock.ts';
import { childEnvironment } from '../child-environment.ts';
import type { ElectronParts } from './parts.ts';

const ERROR_TEXT_LIMIT = 8 * 1024;

/**
 * Starts a model's process as a utility process: with the fuse `runAsNode` off, Electron's binary is no Node, and `fork`
 * would start a second app. Only after `ready`.
 */
export function createUtilityFork(utilityProcess: Pick<ElectronParts['utilityProcess'], 'fork'>, env: NodeJS.ProcessEnv = process.env): ForkChild {
  return (entry) => {
    try {
      const child = utilityProcess.fork(entry, [], {
        serviceName: 'Airdock model',
        execArgv: [],
        env: childEnvironment(env) as Record<string, string>,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      return handleOf(child);
    } catch (error) {
      return stillborn(error instanceof Error ? error.message : String(error));
    }
  };
}

function handleOf(child: Electron.UtilityProcess): ChildHandle {
  let errors = '';
  // Electron forgets the number with the exit; it is asked for after that too.
  let pid: number | null = child.pid ?? null;
  let killed = false;
  let exit: ChildExit | null = null;
  const exitListeners: ((exit: ChildExit) => void)[] = [];
  const spawnListeners: ((pid: number) => void)[] = [];
  const note = (text: string): void => {
    errors = (errors + text).slice(-ERROR_TEXT_LIMIT);
  };
  const end = (): void => {
    // `kill` of Electron asks with SIGTERM; a process that is deep in native code is not asked.
    if (pid === null || exit !== null) return;
    if (process.platform === 'win32') return void child.kill();
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended in this moment.
    }
  };

  child.on('spawn', () => {
    pid = child.pid ?? null;
    if (killed) return end();
    if (pid !== null) for (const listener of spawnListeners.splice(0)) listener(pid);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => note(text));
  child.on('error', (type, location) => note(`${type} at ${location}\n`));
  child.on('exit', (code) => {
    if (exit) return;
    exit = exitOf(code);
    for (const listener of exitListeners.splice(0)) listener(exit);
  });

  return {
    get pid() {
      return pid;
    },
    onSpawn: (listener) => {
      const known = pid;
      if (known === null) spawnListeners.push(listener);
      else queueMicrotask(() => listener(known));
    },
    // What is sent before it has started waits for it; what is sent after its end is told of by `exit`.
    send: (message) => {
      if (exit === null) child.postMessage(message);
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void (exit ? listener(exit) : exitListeners.push(listener)),
    kill: () => {
      // Before it is there nobody can end it; then `spawn` does.
      killed = true;
      end();
    },
    errorText: () => errors,
  };
}

/** What cannot be started has ended already. */
function stillborn(text: string): ChildHandle {
  return {
    pid: null,
    onSpawn: () => undefined,
    send: () => undefined,
    onMessage: () => undefined,
    onExit: (listener) => listener({ code: null, signal: null }),
    kill: () => undefined,
    errorText: () => text,
  };
}

/** Signals that end a process, with the flag of a memory dump or without. Exit codes of these numbers hardly occur, and none of ours. */
const deadly = new Set(['SIGILL', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGKILL', 'SIGSEGV', 'SIGTERM']);

/** Electron gives one number for every way to end: on POSIX what `waitpid` says, where a signal is the number itself and a code stands eight bits higher. */
export function exitOf(code: number, platform: NodeJS.Platform = process.platform): ChildExit {
  if (platform === 'win32') return { code, signal: null };
  if (code > 0xff) return { code: (code >> 8) & 0xff, signal: null };
  const signal = Object.entries(os.constants.signals).find(([, number]) => number === (code & 0x7f))?.[0];
  return signal !== undefined && deadly.has(signal) ? { code: null, signal } : { code, signal: null };
}
