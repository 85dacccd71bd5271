import path from 'node:path';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { tempDir } from '../../../test/temp-dir.ts';
import { createLlamaLibrary } from './model-library.ts';
import type { LibraryModel } from './library.ts';

it('says whose files those are that it does not delete, and deletes its own', async () => {
  const root = await tempDir();
  const model = async (folder: string, name: string, sample = false): Promise<LibraryModel> => {
    await mkdir(path.join(root, folder), { recursive: true });
    const file = path.join(root, folder, `${name}.gguf`);
    await writeFile(file, 'x');
    return { name, file, folder: path.join(root, folder), sizeBytes: 1, parts: [{ path: file, size: 1, mtimeMs: 0 }], gguf: null, projector: null, sample, problem: null };
  };
  const models = [await model('own', 'mine'), await model('theirs', 'yours'), await model('samples', 'sample-small', true)];
  const library = createLlamaLibrary({ ownDirectory: path.join(root, 'own'), models: () => models, device: () => null });
  const why = async (name: string) => {
    const deleted = await library.delete(name);
    return deleted.ok ? null : deleted.problem.message;
  };
  expect(['mine', 'yours', 'gone'].map((name) => library.folderOf?.(name))).toEqual([path.join(root, 'own'), path.join(root, 'theirs'), null]);
  expect(await why('yours')).toBe('yours lies in a folder of your own, which Airdock leaves alone.');
  expect(await why('sample-small')).toBe("sample-small is a sample model of Airdock's, which is not deleted by itself.");
  expect(await why('mine')).toBeNull();
  expect((await Promise.all(['own', 'theirs', 'samples'].map((folder) => readdir(path.join(root, folder))))).map((files) => files.length)).toEqual([0, 1, 1]);
});
