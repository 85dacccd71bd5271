import path from 'node:path';
import { end } from './airdock.ts';
import { root } from './build-app.ts';
import type { Place, Test } from './place.ts';
import { startNode, type Started } from './processes.ts';

const program = path.join(root, 'dist/main/cli.js');

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The command line on this place's Airdock; it finds it by AIRDOCK_DATA_DIR. */
export interface CommandLine {
  /** Runs one to its end, with this as its input. */
  run(args: readonly string[], input?: string): Promise<Ran>;
  /** Runs one that has to succeed, and reads its one JSON document. */
  json<T = Record<string, unknown>>(...args: string[]): Promise<T>;
  start(args: readonly string[]): Started;
}

export function commandLine(test: Test, place: Place): CommandLine {
  const start = (args: readonly string[]): Started => {
    const started = startNode([program, ...args], { env: place.env });
    test.onTestFinished(() => end(started));
    return started;
  };
  const run: CommandLine['run'] = async (args, input = '') => {
    const started = start(args);
    started.write(input);
    started.endInput();
    const { code } = await started.ended;
    return { code, stdout: started.stdout, stderr: started.stderr };
  };
  return {
    start,
    run,
    async json<T>(...args: string[]) {
      const { code, stdout, stderr } = await run([...args, '--json']);
      if (code !== 0 || stderr !== '') throw new Error(`airdock ${args.join(' ')} ended with ${code}: ${stderr}`);
      return JSON.parse(stdout) as T;
    },
  };
}
