import { spawn, type ChildProcess } from 'node:child_process';
import type { Platform } from '../parts.ts';

export interface SleepDelayDeps {
  platform: Platform;
  env: NodeJS.ProcessEnv;
  /** Whether there is something to do before a sleep. */
  wanted(): boolean;
}

export interface SleepDelay {
  /** Asks the system to wait before it sleeps, where that is wanted and was not asked yet; or takes it back. */
  follow(): void;
  /** What had to be done is done: the computer may sleep. */
  release(): void;
}

/**
 * Linux waits for nobody by itself, and Electron's own delay ends with its listeners, before a model has left memory. So a program of
 * systemd holds one (5 s by default, the system's own limit). It ends with its input, hence with this process too, however that ends.
 */
export function createSleepDelay({ platform, env, wanted }: SleepDelayDeps): SleepDelay {
  let holder: ChildProcess | null = null;
  let missing = platform !== 'linux';

  function take(): void {
    if (holder || missing) return;
    const args = ['--what=sleep', '--mode=delay', '--who=Airdock', '--why=Models leave memory', 'cat'];
    const made = spawn('systemd-inhibit', args, { env, stdio: ['pipe', 'ignore', 'ignore'] });
    holder = made;
    // Without systemd, or refused by it: the computer sleeps when it likes.
    made.once('error', () => (missing = true));
    made.once('exit', () => {
      if (holder === made) holder = null;
    });
    made.stdin.on('error', () => undefined);
    made.unref();
  }

  function release(): void {
    holder?.stdin?.end();
    holder = null;
  }

  return { follow: () => (wanted() ? take() : release()), release };
}
