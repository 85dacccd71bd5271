import { existsSync, readFileSync, renameSync } from 'node:fs';
import type { z } from 'zod';
import { type Problem, problem } from '../../contract/index.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { createDebouncedWriter, type DebouncedWriter } from './debounced-writer.ts';

export interface LearningFileOptions<T> {
  /** A JSON file in an existing folder. */
  file: string;
  schema: z.ZodType<T>;
  /** Ms since the epoch. */
  now: () => number;
  /** A file that was set aside, or cannot be written. Called at most once per cause. */
  onProblem: (problem: Problem) => void;
  words: {
    /** What is lost while the file can be neither read nor moved, as in “what models take is not remembered”. */
    notRemembered: string;
    /** What a damaged file costs, as in “What models take had to be learned anew”. */
    anew: string;
  };
  writeAfterMs: number;
  /** Asked for what is to be written when it is written. */
  next: () => T;
}

/**
 * A file of what was learned. `content` null: there is nothing that could be read. One that is damaged, or of a newer Airdock, is
 * moved to `<file>.broken-<time>`, and learning starts again.
 */
export function openLearningFile<T>({ file, schema, now, onProblem, words, writeAfterMs, next }: LearningFileOptions<T>): { content: T | null; writer: DebouncedWriter } {
  const { content, writable } = read(file, schema, { now, onProblem, words });
  let lastCause: string | null = null;
  const write = async (): Promise<void> => {
    if (writable) await writeFileAtomic(file, JSON.stringify(next()), { mode: 0o600 });
    lastCause = null;
  };
  const writer = createDebouncedWriter(write, writeAfterMs, (error) => {
    const found = writeProblem(file, error);
    if (found.message !== lastCause) onProblem(found);
    lastCause = found.message;
  });
  return { content, writer };
}

function read<T>(file: string, schema: z.ZodType<T>, { now, onProblem, words }: Pick<LearningFileOptions<T>, 'now' | 'onProblem' | 'words'>): { content: T | null; writable: boolean } {
  try {
    return { content: schema.parse(JSON.parse(readFileSync(file, 'utf8'))), writable: true };
  } catch {
    if (!existsSync(file)) return { content: null, writable: true };
  }
  const aside = `${file}.broken-${new Date(now()).toISOString().replace(/[-:.]/g, '')}`;
  try {
    renameSync(file, aside);
  } catch {
    // Rather learn nothing lasting than write over a file that could be neither read nor moved.
    onProblem(problem('bad-file', `${file} could not be read, so ${words.notRemembered}.`, 'Check the permissions of the file and its folder, then start Airdock again.'));
    return { content: null, writable: false };
  }
  onProblem(problem('bad-file', `${words.anew}: ${file} was damaged.`, `The old file is kept as ${aside}.`));
  return { content: null, writable: true };
}

function writeProblem(file: string, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOSPC' || code === 'EDQUOT') return problem('disk-full', `The disk is full: ${file} could not be written.`, 'Free some space; Airdock tries again with the next change.');
  return problem('internal', `${file} could not be written${typeof code === 'string' ? ` (${code})` : ''}.`, 'Check the permissions of the file and its folder.');
}
