import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLibrary } from './library.ts';
import type { LibraryOptions } from './library.ts';
import { layOutSample } from './sample-model.ts';
import type { SampleShape } from './sample-model.ts';
import type { GgufValue } from './gguf/write.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'airdock-library-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const shape: SampleShape = { name: 'x', layers: 1, embedding: 64, feedForward: 64, heads: 2, kvHeads: 1, contextLength: 512, seed: 1 };

async function put(file: string, extra: Record<string, GgufValue> = {}): Promise<string> {
  const at = path.join(root, file);
  const layout = layOutSample(shape, { extra });
  const whole = new Uint8Array(layout.totalBytes);
  whole.set(layout.header);
  await mkdir(path.dirname(at), { recursive: true });
  await writeFile(at, whole);
  return at;
}

function libraryOf(options: Partial<LibraryOptions> = {}) {
  return createLibrary({ samplesDir: path.join(root, 'samples'), ownDir: path.join(root, 'own'), directories: () => [path.join(root, 'models')], known: async () => [], ...options });
}

const names = (models: readonly { name: string }[]) => models.map((model) => model.name);
const projector = { type: 'string', value: 'mmproj' } as const;

describe('the library', () => {
  it('finds models in folders below, and hides what is only a part of one', async () => {
    await put('models/one.gguf');
    await put('models/maker/two/two.GGUF');
    await put('models/maker/two/mmproj-two.gguf', { 'general.type': projector });
    await put('models/1/2/3/4/5/six-levels.gguf');
    await put('models/1/2/3/4/5/6/too-deep.gguf');
    await writeFile(path.join(root, 'models/readme.txt'), 'no model');
    await writeFile(path.join(root, 'models/._one.gguf'), 'a note of macOS');
    const { models, folders } = await libraryOf().scan();
    expect(names(models)).toEqual(['six-levels', 'two', 'one']);
    expect(models.map((model) => model.projector && path.basename(model.projector.path))).toEqual([null, 'mmproj-two.gguf', null]);
    expect(folders).toEqual([{ path: path.join(root, 'models'), label: 'models', origin: 'configured', used: true, models: 3, problem: null }]);
  });

  it('shows a split model once, with the size of all its parts', async () => {
    const split = { 'split.count': { type: 'uint32', value: 2 } } as const;
    const first = await put('models/big-00001-of-00002.gguf', split);
    await put('models/big-00002-of-00002.gguf', split);
    await put('models/part-00002-of-00003.gguf');
    const { models } = await libraryOf().scan();
    expect(names(models)).toEqual(['big', 'part']);
    expect(models[0]).toMatchObject({ file: first, problem: null, sizeBytes: 2 * (models[0]?.parts[0]?.size ?? 0) });
    expect(models[0]?.gguf?.fileBytes).toBe(models[0]?.sizeBytes);
    expect(models[1]?.problem).toMatchObject({ code: 'bad-file', message: 'part is split into 3 files, and part 1 is missing.' });
  });

  it('refuses a split model whose later part is broken', async () => {
    await put('models/big-00001-of-00002.gguf', { 'split.count': { type: 'uint32', value: 2 } });
    await writeFile(path.join(root, 'models', 'big-00002-of-00002.gguf'), 'half a download');
    expect((await libraryOf().scan()).models).toMatchObject([{ name: 'big', problem: { code: 'bad-file', message: expect.stringContaining('big-00002-of-00002.gguf') } }]);
  });

  it('tells models with the same file name apart by their folder', async () => {
    await put('models/a/model.gguf');
    await put('models/b/model.gguf');
    await put('models/c/b/model.gguf');
    expect(names((await libraryOf().scan()).models)).toEqual(['a/model', 'b/model', 'b/model (2)']);
  });

  it('counts a file once, however many names and folders lead to it', async () => {
    const real = await put('models/real.gguf');
    await symlink(real, path.join(root, 'models', 'alias.gguf'));
    const { models } = await libraryOf({ directories: () => [path.join(root, 'models'), path.join(root, 'models', '.')] }).scan();
    expect(models).toMatchObject([{ name: 'alias', file: real }]);
  });

  it('follows no link out of the folder, and says so', async () => {
    const outside = await put('elsewhere/secret.gguf');
    await put('models/fine.gguf');
    await symlink(outside, path.join(root, 'models', 'link.gguf'));
    await symlink(path.join(root, 'gone.gguf'), path.join(root, 'models', 'broken.gguf'));
    await symlink(path.dirname(outside), path.join(root, 'models', 'away'));
    const { models, folders } = await libraryOf().scan();
    expect(models.map((model) => [model.name, model.problem?.message])).toEqual([
      ['broken', 'broken.gguf is a link to a file that is not there.'],
      ['fine', undefined],
      ['link', 'link.gguf is a link to a place outside its folder and is not used.'],
    ]);
    expect(folders[0]?.problem).toMatchObject({ code: 'bad-folder', message: expect.stringContaining('away is a link to a folder outside') });
  });

  it('is not fooled by a folder whose name begins like the configured one', async () => {
    const outside = await put('models-private/secret.gguf');
    await mkdir(path.join(root, 'models'));
    await symlink(outside, path.join(root, 'models', 'link.gguf'));
    expect((await libraryOf().scan()).models[0]?.problem?.code).toBe('bad-file');
  });

  it('says what is wrong with a folder', async () => {
    await writeFile(path.join(root, 'file'), '');
    await mkdir(path.join(root, 'closed'));
    const refused = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    const { folders } = await libraryOf({
      directories: () => ['none', 'file', 'closed'].map((name) => path.join(root, name)),
      list: (folder) => Promise.reject(folder.endsWith('closed') ? refused : Object.assign(new Error('ENOTDIR'), { code: 'ENOTDIR' })),
    }).scan();
    expect(folders.map((folder) => folder.problem?.message)).toEqual([
      `The folder ${root}/none is not there.`,
      `${root}/file is a file, not a folder.`,
      `The folder ${root}/closed may not be read by this user.`,
    ]);
  });

  it('only counts the models of other programs until their folder is configured', async () => {
    await put('lmstudio/maker/model.gguf');
    const known = async () => [{ path: path.join(root, 'lmstudio'), label: 'LM Studio' }];
    const found = await libraryOf({ directories: () => [], known }).scan();
    expect(found.models).toEqual([]);
    expect(found.folders).toMatchObject([{ label: 'LM Studio', origin: 'found', used: false, models: 1 }]);
    const used = await libraryOf({ directories: () => [path.join(root, 'lmstudio')], known }).scan();
    expect(names(used.models)).toEqual(['model']);
    expect(used.folders).toMatchObject([{ origin: 'configured', used: true }]);
  });

  it('marks as samples only what lies in the samples folder', async () => {
    await put('samples/sample-small.gguf');
    await put('models/copy.gguf');
    const { models, folders } = await libraryOf().scan();
    expect(models.map((model) => [model.name, model.sample])).toEqual([['sample-small', true], ['copy', false]]);
    expect(folders.map((folder) => folder.origin)).toEqual(['samples', 'configured']);
  });

  it('reads a header again when the file has changed', async () => {
    const file = await put('models/model.gguf');
    const library = libraryOf();
    expect((await library.scan()).models[0]?.problem).toBeNull();
    await writeFile(`${file}.new`, 'not a model');
    await rename(`${file}.new`, file);
    expect((await library.scan()).models[0]?.problem?.code).toBe('bad-file');
    await put('models/model.gguf');
    await utimes(file, 1, 1);
    expect((await library.scan()).models[0]?.problem).toBeNull();
    // Some programs set the time of a download to the server's: then only the size tells.
    await writeFile(file, 'not a model either');
    await utimes(file, 1, 1);
    expect((await library.scan()).models[0]?.problem?.code).toBe('bad-file');
  });
});
