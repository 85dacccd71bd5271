import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { problem } from '../../../contract/index.ts';
import type { Problem } from '../../../contract/index.ts';

const MAX_DEPTH = 6;
const MAX_ENTRIES = 20_000;

/** A file whose name ends in .gguf. */
export interface GgufFile {
  /** As found. */
  path: string;
  /** With links resolved; the same as `path` where it could not be. */
  realPath: string;
  size: number;
  mtimeMs: number;
  problem: Problem | null;
}

export interface Walked {
  files: GgufFile[];
  /** What is wrong with the folder itself, or with a part of it. */
  problem: Problem | null;
}

/** Reading of a folder's entries; injected so that a test can refuse it. */
export type ListFolder = (folder: string) => Promise<{ name: string; isDirectory(): boolean; isSymbolicLink(): boolean }[]>;

const listFolder: ListFolder = (folder) => readdir(folder, { withFileTypes: true });

/**
 * Finds GGUF files below a folder, six levels deep. Links are followed only to places inside the folder, so that adding
 * a folder can never expose another one. Files and folders that vanish meanwhile are passed over.
 */
export async function walkFolder(folder: string, list: ListFolder = listFolder): Promise<Walked> {
  const files: GgufFile[] = [];
  let trouble: Problem | null = null;
  let entries = 0;

  let root: string;
  try {
    root = await realpath(folder);
  } catch (error) {
    return { files, problem: folderProblem(folder, error) };
  }
  const inside = (target: string) => target === root || target.startsWith(root.endsWith(path.sep) ? root : root + path.sep);

  const visit = async (current: string, depth: number): Promise<void> => {
    let found: Awaited<ReturnType<ListFolder>>;
    try {
      found = await list(current);
    } catch (error) {
      if (current === root || codeOf(error) !== 'ENOENT') trouble ??= folderProblem(current === root ? folder : current, error);
      return;
    }
    // The order of a listing differs between file systems; names and ids must not.
    for (const entry of found.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (++entries > MAX_ENTRIES) {
        trouble ??= problem('bad-folder', `${folder} holds more than ${MAX_ENTRIES} files; only the first of them were looked at.`, 'Name the folder that has the models in it.');
        return;
      }
      const at = path.join(current, entry.name);
      if (entry.isDirectory()) {
        if (depth < MAX_DEPTH) await visit(at, depth + 1);
      } else if (isGguf(entry.name)) {
        const file = await lookAt(at, inside);
        if (file) files.push(file);
      } else if (entry.isSymbolicLink() && (await leadsOutToFolder(at, inside))) {
        trouble ??= problem('bad-folder', `${at} is a link to a folder outside ${folder} and was not followed.`, 'Add the folder that it leads to, if its models are wanted.');
      }
    }
  };
  await visit(root, 1);
  return { files, problem: trouble };
}

function isGguf(name: string): boolean {
  // Files beginning with "._" are macOS's notes about a file on a foreign disk.
  return name.toLowerCase().endsWith('.gguf') && !name.startsWith('._');
}

async function lookAt(at: string, inside: (target: string) => boolean): Promise<GgufFile | null> {
  const unusable = (why: Problem): GgufFile => ({ path: at, realPath: at, size: 0, mtimeMs: 0, problem: why });
  let target: string;
  try {
    target = await realpath(at);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return (await isLink(at)) ? unusable(problem('bad-file', `${path.basename(at)} is a link to a file that is not there.`, 'Remove the link, or put the file back.')) : null;
    return unusable(problem('bad-file', `${path.basename(at)} is a link that leads nowhere.`, 'Remove the link.'));
  }
  if (!inside(target)) {
    return unusable(problem('bad-file', `${path.basename(at)} is a link to a place outside its folder and is not used.`, `Add the folder ${path.dirname(target)} instead.`));
  }
  try {
    const { size, mtimeMs, isFile } = await statOf(target);
    return isFile ? { path: at, realPath: target, size, mtimeMs, problem: null } : null;
  } catch {
    return null;
  }
}

async function statOf(file: string): Promise<{ size: number; mtimeMs: number; isFile: boolean }> {
  const found = await stat(file);
  return { size: found.size, mtimeMs: found.mtimeMs, isFile: found.isFile() };
}

async function isLink(at: string): Promise<boolean> {
  // A vanished file has no entry any more; a broken link still has one.
  return lstat(at).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
}

async function leadsOutToFolder(at: string, inside: (target: string) => boolean): Promise<boolean> {
  try {
    const target = await realpath(at);
    return !inside(target) && (await stat(target)).isDirectory();
  } catch {
    return false;
  }
}

function folderProblem(folder: string, error: unknown): Problem {
  switch (codeOf(error)) {
    case 'ENOENT':
      return problem('bad-folder', `The folder ${folder} is not there.`, 'Create it, connect the disk that it is on, or remove it from the list.');
    case 'ENOTDIR':
      return problem('bad-folder', `${folder} is a file, not a folder.`, 'Name the folder that the file is in.');
    case 'EACCES':
    case 'EPERM':
      return problem('bad-folder', `The folder ${folder} may not be read by this user.`, 'Change its permissions, or remove it from the list.');
    default:
      return problem('bad-folder', `The folder ${folder} could not be read (${codeOf(error) ?? 'unknown error'}).`, 'Check the disk that it is on.');
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
