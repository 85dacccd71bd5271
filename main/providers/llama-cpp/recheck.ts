import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { problem } from '../../../contract/index.ts';
import type { Problem } from '../../../contract/index.ts';
import { readGguf } from './gguf/read.ts';
import type { LibraryModel } from './library.ts';

/**
 * Looks at a model's files once more right before a load: they may have vanished, been replaced by a link out of the
 * folder, or be half-way through a new download since they were listed. Null: nothing is wrong.
 */
export async function recheckFiles(model: LibraryModel): Promise<Problem | null> {
  if (model.problem) return model.problem;
  const root = await realpath(model.folder).catch(() => null);
  if (root === null) return problem('bad-file', `The folder ${model.folder} is no longer there.`, 'Connect the disk that it is on, or refresh the list.');
  for (const part of model.parts) {
    const name = path.basename(part.path);
    const target = await realpath(part.path).catch(() => null);
    if (target === null) return problem('bad-file', `${name} is no longer there.`, 'It was moved or deleted since it was listed; put it back, or refresh the list.');
    if (target !== part.path || !target.startsWith(root.endsWith(path.sep) ? root : root + path.sep)) {
      return problem('bad-file', `${name} now leads outside its folder and is not used.`, 'Put the file itself into the folder.');
    }
    const now = await stat(target).catch(() => null);
    if (now?.size === part.size && now.mtimeMs === part.mtimeMs) continue;
    const header = await readGguf(target);
    if (!header.ok) return header.problem;
    return problem('bad-file', `${name} has changed since it was listed.`, 'Try again in a moment, when the list is up to date.');
  }
  return null;
}
