import type { ProblemCode } from '../../contract/index.ts';

/** The `code` of a system error ("ENOSPC"), or an empty string. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const words: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'this user has no permission',
  EPERM: 'this user has no permission',
  EROFS: 'it is read-only',
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of its path is not a folder',
  EEXIST: 'a file of that name is in the way',
  EISDIR: 'it is a folder',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ELOOP: 'its links lead in a circle',
  EIO: 'the disk reports an error',
};

/** A file system error as a problem code and half a sentence ("the disk is full"). */
export function describeFileError(error: unknown): { code: ProblemCode; words: string } {
  const code = errorCode(error);
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return { code: full ? 'disk-full' : 'bad-folder', words: words[code] ?? (error instanceof Error ? error.message : String(error)) };
}
