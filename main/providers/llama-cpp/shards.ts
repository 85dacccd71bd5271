import path from 'node:path';
import { problem } from '../../../contract/index.ts';
import type { Problem } from '../../../contract/index.ts';
import type { GgufFile } from './walk.ts';

/** One model on disk: a file, or the parts of a split one with the first part leading. */
export interface ModelFiles {
  lead: GgufFile;
  /** All parts with the lead, in order. */
  parts: GgufFile[];
  /** File name without ending and part number. */
  baseName: string;
  problem: Problem | null;
}

/** llama.cpp's naming of split files (`llama_split_path`): name-00001-of-00003.gguf. */
const shardName = /^(.+)-(\d{5})-of-(\d{5})\.gguf$/i;

/** Puts the parts of split models together. A model with a missing part is kept, with its problem. */
export function groupShards(files: readonly GgufFile[]): ModelFiles[] {
  const models: ModelFiles[] = [];
  const split = new Map<string, { total: number; parts: Map<number, GgufFile> }>();
  for (const file of files) {
    const name = path.basename(file.path);
    const match = shardName.exec(name);
    if (!match) {
      models.push({ lead: file, parts: [file], baseName: name.slice(0, -'.gguf'.length), problem: file.problem });
      continue;
    }
    const total = Number(match[3]);
    const key = path.join(path.dirname(file.path), `${match[1]}\0${total}`);
    const group = split.get(key) ?? { total, parts: new Map<number, GgufFile>() };
    group.parts.set(Number(match[2]), file);
    split.set(key, group);
  }
  for (const [key, { total, parts }] of split) {
    const ordered = [...parts].sort(([a], [b]) => a - b).map(([, file]) => file);
    const lead = ordered[0];
    if (!lead) continue;
    const baseName = path.basename(key).split('\0')[0] ?? '';
    const unusable = ordered.find((file) => file.problem !== null)?.problem ?? null;
    models.push({ lead, parts: ordered, baseName, problem: unusable ?? missingPart(baseName, total, parts) });
  }
  return models;
}

function missingPart(name: string, total: number, parts: ReadonlyMap<number, unknown>): Problem | null {
  for (let number = 1; number <= total; number++) {
    if (!parts.has(number)) return problem('bad-file', `${name} is split into ${total} files, and part ${number} is missing.`, 'Download the missing part into the same folder.');
  }
  return null;
}
