import path from 'node:path';
import type { FolderView, Problem } from '../../../contract/index.ts';
import type { GgufInfo } from './gguf/read.ts';
import { createHeaderCache } from './header-cache.ts';
import type { KnownFolder } from './known-folders.ts';
import { pairProjectors } from './projectors.ts';
import type { Projector } from './projectors.ts';
import { groupShards } from './shards.ts';
import type { ModelFiles } from './shards.ts';
import { walkFolder } from './walk.ts';
import type { ListFolder } from './walk.ts';

/** One model on disk that can be named and, unless `problem` says why not, loaded. */
export interface LibraryModel {
  /** Unique among the library's models. */
  name: string;
  /** File to load: the first part of a split model, links resolved. */
  file: string;
  /** Folder that it was found in; it may not lead out of it. */
  folder: string;
  /** Bytes of all parts. */
  sizeBytes: number;
  /** Every file of it, as it was when its header was read. */
  parts: readonly { path: string; size: number; mtimeMs: number }[];
  gguf: GgufInfo | null;
  /** The file beside it with which it reads images; not a model of its own. */
  projector: Projector | null;
  sample: boolean;
  problem: Problem | null;
}

export interface Library {
  models: LibraryModel[];
  folders: FolderView[];
}

export interface LibraryOptions {
  samplesDir: string;
  /** Airdock's own folder; may not exist yet. */
  ownDir: string;
  /** Folders that the user named. */
  directories(): readonly string[];
  /** Folders of other programs that exist. */
  known(): Promise<readonly KnownFolder[]>;
  list?: ListFolder;
}

/** Looks for models in the configured folders and the samples' own. Other programs' folders are only counted until they are configured. */
export function createLibrary({ samplesDir, ownDir, directories, known, list }: LibraryOptions): { scan(): Promise<Library> } {
  const headers = createHeaderCache();

  const readModel = async (files: ModelFiles, folder: string, origin: FolderView['origin']): Promise<LibraryModel | Projector | null> => {
    const base = {
      name: files.baseName,
      file: files.lead.realPath,
      folder,
      sizeBytes: files.parts.reduce((sum, part) => sum + part.size, 0),
      parts: files.parts.map((part) => ({ path: part.realPath, size: part.size, mtimeMs: part.mtimeMs })),
      projector: null,
      sample: false,
    };
    if (files.problem) return { ...base, gguf: null, problem: files.problem };
    const [lead, ...others] = await Promise.all(files.parts.map((part) => headers.read(part)));
    if (!lead) return null;
    const broken = [lead, ...others].find((result) => !result.ok);
    if (!lead.ok || broken) return { ...base, gguf: null, problem: broken && !broken.ok ? broken.problem : null };
    if (lead.gguf.role === 'projector') return { path: base.file, bytes: base.sizeBytes };
    if (lead.gguf.role !== 'model') return null;
    const gguf = others.reduce((sum, part) => (part.ok ? addPart(sum, part.gguf) : sum), lead.gguf);
    return { ...base, gguf, sample: origin === 'samples' && lead.gguf.sample, problem: null };
  };

  return {
    async scan() {
      const models = new Map<string, LibraryModel>();
      const folders: FolderView[] = [];
      const seen = new Set<string>();
      const look = async (folder: string, label: string, origin: FolderView['origin']): Promise<void> => {
        const resolved = path.resolve(folder);
        if (seen.has(resolved)) return;
        seen.add(resolved);
        const walked = await walkFolder(resolved, list);
        const groups = groupShards(walked.files);
        const view: FolderView = { path: resolved, label, origin, used: origin !== 'found', models: groups.length, problem: walked.problem };
        // Before samples were made their folder does not exist, and that is no problem to tell of.
        if ((origin === 'samples' || origin === 'own') && groups.length === 0) return;
        if (origin !== 'found') {
          const read = await inBatches(groups, (group) => readModel(group, resolved, origin));
          const projectors = read.filter((one) => one !== null && 'path' in one);
          const found = read.filter((one) => one !== null && 'file' in one);
          const pairs = pairProjectors(found, projectors);
          const usable = found.map((model) => ({ ...model, projector: pairs.get(model.file) ?? null }));
          view.models = usable.length;
          for (const model of usable) if (!models.has(model.file)) models.set(model.file, model);
        }
        folders.push(view);
      };
      await look(samplesDir, 'Samples', 'samples');
      await look(ownDir, 'Airdock', 'own');
      for (const folder of directories()) await look(folder, path.basename(folder) || folder, 'configured');
      for (const { path: folder, label } of await known()) await look(folder, label, 'found');
      headers.sweep();
      return { models: giveNames([...models.values()]), folders };
    },
  };
}

/** Adds up what a later part of a split model holds. */
function addPart(sum: GgufInfo, part: GgufInfo): GgufInfo {
  return {
    ...sum,
    tensorBytes: sum.tensorBytes + part.tensorBytes,
    repackedBytes: sum.repackedBytes + part.repackedBytes,
    parameters: sum.parameters + part.parameters,
    fileBytes: sum.fileBytes + part.fileBytes,
  };
}

/** Models with the same file name are told apart by their folder, and if need be by a number. */
function giveNames(models: LibraryModel[]): LibraryModel[] {
  const count = (names: string[]) => names.reduce((counts, name) => counts.set(name, (counts.get(name) ?? 0) + 1), new Map<string, number>());
  const plain = count(models.map((model) => model.name));
  const used = new Set<string>();
  return models.map((model) => {
    const wanted = (plain.get(model.name) ?? 0) > 1 ? `${path.basename(path.dirname(model.file))}/${model.name}` : model.name;
    let name = wanted;
    for (let number = 2; used.has(name); number++) name = `${wanted} (${number})`;
    used.add(name);
    return { ...model, name };
  });
}

/** A few files at a time: enough to keep a disk busy, not enough to run out of handles. */
async function inBatches<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += 8) results.push(...(await Promise.all(items.slice(start, start + 8).map(work))));
  return results;
}
