import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { problem, type Outcome } from '../../contract/index.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import type { Action } from './steps.ts';

const LIMIT_MS = 30_000;

/** Runs a program without a shell; its output, or why there is none. */
export type Run = (argv: readonly [string, ...string[]]) => Promise<Outcome<string>>;

export const runProgram: Run = ([program, ...args]) =>
  new Promise((resolve) => {
    execFile(program, args, { timeout: LIMIT_MS, windowsHide: true, encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error === null) return resolve({ ok: true, value: stdout });
      const words = stderr.trim().split('\n').at(-1) || error.message;
      resolve({ ok: false, problem: problem('internal', `"${[program, ...args].join(' ')}" failed: ${words}`) });
    });
  });

/** One after the other, until one fails. */
export async function doAll(actions: readonly Action[], run: Run): Promise<Outcome<null>> {
  for (const action of actions) {
    if (action.kind === 'run') {
      const ran = await run(action.argv);
      if (!ran.ok) return ran;
      continue;
    }
    try {
      if (action.kind === 'remove') await rm(action.file, { force: true });
      else {
        await mkdir(path.dirname(action.file), { recursive: true });
        await writeFileAtomic(action.file, action.content);
      }
    } catch (error) {
      return { ok: false, problem: problem('bad-folder', `${action.file} cannot be ${action.kind === 'write' ? 'written' : 'removed'}: ${(error as Error).message}`) };
    }
  }
  return { ok: true, value: null };
}
