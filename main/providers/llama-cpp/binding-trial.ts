import childProcess from 'node:child_process';
import { EventEmitter } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';

/** What node-llama-cpp says to its trial process, and what that answers when all is well. */
const answers: Readonly<Record<string, string>> = { start: 'loaded', test: 'done' };

/**
 * node-llama-cpp first tries its binary in a process of its own, by `fork`. In Electron that starts the app a second time (the
 * fuse `runAsNode` is off), and the trial counts as failed. A model's process is such a trial already: a binary that crashes
 * takes nothing else with it. So there the trial passes without a process. Only for utility processes.
 */
export function passBindingTrial(): void {
  const trial = (): EventEmitter => {
    const emitter = new EventEmitter();
    // Never at once: nobody listens yet, or is in the middle of sending.
    const say = (type: string): void => void setImmediate(() => emitter.emit('message', { type }));
    say('ready');
    return Object.assign(emitter, {
      exitCode: null,
      killed: false,
      kill: () => true,
      send({ type }: { type: string }) {
        const answer = answers[type];
        if (answer !== undefined) say(answer);
        else setImmediate(() => emitter.emit('exit', 0));
        return true;
      },
    });
  };
  Object.assign(childProcess, { fork: trial });
  syncBuiltinESMExports();
}
