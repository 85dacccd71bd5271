import { type ChildProcessByStdio, spawn } from 'node:child_process';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';

type Shell = ChildProcessByStdio<Writable, Readable, null>;

export interface PowerShell {
  /** The output of one line of PowerShell; null where it cannot run or does not answer in time. One at a time, in order. */
  ask(line: string, timeoutMs: number): Promise<string | null>;
  /** Ends the process; the next `ask` starts another. */
  close(): void;
}

/** A PowerShell that stays open: starting one takes 0.3 s and more, a question to one that runs some 20 ms. */
export function createPowerShell(start: () => Shell = startPowerShell): PowerShell {
  let shell: Shell | null = null;
  let count = 0;
  let queue: Promise<unknown> = Promise.resolve();

  const close = () => {
    shell?.kill();
    shell = null;
  };

  const open = () => {
    const child = guarded(start());
    child.once('close', () => {
      if (shell === child) shell = null;
    });
    shell = child;
    return child;
  };

  const askNow = (line: string, timeoutMs: number) =>
    new Promise<string | null>((resolve) => {
      const running = shell ?? open();
      const end = `airdock-end-${(count += 1)}`;
      let output = '';
      const finish = (answer: string | null) => {
        clearTimeout(timer);
        running.stdout.off('data', onData);
        running.off('close', onClose);
        running.off('error', onClose);
        if (answer === null && shell === running) close();
        resolve(answer);
      };
      const onData = (chunk: string) => {
        output += chunk;
        const at = output.indexOf(end);
        if (at >= 0) finish(output.slice(0, at));
      };
      const onClose = () => finish(null);
      const timer = setTimeout(onClose, timeoutMs);
      running.stdout.on('data', onData);
      running.once('close', onClose);
      running.once('error', onClose);
      running.stdin.write(`${line}; '${end}'\r\n`);
    });

  return {
    ask(line, timeoutMs) {
      const answer = queue.then(() => askNow(line, timeoutMs));
      queue = answer;
      return answer;
    },
    close,
  };
}

/** A failed start and a broken pipe are both seen by whoever asks, as `close` or `error` of the process. */
function guarded(child: Shell): Shell {
  child.stdout.setEncoding('utf8');
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  return child;
}

function startPowerShell(): Shell {
  const program = path.win32.join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
  return spawn(program, ['-NoProfile', '-NoLogo', '-NonInteractive', '-Command', '-'], { stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true });
}
