import { fork as forkNode, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Electron from 'electron';
import { clone, type World } from './world.ts';

const preload = pathToFileURL(path.join(import.meta.dirname, 'utility-process-preload.mjs')).href;

/** A utility process as a test sees it. */
export interface UtilityControls {
  readonly modulePath: string;
  readonly options: Electron.ForkOptions;
  readonly process: ChildProcess;
  readonly ended: Promise<void>;
}

type Stdio = 'pipe' | 'ignore' | 'inherit';

/** Real processes of Node, with the surface of Electron's on both ends. */
export function createUtilityProcess(world: World) {
  const all: UtilityControls[] = [];
  const strayForks: string[] = [];

  function fork(modulePath: string, args: string[] = [], options: Electron.ForkOptions = {}): Electron.UtilityProcess {
    world.needReady('utilityProcess cannot be created before app is ready');
    if (typeof modulePath !== 'string') throw new Error('Missing UtilityProcess entry script.');
    if (options.serviceName !== undefined && typeof options.serviceName !== 'string') throw new Error('serviceName must be a string.');
    if (options.execArgv !== undefined && !Array.isArray(options.execArgv)) throw new Error('execArgv must be an array of strings.');
    const { stdio = 'inherit' } = options;
    const [input, out, err] = (Array.isArray(stdio) ? stdio : [stdio === 'pipe' ? 'ignore' : stdio, stdio, stdio]) as [Stdio, Stdio, Stdio];
    if (input === 'pipe') throw new Error('stdin value "pipe" is not supported');

    const emitter = new EventEmitter();
    const child = forkNode(modulePath, args, {
      execArgv: [...(options.execArgv ?? []), '--import', preload],
      env: options.env as NodeJS.ProcessEnv | undefined,
      cwd: options.cwd,
      stdio: ['ignore', out, err, 'ipc'],
      serialization: 'advanced',
    });
    let running = false;
    let gone = false;
    const end = (code: number): void => {
      if (gone) return;
      gone = true;
      running = false;
      emitter.emit('exit', code);
    };
    child.once('spawn', () => {
      running = true;
      emitter.emit('spawn');
    });
    child.once('error', () => {
      if (child.pid === undefined) end(1);
    });
    child.on('message', (message) => {
      if (typeof message === 'object' && 'forked' in message) strayForks.push(String(message.forked));
      else emitter.emit('message', (message as { value: unknown }).value);
    });
    // Electron has one number for both ways to end.
    child.once('exit', (code, signal) => end(code ?? (signal === null ? 1 : os.constants.signals[signal])));

    const methods = {
      // Known from `spawn` to `exit`, as in Electron.
      get pid() {
        return running ? child.pid : undefined;
      },
      stdout: child.stdout,
      stderr: child.stderr,
      postMessage: (message: unknown) => void (child.connected && child.send({ value: clone(message) }, () => undefined)),
      kill: () => !gone && child.kill('SIGTERM'),
    } satisfies Partial<Electron.UtilityProcess>;

    all.push({ modulePath, options, process: child, ended: new Promise((resolve) => (child.exitCode === null && child.signalCode === null ? emitter.once('exit', () => resolve()) : resolve())) });
    return Object.defineProperties(emitter, Object.getOwnPropertyDescriptors(methods)) as unknown as Electron.UtilityProcess;
  }

  const alive = () => all.filter((one) => one.process.pid !== undefined && one.process.exitCode === null && one.process.signalCode === null);
  return {
    utilityProcess: { fork } as unknown as typeof Electron.utilityProcess,
    /** Every one that was started. */
    processes: () => [...all],
    alive,
    /** What was started by Node's `fork` in a utility process: a packaged app would have started itself. */
    strayForks,
    /** What Electron does when its main process ends. */
    async endAll() {
      const left = alive();
      for (const one of left) one.process.kill('SIGKILL');
      await Promise.all(left.map((one) => one.ended));
    },
  };
}
